"""What the commune may answer to a comment, in words."""

from locales import _
from storage.verdicts import ACCEPTS, NOT, OUT_OF_SCOPE, PARTLY

VERDICTS = {
    ACCEPTS: _("taken up"),
    PARTLY: _("taken up in part"),
    NOT: _("not taken up"),
    OUT_OF_SCOPE: _("outside this text"),
}
