"""Tickets: a square that a telephone reads (QR, ISO/IEC 18004), as a picture or in a paper."""

import asyncio
import io
from collections.abc import Mapping
from typing import Any

import segno

from storage import codes
from storage.communes import Home

_DARK = "#0e5a43"


def says(home: Home, receipt: str) -> str:
    """What the square of a ticket says: where staff check it in, or its number where the commune has no address."""
    return home.link(f"ci_{codes.read(receipt)[-8:]}") or receipt


async def png(ticket: Mapping[str, Any]) -> bytes:
    """A picture large enough to be read from a telephone held out at the door."""
    return await asyncio.to_thread(_png, str(ticket["says"]))


def _png(says: str) -> bytes:
    made = io.BytesIO()
    segno.make(says, error="m", micro=False).save(made, kind="png", scale=12, border=4, dark=_DARK)
    return made.getvalue()


def svg(says: str) -> str:
    """The same as a drawing, for a line of a sheet."""
    return segno.make(says, error="m", micro=False).svg_inline(border=1, dark="#000", omitsize=True)
