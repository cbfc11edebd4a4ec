"""How large what people send may be."""

from collections.abc import Sequence
from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Sizes:
    """The most that is taken of each kind, in bytes."""

    photo: int = 5 * MEGABYTE
    voice: int = 5 * MEGABYTE
    document: int = 10 * MEGABYTE
    list: int = 2 * MEGABYTE

    def of(self, kinds: Sequence[str]) -> int:
        """The most of any of these kinds."""
        return max((getattr(self, kind) for kind in kinds), default=0)
