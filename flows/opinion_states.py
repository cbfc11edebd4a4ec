"""The states of an opinion, in words."""

from locales import _
from storage.opinions import ADOPTED, ANSWERED, DRAFT, SENT

STATES = {
    DRAFT: _("a draft that residents can feed"),
    ADOPTED: _("adopted by the body"),
    SENT: _("sent to the council"),
    ANSWERED: _("answered by the council"),
}
