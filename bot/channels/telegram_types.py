"""aiogram, with its types built only where Sawt uses them.

aiogram builds the validators of all its 400 types when it is imported, each with its own copy of those it refers to:
170 MB and three seconds.  Sawt calls a handful of methods, and no more; built alone, those that it needs
take 70 MB and two seconds.  A type that is not in the list raises pydantic's "not fully defined" when it is used.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pydantic import BaseModel

_TYPES = (
    "Message",
    "User",
    "BotCommand",
    "BotCommandScopeAllPrivateChats",
    "ResponseParameters",
)
_METHODS = (
    "DeleteWebhook",
    "GetMe",
    "SetMyCommands",
    "SetWebhook",
)


@contextmanager
def _building_nothing() -> Iterator[dict[str, Any]]:
    """Put off `model_rebuild`, which aiogram calls for each type; yields the names that the types refer to."""
    names: dict[str, Any] = {}
    build = BaseModel.__dict__["model_rebuild"]

    def put_off(_cls: Any, /, *, _types_namespace: dict[str, Any] | None = None, **_other: Any) -> None:
        names.update(_types_namespace or {})

    BaseModel.model_rebuild = classmethod(put_off)  # type: ignore[method-assign, assignment]  # for this moment
    try:
        yield names
    finally:
        BaseModel.model_rebuild = build  # type: ignore[method-assign]  # as it was


if "aiogram" not in sys.modules:
    with _building_nothing() as _names:
        import aiogram.methods
        import aiogram.types
    for _name in _TYPES:
        getattr(aiogram.types, _name).model_rebuild(_types_namespace=_names)
    for _name in _METHODS:
        getattr(aiogram.methods, _name).model_rebuild(_types_namespace=_names)
