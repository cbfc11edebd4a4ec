"""The accounts of a commune: its bot on Telegram and its number on WhatsApp, read from the environment.

Those of the first commune are settings (SAWT_TELEGRAM_TOKEN ...).  A further commune on the installation names, in its
file, the environment variables that hold its own: a secret stands in no file and in no table.
"""

import os
from dataclasses import dataclass

from bot.channels.whatsapp_account import Account
from bot.settings import Settings
from storage.communes import Home
from storage.database import Unusable

WHATSAPP = ("token", "phone_id", "app_secret", "verify_token")
NAMES = ("telegram_token", *(f"whatsapp_{name}" for name in (*WHATSAPP, "business_id")))


@dataclass(frozen=True, slots=True)
class Accounts:
    """What a commune is reached by, beside the web chat."""

    telegram: str = ""
    whatsapp: Account | None = None


def of(home: Home, settings: Settings, is_first: bool) -> Accounts:
    """The accounts of a commune; Unusable where its file names a variable that is not set."""
    found = {name: _value(home, name) or (_setting(settings, name) if is_first else "") for name in NAMES}
    given = {name: found[f"whatsapp_{name}"] for name in WHATSAPP}
    if given["token"] and not all(given.values()):
        missing = ", ".join(f"whatsapp_{name}" for name, value in given.items() if not value)
        raise Unusable(f"{home.slug}: {missing} must go with whatsapp_token: see docs/whatsapp.md")
    number = Account(
        given["phone_id"],
        given["token"],
        given["app_secret"],
        given["verify_token"],
        found["whatsapp_business_id"],
    )
    return Accounts(found["telegram_token"], number if given["token"] else None)


def _value(home: Home, name: str) -> str:
    variable = home.accounts.get(name)
    if variable and not os.environ.get(variable):
        raise Unusable(f"{home.slug}: its file says that {variable} holds its {name}, which is not set.")
    return os.environ[variable] if variable else ""


def _setting(settings: Settings, name: str) -> str:
    value = getattr(settings, name)
    return value.get_secret_value() if hasattr(value, "get_secret_value") else value or ""
