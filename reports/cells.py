"""Which figures are shown: a cell of few people could tell who they are, and so could the rest of a total."""

from collections.abc import Mapping

SMALLEST = 10  # people


def hidden(cells: Mapping[str, int], smallest: int = SMALLEST) -> set[str]:
    """The cells that are not shown: small ones, and as many of the next as keep their sum from revealing them."""
    left_out = {cell for cell, count in cells.items() if count < smallest}
    others = sorted((count, cell) for cell, count in cells.items() if cell not in left_out)
    while left_out and others and (len(left_out) < 2 or sum(cells[cell] for cell in left_out) < smallest):
        left_out.add(others.pop(0)[1])
    return left_out


def shown(cells: Mapping[str, int], smallest: int = SMALLEST) -> dict[str, int | None]:
    """Each cell with its count, or None where that is not shown."""
    left_out = hidden(cells, smallest)
    return {cell: None if cell in left_out else count for cell, count in cells.items()}
