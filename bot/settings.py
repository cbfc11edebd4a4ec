"""All settings, read from the environment once, typed and checked."""

import os
import re
from typing import Annotated

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.sizes import MEGABYTE, Sizes
from storage.database import Unusable

# Known to everybody: for trying Sawt out, never for people's data.
DEMO_SECRET = "sawt demo: not a secret"  # noqa: S105  # as it says
_WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")  # https://core.telegram.org/bots/api#setwebhook
ROLES = frozenset({"web", "post", "clock"})  # what a process may do: all of it, if nothing is said
_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]{10,}")


class Settings(BaseSettings):
    """SAWT_DATABASE_URL, SAWT_SECRET_KEY, ...: see docs/settings.md."""

    model_config = SettingsConfigDict(env_prefix="SAWT_", env_ignore_empty=True)

    database_url: str = "sqlite+aiosqlite:///./sawt.db"
    secret_key: SecretStr
    secret_key_old: SecretStr | None = None
    host: str = "127.0.0.1"
    port: int = Field(8080, ge=1, le=65535)
    commune: str | None = None
    log_level: str = "info"
    roles: Annotated[frozenset[str], NoDecode] = ROLES
    metrics_token: SecretStr | None = None
    largest_photo_mb: int = Field(5, ge=1, le=20)
    largest_voice_mb: int = Field(5, ge=1, le=20)
    largest_document_mb: int = Field(10, ge=1, le=20)
    telegram_token: SecretStr | None = None
    telegram_api_base: str = "https://api.telegram.org"
    telegram_webhook_url: str | None = None
    telegram_webhook_secret: SecretStr | None = None
    telegram_per_second: int = Field(30, ge=1, le=1000)
    whatsapp_token: SecretStr | None = None
    whatsapp_phone_id: str | None = Field(None, pattern=r"^\d{3,20}$")
    whatsapp_business_id: str | None = Field(None, pattern=r"^\d{3,20}$")
    whatsapp_app_secret: SecretStr | None = None
    whatsapp_verify_token: SecretStr | None = None
    whatsapp_api_base: str = "https://graph.facebook.com/v23.0"
    whatsapp_per_second: int = Field(80, ge=1, le=1000)
    whatsapp_pair_burst: int = Field(45, ge=1, le=1000)
    whatsapp_pair_seconds: float = Field(6.0, gt=0, le=60)
    whatsapp_tier: int | None = Field(None, ge=0)

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        if len(value.get_secret_value()) < 16:
            raise ValueError("is too short: 16 characters at least, at random (openssl rand -base64 32)")
        return value

    @field_validator("roles", mode="before")
    @classmethod
    def _known_roles(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        found = frozenset(word.strip() for word in value.split(",") if word.strip())
        if not found or found - ROLES:
            raise ValueError("is not made of web, post, clock, with commas between them")
        return found

    @field_validator("log_level")
    @classmethod
    def _known_level(cls, value: str) -> str:
        if value not in ("debug", "info", "warning", "error"):
            raise ValueError("is none of debug, info, warning, error")
        return value

    @field_validator("telegram_token")
    @classmethod
    def _looks_like_a_token(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not _TOKEN.fullmatch(value.get_secret_value()):
            raise ValueError("is no bot token: BotFather gives one like 123456:ABC-DEF...")
        return value

    @field_validator("telegram_api_base", "telegram_webhook_url", "whatsapp_api_base")
    @classmethod
    def _is_url(cls, value: str | None) -> str | None:
        if value and not re.match(r"https?://[^/\s]+", value):
            raise ValueError("is no URL: it begins with https://")
        return value.rstrip("/") if value else value

    @model_validator(mode="after")
    def _webhook_has_its_secret(self) -> "Settings":
        if self.telegram_webhook_url:
            secret = self.telegram_webhook_secret.get_secret_value() if self.telegram_webhook_secret else ""
            if not _WEBHOOK_SECRET.fullmatch(secret):
                raise ValueError(
                    "SAWT_TELEGRAM_WEBHOOK_SECRET must be set with SAWT_TELEGRAM_WEBHOOK_URL: "
                    "1 to 256 of A-Z a-z 0-9 _ -"
                )
        return self

    @model_validator(mode="after")
    def _whatsapp_is_whole(self) -> "Settings":
        if self.whatsapp_token:
            needed = ("whatsapp_phone_id", "whatsapp_app_secret", "whatsapp_verify_token")
            if missing := [f"SAWT_{name.upper()}" for name in needed if not getattr(self, name)]:
                raise ValueError(f"{' and '.join(missing)} must be set with SAWT_WHATSAPP_TOKEN: see docs/whatsapp.md")
        return self

    @property
    def sizes(self) -> Sizes:
        """The most that is taken of what people send."""
        return Sizes(
            self.largest_photo_mb * MEGABYTE, self.largest_voice_mb * MEGABYTE, self.largest_document_mb * MEGABYTE
        )


def read(demo: bool = False) -> Settings:
    """The settings, or Unusable, which names each one that is wrong and never says its value."""
    if demo:
        os.environ.setdefault("SAWT_SECRET_KEY", DEMO_SECRET)
    try:
        settings = Settings()
    except ValidationError as error:
        raise Unusable("\n".join(_said(fault) for fault in error.errors())) from None
    if not demo and settings.secret_key.get_secret_value() == DEMO_SECRET:
        raise Unusable("SAWT_SECRET_KEY is the one of the demo, which everybody knows. Choose one at random.")
    return settings


def _said(fault: ErrorDetails) -> str:
    location, kind = fault["loc"], fault["type"]
    message = fault["msg"].removeprefix("Value error, ")
    if not location:
        return message
    name = f"SAWT_{str(location[0]).upper()}"
    if kind == "missing":
        return (
            f"{name} is not set. Choose one at random (openssl rand -base64 32) and keep it safe: "
            "without it no personal field can be read."
        )
    return f"{name} {message}" if kind == "value_error" else f"{name}: {message}"
