"""Of applications for a body, in words: the groups that quotas count, and what became of one."""

from locales import _, n_
from storage.bodies import MEN, UNSAID, WOMEN, YOUTH

QUOTAS = {
    WOMEN: n_("at least {count} woman", "at least {count} women"),
    MEN: n_("at least {count} man", "at least {count} men"),
    YOUTH: n_("at least {count} young person", "at least {count} young people"),
}
GENDERS = {WOMEN: _("Woman"), MEN: _("Man"), UNSAID: _("I prefer not to say")}
STATES = {
    "applied": _("your application is received"),
    "withdrawn": _("you took it back"),
    "offered": _("a seat is offered to you: answer soon"),
    "accepted": _("the seat is yours"),
    "declined": _("you left the seat"),
    "expired": _("the seat has passed to the next person"),
    "alternate": _("you are on the list of alternates"),
}
