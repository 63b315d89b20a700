"""Settings from the environment or ``.env``, prefix ``KAOPING_``; what is wrong is told all at once."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from rubrics.errors import KaopingError

PREFIX = "KAOPING_"
TOKEN = re.compile(r"\d{1,20}:[A-Za-z0-9_-]{20,100}")
WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_SAY = {
    "int_parsing": "要写整数",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
}


class SettingsError(KaopingError):
    """A setting that cannot be used."""


class Settings(BaseSettings):
    """What an operator can set. A value this program does not support yet is refused by name.

    The webhook's address and secret stand before the token: a field is checked with those before it at hand.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", extra="ignore", frozen=True)

    data_dir: Path = Path("./data")
    timezone: str = "Asia/Shanghai"
    locale: str = "zh_CN"
    database_url: str = ""
    evidence_url: str = ""
    telegram_webhook_url: str = ""
    telegram_webhook_secret: SecretStr = Field(default=SecretStr(""), validate_default=True)
    telegram_token: SecretStr = Field(default=SecretStr(""), validate_default=True)
    telegram_api_base: str = "https://api.telegram.org"
    telegram_webhook_port: int = Field(default=8081, ge=0, le=65535)
    web_host: str = "127.0.0.1"
    web_port: int = Field(default=8000, ge=0, le=65535)
    web_public_url: str = ""
    web_messages_per_minute: int = Field(default=600, ge=1, le=1_000_000)
    max_file_mb: int = Field(default=20, ge=1, le=200)

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"没有时区「{value}」，例如 Asia/Shanghai") from None
        return value

    @field_validator("locale")
    @classmethod
    def _supported_locale(cls, value: str) -> str:
        if value != "zh_CN":
            raise ValueError(f"还不支持「{value}」，只能是 zh_CN")
        return value

    @field_validator("database_url", "evidence_url")
    @classmethod
    def _unsupported(cls, value: str, info: ValidationInfo) -> str:
        if value:  # not echoed: an address may hold a password
            default = "SQLite 数据库" if info.field_name == "database_url" else "材料文件夹"
            raise ValueError(f"还不支持这个设置，留空即用数据文件夹里的{default}")
        return value

    @field_validator("telegram_webhook_url")
    @classmethod
    def _webhook_by_https(cls, value: str) -> str:
        if value and not _is_url(value, {"https"}):
            raise ValueError("要写 https:// 开头的完整网址，例如 https://kp.example.cn/telegram")
        return value

    @field_validator("telegram_webhook_secret")
    @classmethod
    def _webhook_as_a_pair(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        secret, url = value.get_secret_value(), _was_set(info, "telegram_webhook_url")
        if secret and not WEBHOOK_SECRET.fullmatch(secret):
            raise ValueError("要写 1 到 256 个字母、数字、_ 或 -")
        if bool(secret) != url:
            raise ValueError(f"要和 {PREFIX}TELEGRAM_WEBHOOK_URL 一起填写，或者都不填")
        return value

    @field_validator("telegram_token")
    @classmethod
    def _token_in_shape(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        token = value.get_secret_value()
        if token and not TOKEN.fullmatch(token):
            raise ValueError("不像机器人令牌，要写成 数字:字母，从 @BotFather 那里完整复制")
        if not token and (_was_set(info, "telegram_webhook_url") or _was_set(info, "telegram_webhook_secret")):
            raise ValueError("用 webhook 要先填机器人令牌")
        return value

    @field_validator("telegram_api_base", "web_public_url")
    @classmethod
    def _by_http(cls, value: str, info: ValidationInfo) -> str:
        default = cls.model_fields[str(info.field_name)].default
        if value and not _is_url(value, {"http", "https"}):
            raise ValueError("要写 http:// 或 https:// 开头的完整网址")
        return value.rstrip("/") or str(default)


def load_settings() -> Settings:
    """The settings in force.

    Raises:
        SettingsError: one sentence a wrong setting; no secret in it.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError("\n".join(_sentence(dict(e)) for e in error.errors(include_input=False))) from None


def _sentence(error: dict[str, Any]) -> str:
    context = error.get("ctx", {})
    what = context.get("error") or _SAY.get(error["type"], str(error["msg"])).format(**context)
    return f"{PREFIX}{str(error['loc'][0]).upper()}：{what}"


def _was_set(info: ValidationInfo, name: str) -> bool:
    """Whether a field before this one has a value; one that was refused had."""
    value = info.data.get(name, True)
    return bool(value.get_secret_value() if isinstance(value, SecretStr) else value)


def _is_url(text: str, schemes: set[str]) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in schemes and bool(parts.hostname) and not parts.fragment and parts.port != 0
    except ValueError:
        return False
