"""A stream read to its end, or to where it is too long to be kept in memory."""

from aiohttp import StreamReader


async def read_up_to(stream: StreamReader, most: int) -> bytes | None:
    """The bytes, or nothing if there are more of them."""
    content = bytearray()
    async for chunk in stream.iter_chunked(64 * 1024):
        content += chunk
        if len(content) > most:
            return None
    return bytes(content)
