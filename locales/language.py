"""Which language a text is in: the script first, then a small model; Darija, French, standard Arabic, English."""

from locales.features import letters
from locales.letters import has_arabic, has_latin
from locales.understanding import weights

ARABIC_SCRIPT = ("ary-Arab", "ar")
LATIN_SCRIPT = ("ary-Latn", "fr", "en")
_FEWEST = 3  # letters from which anything can be told
_CLEARLY = 0.7  # how likely a language must be to be proposed


def language(typed: str) -> tuple[str, float]:
    """The language, as `ary-Arab`, `ary-Latn`, `fr`, `ar`, `en`, `mix` or nothing, and how likely it is."""
    arabic, latin = has_arabic(typed), has_latin(typed)
    if arabic and latin:
        return "mix", 1.0
    if not (arabic or latin):
        return "", 0.0
    chances = weights().languages.chances({"letters": letters(typed)})
    among = {name: chances[name] for name in (ARABIC_SCRIPT if arabic else LATIN_SCRIPT)}
    likeliest = max(among, key=lambda name: among[name])
    return likeliest, round(among[likeliest] / sum(among.values()), 4)


def proposed(typed: str) -> str | None:
    """The language of ours to propose to who writes so: Darija to whoever writes it in any script, or Arabic."""
    if sum(letter.isalpha() for letter in typed) < _FEWEST:
        return None
    found, chance = language(typed)
    if found in ("mix", *ARABIC_SCRIPT):
        return "ary"
    return {"fr": "fr", "ary-Latn": "ary"}.get(found) if chance >= _CLEARLY else None
