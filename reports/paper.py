"""Paper: a template and its data made into a PDF, in Arabic from the right or in French from the left."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from locales import Texts

_TEMPLATES = Path(__file__).parent / "templates"


async def pdf(template: str, texts: Texts, commune: str, values: Mapping[str, Any]) -> bytes:
    """The PDF of `templates/<template>.typ`; typst works outside the interpreter's lock, so a thread is enough.

    What the template shows is all in `values`: ready texts, lists of rows; `commune` stands at the head of each page.
    """
    return (await asyncio.to_thread(_compiled, template, texts, commune, values, "pdf", None))[0]


async def pages(template: str, texts: Texts, commune: str, values: Mapping[str, Any], ppi: float = 72) -> list[bytes]:
    """The same as a PNG a page, to be looked at."""
    return await asyncio.to_thread(_compiled, template, texts, commune, values, "png", ppi)


def _compiled(
    template: str, texts: Texts, commune: str, values: Mapping[str, Any], kind: Literal["pdf", "png"], ppi: float | None
) -> list[bytes]:
    import fontpkg_ibm_plex_sans_arabic as font  # noqa: PLC0415 - 40 MB: only where paper is made
    import typst  # noqa: PLC0415 - likewise

    data = {"language": texts.language, "direction": texts.direction, "commune": commune, **values}
    made = typst.compile(
        str(_TEMPLATES / f"{template}.typ"),
        format=kind,
        ppi=ppi,
        font_paths=[str(font.ROOT)],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
    return made if isinstance(made, list) else [made]
