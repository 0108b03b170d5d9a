from pathlib import Path
from typing import Annotated

import typer
import uvicorn

cli = typer.Typer(no_args_is_help=True)


@cli.command()
def serve(
    host: str = "0.0.0.0",
    port: Annotated[int, typer.Option(envvar="PORT")] = 8000,
) -> None:
    """Answer the neighbours."""
    uvicorn.run("brambling.web:app", host=host, port=port, proxy_headers=True)


@cli.command("import")
def import_counts(file: Path) -> None:
    """Read the counts of an earlier year."""
    typer.echo(f"{sum(1 for _ in file.open())} counts read")
