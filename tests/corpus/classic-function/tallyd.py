#!/usr/bin/env python3
import os

from flask import Flask
from waitress import serve

app = Flask(__name__)
counts = {}


@app.post("/<name>")
def count(name):
    counts[name] = counts.get(name, 0) + 1
    return str(counts[name])


# The port is agreed with the scanners in the shop.
serve(app, host="0.0.0.0", port=8750)
