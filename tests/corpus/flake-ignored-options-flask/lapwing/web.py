import os

from flask import Flask

app = Flask(__name__)


@app.get("/")
def next_ferry():
    return f"08:40, pier 2. Questions: {os.environ.get('LAPWING_OPERATOR', 'nobody')}\n"


def main():
    from waitress import serve

    serve(app, host="0.0.0.0", port=int(os.environ.get("LAPWING_PORT", "8091")))
