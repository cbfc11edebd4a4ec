"""The petition dossier as a PDF: with the names of supporters for staff, with an empty list for who started it."""

from flows.chat import Chat, Stop
from flows.registry import MODERATORS, flow
from locales import _
from storage import petitions
from storage.petitions import Petition

_LANGUAGES = {"ary": "العربية", "fr": "Français"}


@flow("dossier", _("Petition dossier"), command="dossier", roles=MODERATORS)
async def dossier(chat: Chat, petition: int | None = None) -> None:
    """Hand out the dossier of a petition, with all who declare support on the list to sign."""

    async def find(id: int) -> Petition | None:
        return await petitions.find(chat.db, chat.commune, id)

    chosen = await chat.browse(
        "petition",
        _("The dossier of which petition?"),
        lambda offset, limit: petitions.public(chat.db, chat.commune, offset, limit),
        find,
        label=lambda each: chat.local(each.short),
        preset=petition,
        none=_("There is no petition yet."),
    )
    language = await _language(chat)
    await chat.looked("dossier", chosen.id)
    _hand_out(chat, chosen, language, names=True)


@flow("petition.paper", link="pl", takes="petition")
async def paper(chat: Chat, petition: int) -> None:
    """The letter and an empty list to sign, for who started the petition: nobody's name but the representative's."""
    found = await petitions.find(chat.db, chat.commune, petition)
    if found is None or found.promoter_id != chat.citizen.id:
        raise Stop(_("This petition does not exist any more."))
    _hand_out(chat, found, await _language(chat), names=False)


async def _language(chat: Chat) -> str:
    return await chat.choose("language", _("In which language?"), list(_LANGUAGES), label=_LANGUAGES.__getitem__)


def _hand_out(chat: Chat, petition: Petition, language: str, names: bool) -> None:
    chat.document(
        f"{petition.slug}.pdf",
        {"dossier": {"commune": chat.commune.slug, "petition": petition.id, "language": language, "names": names}},
        _("The dossier of “{title}”: letter, list to sign, receipt, checklist."),
        title=chat.local(petition.title),
    )
