import os

from bottle import Bottle, abort
from waitress import serve

app = Bottle()
SUNDAYS = {"advent-1": ["Veni, veni", "Rorate"], "advent-2": ["Populus Sion"]}


@app.get("/<sunday>")
def programme(sunday):
    if sunday not in SUNDAYS:
        abort(404, "nothing is planned yet")
    return {"sunday": sunday, "pieces": SUNDAYS[sunday]}


def main():
    serve(app, host="0.0.0.0", port=int(os.environ.get("PORT", "8080")))
