"""Reads text files from the command line into the database."""

import asyncio
import sys
from pathlib import Path

import asyncpg

from .settings import Settings


async def load(paths: list[Path]) -> None:
    connection = await asyncpg.connect(str(Settings().database_url))
    for path in paths:
        await connection.execute("insert into pieces (title, body) values ($1, $2)", path.stem, path.read_text())


def main() -> None:
    if len(sys.argv) < 2:
        sys.exit("usage: inkwharf-import FILE…")
    asyncio.run(load([Path(word) for word in sys.argv[1:]]))
