"""Which figures are shown: a cell of few people could tell who they are, and so could the rest of a total."""

from collections.abc import Collection, Mapping

SMALLEST = 10  # people

# Cells of different divisions that hold the same people: where one is hidden, the other would tell it.  What came on
# paper is the whole of a channel, of how people are known, of those of no language.
_THE_SAME = frozenset({("channel", "paper"), ("paper", "yes"), ("assurance", "paper"), ("language", "")})

Cells = Mapping[str, int]
Shown = dict[str, int | None]  # None: not shown


def hidden(cells: Cells, smallest: int = SMALLEST, others: Collection[str] = ()) -> set[str]:
    """The cells that are not shown: small ones, `others`, and as many of the next as keep their sum from telling."""
    left_out = {cell for cell, count in cells.items() if count < smallest or cell in others}
    rest = sorted((count, cell) for cell, count in cells.items() if cell not in left_out)
    while left_out and rest and (len(left_out) < 2 or sum(cells[cell] for cell in left_out) < smallest):
        left_out.add(rest.pop(0)[1])
    return left_out


def shown(cells: Cells, people: Cells | None = None) -> Shown:
    """Each cell with its count, or None where that is not shown; `people` are those behind each, if it counts more."""
    left_out = hidden(people or cells)
    return {cell: None if cell in left_out else count for cell, count in cells.items()}


def shown_together(parts: Mapping[str, Cells], people: Mapping[str, Cells] | None = None) -> dict[str, Shown]:
    """The same of all divisions of one whole: none tells what another one hides."""
    counted = people or parts
    known, left_out = -1, set[tuple[str, str]]()
    while known < len(left_out):  # more are left out: that may leave out others, until it is still
        known = len(left_out)
        also = _THE_SAME if _THE_SAME & left_out else frozenset[tuple[str, str]]()
        for name, cells in counted.items():
            others = {cell for part, cell in also | left_out if part == name}
            left_out |= {(name, cell) for cell in hidden(cells, others=others)}
    return {
        name: {cell: None if (name, cell) in left_out else count for cell, count in cells.items()}
        for name, cells in parts.items()
    }
