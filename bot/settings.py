"""Settings from the environment or ``.env``, prefix ``KAOPING_``; what is wrong is told all at once."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from rubrics.errors import KaopingError

PREFIX = "KAOPING_"


class SettingsError(KaopingError):
    """A setting that cannot be used."""


class Settings(BaseSettings):
    """What an operator can set. A value this program does not support yet is refused by name."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", extra="ignore", frozen=True)

    data_dir: Path = Path("./data")
    timezone: str = "Asia/Shanghai"
    locale: str = "zh_CN"
    database_url: str = ""
    web_host: str = "127.0.0.1"
    web_port: int = Field(default=8000, ge=0, le=65535)
    web_public_url: str = ""
    max_file_mb: int = Field(default=20, ge=1, le=200)

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(f"没有时区「{value}」，例如 Asia/Shanghai") from None
        return value

    @field_validator("locale")
    @classmethod
    def _supported_locale(cls, value: str) -> str:
        if value != "zh_CN":
            raise ValueError(f"还不支持「{value}」，只能是 zh_CN")
        return value

    @field_validator("database_url")
    @classmethod
    def _supported_database(cls, value: str) -> str:
        if value:
            raise ValueError(f"还不支持「{value}」，留空即用数据文件夹里的 SQLite")
        return value


def load_settings() -> Settings:
    """The settings in force.

    Raises:
        SettingsError: one sentence a wrong setting.
    """
    try:
        return Settings()
    except ValidationError as error:
        sentences = [
            f"{PREFIX}{str(e['loc'][0]).upper()}：{e['ctx']['error'] if 'ctx' in e else e['msg']}"
            for e in error.errors()
        ]
        raise SettingsError("\n".join(sentences)) from None
