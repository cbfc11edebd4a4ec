"""A published draw, as the file that anyone can check."""


async def file(published: str) -> bytes:
    """The file, as it stands (storage/lottery.py)."""
    return published.encode()
