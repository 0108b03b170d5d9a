import os

import uvicorn
from fastapi import FastAPI

app = FastAPI(title="quillroom")

LETTERS = {1: "Dear sister, the ice is out of the bay.", 2: "The goat is well."}


@app.get("/letters/{number}")
def letter(number: int):
    return {"number": number, "text": LETTERS.get(number)}


def serve() -> None:
    # nginx stands in front of us
    uvicorn.run(app, host="127.0.0.1", port=int(os.environ.get("PORT", "8000")))
