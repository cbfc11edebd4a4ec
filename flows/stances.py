"""What can be said about an article, and in which words it is asked."""

from locales import _
from storage.comments import ADD, AMEND, OPPOSE, SUPPORT

LABELS = {
    SUPPORT: _("I agree with it"),
    AMEND: _("To be changed"),
    ADD: _("To be completed"),
    OPPOSE: _("I oppose it"),
}
QUESTIONS = {
    SUPPORT: _("Would you like to say why? Write it, or send a voice note or a photo."),
    AMEND: _("What would you change? Write it, or send a voice note or a photo."),
    ADD: _("What would you add? Write it, or send a voice note or a photo."),
    OPPOSE: _("Why do you oppose it? Write it, or send a voice note or a photo."),
}
