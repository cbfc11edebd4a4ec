"""Voice notes without what they do not say aloud: where and when they were recorded, their title, their device.

Blanked where it stands, so that every place in the file stays where it was: nothing has to be read or written anew.
"""

_PARENTS = (b"moov", b"trak", b"mdia")
_SAYS_MORE = (b"udta", b"meta", b"uuid")  # titles, places, devices
_DATED = (b"mvhd", b"tkhd", b"mdhd")
_SIZE, _HEAD, _LONG_HEAD = 4, 8, 16
_MOST_BOXES = 10_000  # a file has a few hundred at most
_ID3, _ID3_HEAD, _OLD_ID3 = b"ID3", 10, 128


def bare(content: bytes, type: str) -> bytes:
    """The recording as it is heard, of those kinds of which it is known how; others as they came."""
    kept = bytearray(content)
    if type == "audio/mp4":
        _blank_boxes(kept)
    elif type == "audio/mpeg":
        _blank_tags(kept)
    return bytes(kept)


def _blank_boxes(kept: bytearray) -> None:
    """ISO/IEC 14496-12: boxes of a size and a kind, some with boxes inside; one named free is passed over."""
    left = [(0, len(kept))]
    for _box in range(_MOST_BOXES):
        if not left:
            return
        start, end = left.pop()
        if start + _HEAD > end:
            continue
        size, head = int.from_bytes(kept[start : start + _SIZE]), _HEAD
        if size == 1:
            size, head = int.from_bytes(kept[start + _HEAD : start + _LONG_HEAD]), _LONG_HEAD
        size = size or end - start
        if size < head or start + size > end:
            continue  # whoever plays it stops here too
        left.append((start + size, end))
        if _blank_box(kept, start, start + head, start + size):
            left.append((start + head, start + size))


def _blank_box(kept: bytearray, start: int, inside: int, end: int) -> bool:
    """Blank what one box says beside the sound; whether there are boxes in it to look at."""
    kind = bytes(kept[start + _SIZE : start + _HEAD])
    if kind in _SAYS_MORE:
        kept[start + _SIZE : start + _HEAD] = b"free"
        kept[inside:end] = bytes(end - inside)
    elif kind in _DATED and inside + _SIZE < end:
        both = 16 if kept[inside] else 8  # when it was made, and changed
        until = min(inside + _SIZE + both, end)
        kept[inside + _SIZE : until] = bytes(until - inside - _SIZE)
    return kind in _PARENTS


def _blank_tags(kept: bytearray) -> None:
    """ID3 before and behind the sound: its frames become padding."""
    if kept.startswith(_ID3) and len(kept) > _ID3_HEAD:
        size = 0
        for seven_bits in kept[6:_ID3_HEAD]:
            size = size << 7 | seven_bits & 0x7F
        end = min(_ID3_HEAD + size, len(kept))
        kept[_ID3_HEAD:end] = bytes(end - _ID3_HEAD)
    if len(kept) > _OLD_ID3 and kept[-_OLD_ID3:].startswith(b"TAG"):
        kept[-_OLD_ID3:] = bytes(_OLD_ID3)
