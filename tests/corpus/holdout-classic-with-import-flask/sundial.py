import datetime
import tomllib

from astral import LocationInfo
from astral.sun import sun
from flask import Flask, abort, render_template

app = Flask(__name__)

with open("places.toml", "rb") as file:
    PLACES = tomllib.load(file)


@app.route("/<name>")
def day(name):
    if name not in PLACES:
        abort(404)
    place = LocationInfo(name, **PLACES[name])
    hours = sun(place.observer, date=datetime.date.today())
    return render_template("day.html", place=place, hours=hours)


if __name__ == "__main__":
    app.run(host="0.0.0.0", port=5000, debug=True)
