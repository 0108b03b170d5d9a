from pydantic import PostgresDsn
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Everything is read from INKWHARF_… variables."""

    model_config = SettingsConfigDict(env_prefix="INKWHARF_")

    database_url: PostgresDsn
    host: str = "0.0.0.0"
    port: int = 8000
    page_size: int = 50
