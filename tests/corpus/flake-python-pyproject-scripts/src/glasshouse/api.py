from typing import Annotated

from fastapi import FastAPI, Form

app = FastAPI(title="Glasshouse")
readings: dict[str, float] = {}


@app.get("/houses/{house}")
def house(house: str) -> float | None:
    return readings.get(house)


@app.post("/houses/{house}")
def reading(house: str, celsius: Annotated[float, Form()]) -> None:
    readings[house] = celsius
