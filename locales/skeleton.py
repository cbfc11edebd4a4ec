"""The skeleton of a word: its consonants, the same for «العريضة», "l3arida" and "larida"."""

import re
from functools import lru_cache

from locales.letters import normalise

# Sounds written with two Latin letters, before those written with one.
_PAIRS = {"kh": "x", "gh": "G", "ch": "C", "sh": "C", "ph": "f", "th": "t", "dh": "d", "qu": "k"}
_PAIR = re.compile("|".join(_PAIRS))
_SOFT_C = re.compile("c(?=[eiy])")
_TWICE = re.compile(r"(.)\1+")
_ONE = {
    **dict.fromkeys("بpb", "b"),
    **dict.fromkeys("تطثt6", "t"),
    **dict.fromkeys("جj", "j"),
    **dict.fromkeys("حهh7", "h"),
    **dict.fromkeys("خx5", "x"),
    **dict.fromkeys("دضذظd", "d"),
    **dict.fromkeys("رr", "r"),
    **dict.fromkeys("زz", "z"),
    **dict.fromkeys("سصsç", "s"),
    **dict.fromkeys("شC", "C"),
    **dict.fromkeys("غG8", "G"),
    **dict.fromkeys("فfv", "f"),
    **dict.fromkeys("قكkq9cg", "k"),  # «قال», "gal", "9al"
    **dict.fromkeys("لl", "l"),
    **dict.fromkeys("مm", "m"),
    **dict.fromkeys("نn", "n"),
}
_ARTICLES = re.compile("^(?:وال|فال|بال|كال|لل|ال|l(?=[^aeiou]))(?=..)")


# Vowels as often as not: «أولاد», "wlad", "lad".  They count where consonants are few.
_WEAK = {**dict.fromkeys("وwuo", "w"), **dict.fromkeys("يyi", "y")}
_HEARD = {**_ONE, **_WEAK}


@lru_cache(maxsize=4000)
def of_word(word: str) -> str:
    """The consonants of one normalised word; of a number its digits."""
    if word.isdecimal():
        return word
    bones = "".join(_ONE.get(sound, "") for sound in _sounds(word))
    if len(bones) > 2:
        bones = bones.removesuffix("h")  # ة, or the h of "chouha"
    return bones.removeprefix("l") if len(bones) > 2 else bones


@lru_cache(maxsize=1000)
def heard(word: str) -> str:
    """The same with w and y, for names that have few consonants: «أوربيع», "Ourbiaa"."""
    return _TWICE.sub(r"\1", "".join(_HEARD.get(sound, "") for sound in _sounds(word)))


def bones(typed: str) -> list[str]:
    """The skeletons of the words of a text, those that have one."""
    return [bone for word in normalise(typed).split() if (bone := of_word(word))]


def _sounds(word: str) -> str:
    bare = _TWICE.sub(r"\1", _ARTICLES.sub("", word))
    return _SOFT_C.sub("s", _PAIR.sub(lambda pair: _PAIRS[pair[0]], bare))
