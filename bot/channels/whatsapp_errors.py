"""What the errors of the WhatsApp Cloud API mean to a letter: gone, never, later, or once the person writes.

https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes
"""

from bot.outcomes import Refused, TryLater, Unreachable, Withheld

# The person cannot be reached: no WhatsApp there, blocked, terms not accepted, not on the list of a test number.
_GONE = {131026: "undeliverable", 131030: "not_on_test_list"}
# Nothing but their own message opens the way: the day has passed (131047; 470 of older versions), Meta keeps a
# template from them (131049, 130472), they want none (131050), or the template is not as approved (1320..),
# or is not paid for (131042).
_UNTIL_THEY_WRITE = {
    470: "outside_window",
    131047: "outside_window",
    131049: "kept_from_them",
    130472: "in_an_experiment",
    131050: "wants_no_marketing",
    131042: "not_paid",
    132000: "template_variables_differ",
    132001: "template_missing",
    132005: "template_too_long",
    132007: "template_against_policy",
    132008: "template_value_invalid",
    132012: "template_format_differs",
    132015: "template_paused",
    132016: "template_disabled",
}
# Seconds to leave everybody alone: too fast for the number, the account, or held back as spam.
_TOO_FAST = {130429: 1.0, 4: 60.0, 80007: 60.0, 131048: 3600.0, 131064: 3600.0, 131056: 6.0}
# For the installation to put right; nothing is lost meanwhile.
_OF_THE_ACCOUNT = {0, 3, 10, 33, 190, 368, 130497, 131005, 131031, 131045, 133010}
_PASSING = {1, 2, 131000, 131016, 131057, 135000}
_AS_LONG = 300.0  # seconds


def meaning(code: int, words: str, status: int = 400) -> Exception:
    """What to raise for an error of the API."""
    why = f"{code} {words}".strip()[:150]
    if code in _GONE:
        return Unreachable(f"{code} {_GONE[code]}")
    if code in _UNTIL_THEY_WRITE:
        return Withheld(f"{code} {_UNTIL_THEY_WRITE[code]}")
    if code in _TOO_FAST:
        return TryLater(why, _TOO_FAST[code], is_for_all=code != 131056)
    if code in _OF_THE_ACCOUNT or 200 <= code < 300:
        return TryLater(why, _AS_LONG, is_for_all=True)
    if code in _PASSING or status >= 500:
        return TryLater(why)
    return Refused(why)
