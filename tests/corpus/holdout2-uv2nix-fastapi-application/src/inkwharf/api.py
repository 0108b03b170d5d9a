from contextlib import asynccontextmanager

import asyncpg
import uvicorn
from fastapi import FastAPI, HTTPException, Request

from .settings import Settings

settings = Settings()


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.pool = await asyncpg.create_pool(str(settings.database_url))
    yield
    await app.state.pool.close()


app = FastAPI(title="inkwharf", lifespan=lifespan)


@app.get("/pieces/{number}")
async def piece(number: int, request: Request):
    row = await request.app.state.pool.fetchrow("select title, body from pieces where id = $1", number)
    if row is None:
        raise HTTPException(404)
    return dict(row)


def main() -> None:
    uvicorn.run(app, host=settings.host, port=settings.port)
