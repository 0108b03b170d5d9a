from datetime import date

from flask import Flask, render_template, request

app = Flask(__name__)
seen = {}


@app.get("/")
def today():
    return render_template("today.html", day=date.today(), seen=sorted(seen.items()))


@app.post("/seen")
def add():
    bird = request.form["bird"].strip().lower()
    seen[bird] = seen.get(bird, 0) + 1
    return "", 204
