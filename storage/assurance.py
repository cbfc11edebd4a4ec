"""How sure it is who somebody is, lowest first: an account, its phone, an ID number, paper or a card the staff saw."""

from typing import Any

from sqlalchemy import ColumnElement, case, or_, select

from storage.citizens import Address, CitizenRow
from storage.lines import CHANNEL
from storage.occasions import PAPER

ACCOUNT, PHONE, DECLARED, CHECKED = "account", "phone", "declared", "checked"  # and PAPER, which is signed by hand


def has_phone(citizen: Any) -> ColumnElement[bool]:
    """Whether this citizen has shared the number of a phone, or writes from one: on WhatsApp everybody does."""
    by_phone = or_(Address.phone_mark.is_not(None), Address.channel == CHANNEL)
    return select(Address.id).where(Address.citizen_id == citizen, by_phone).exists()


def of(table: Any) -> ColumnElement[str]:
    """The same, of the rows of a table in which people take part; empty where nothing leads to them any more."""
    known: list[tuple[ColumnElement[bool], str]] = []
    if hasattr(table, "checked"):
        known.append((table.checked.is_not(None), CHECKED))
    known.append((table.channel == PAPER, PAPER))
    if not hasattr(table, "person"):
        known.append((_has_declared(table.citizen_id), DECLARED))
    elif table.__table__.c.person.nullable:
        known.append((table.person.is_not(None), DECLARED))
    else:
        return case(*known, else_=DECLARED)
    known += [(has_phone(table.citizen_id), PHONE), (table.citizen_id.is_not(None), ACCOUNT)]
    return case(*known, else_="")


def _has_declared(citizen: Any) -> ColumnElement[bool]:
    return select(CitizenRow.id).where(CitizenRow.id == citizen, CitizenRow.person.is_not(None)).exists()
