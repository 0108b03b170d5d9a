from fastapi import FastAPI
from sqlalchemy import create_engine, text

from brambling.settings import Settings

settings = Settings()
engine = create_engine(settings.database)
app = FastAPI(title="Brambling")


@app.get("/counts/{species}")
def counts(species: str) -> dict[str, int]:
    with engine.connect() as connection:
        total = connection.scalar(
            text("select sum(seen) from counts where species = :species and season = :season"),
            {"species": species, "season": settings.season},
        )
    return {"seen": total or 0}
