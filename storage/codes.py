"""Short codes that people read out and type back: Crockford's base 32, no letter taken for another."""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U: https://www.crockford.com/base32.html
LENGTH = 8  # of a receipt, without the commune's letters
_AS_MEANT = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V", "-": None, " ": None})


def draw(length: int) -> str:
    """A code at random, 5 bits a letter."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def spaced(code: str, size: int = 4) -> str:
    """In groups, so that it can be read out: ABCD-EFGH."""
    return "-".join(code[start : start + size] for start in range(0, len(code), size))


def read(typed: str) -> str:
    """A code as typed, with its likely slips mended and its dashes gone."""
    return typed.upper().translate(_AS_MEANT)


def receipt(prefix: str) -> str:
    """A new receipt: the commune's letters and 40 bits at random, BM-7F3K-92XQ."""
    return f"{prefix}-{spaced(draw(LENGTH))}"


def read_receipt(typed: str, prefix: str) -> str:
    """A receipt as typed, in the form it was given, even where its first letters are left out; it may not exist."""
    code = read(typed)
    if len(code) > LENGTH:
        prefix, code = typed.strip().upper()[: len(code) - LENGTH], code[-LENGTH:]
    return f"{prefix}-{spaced(code)}"
