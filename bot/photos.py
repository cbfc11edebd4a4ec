"""Photos without what they do not show: where and when they were taken, by which device, and what hangs behind them."""

import asyncio
import io
from concurrent.futures import ThreadPoolExecutor

# As what a photo of a type is written again; nothing else is read, whatever it says that it is.
_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
_SEEN = ("icc_profile", "transparency")  # what its pixels mean; all else that hangs on them is left behind
_QUALITY = 90
_SIDE = 2560  # of a JPEG that is larger, a smaller one is read; the text on a page can be read still
_MOST_PIXELS = 64_000_000  # of the camera
_MOST_READ = 25_000_000  # pixels in memory: a hundred megabytes
_SCAN, _MOST_SCANS = b"\xff\xda", 64  # a JPEG may be drawn in so many layers that it takes minutes
_ONE_AT_A_TIME = ThreadPoolExecutor(max_workers=1, thread_name_prefix="photos")


class Unreadable(ValueError):
    """It is no photo, or none that can be shown."""


async def bare(content: bytes, type: str) -> bytes:
    """The photo as it is seen, upright, and nothing else.  Raises Unreadable."""
    return await asyncio.get_running_loop().run_in_executor(_ONE_AT_A_TIME, _bare, content, type)


def as_png(content: bytes) -> bytes:
    """The same photo as a PNG."""
    from PIL import Image  # noqa: PLC0415  # seldom needed

    made = io.BytesIO()
    Image.open(io.BytesIO(content)).convert("RGB").save(made, "PNG")
    return made.getvalue()


def _bare(content: bytes, type: str) -> bytes:
    from PIL import Image, ImageOps  # noqa: PLC0415  # seldom needed

    format, made = _FORMATS[type], io.BytesIO()
    if type == "image/jpeg" and content.count(_SCAN) > _MOST_SCANS:
        raise Unreadable("scans")
    try:
        with Image.open(io.BytesIO(content), formats=[format]) as photo:
            _check(photo.size, _MOST_PIXELS)
            photo.draft(None, (_SIDE, _SIDE))
            _check(photo.size, _MOST_READ)
            kept = {name: photo.info[name] for name in _SEEN if name in photo.info}
            upright = ImageOps.exif_transpose(photo)
            upright.info.clear()
            upright.save(made, format, quality=_QUALITY, **kept)
    except Unreadable:
        raise
    except Exception as error:  # whatever a library makes of bytes that somebody has bent
        raise Unreadable(type) from error
    return made.getvalue()


def _check(size: tuple[int, int], most: int) -> None:
    if size[0] * size[1] > most:
        raise Unreadable("pixels")
