"""The WhatsApp number of a commune, and what opens it."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Account:
    """`number` is the id of the phone number, not the number; `business` of the account that owns the templates."""

    number: str
    token: str = field(repr=False)
    app_secret: str = field(repr=False)
    verify_token: str = field(repr=False)
    business: str = ""
