import os

from celery import Celery

app = Celery("orrery", broker=os.environ.get("REDIS_URL", "redis://localhost:6379/0"))


@app.task
def ephemeris(planet: str, day: str) -> str:
    return f"{planet} on {day}"
