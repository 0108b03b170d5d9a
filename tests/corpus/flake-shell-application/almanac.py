from datetime import date

from astral import LocationInfo
from astral.sun import sun
from flask import Flask, jsonify

app = Flask(__name__)
PLACES = {"heligoland": LocationInfo("Heligoland", "Germany", "Europe/Berlin", 54.18, 7.88)}


@app.get("/light/<place>")
def light(place):
    times = sun(PLACES[place].observer, date=date.today())
    return jsonify({name: at.isoformat() for name, at in times.items()})
