import os

from flask import Flask, jsonify, request
from waitress import serve

from ferryboard.timetable import next_departures

app = Flask(__name__)
app.secret_key = os.environ["FERRY_SECRET_KEY"]


@app.get("/departures")
def departures():
    return jsonify(next_departures(request.args.get("pier", "town")))


def main():
    serve(app, listen=f"*:{os.environ.get('PORT', '5000')}")
