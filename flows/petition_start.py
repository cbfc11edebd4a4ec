"""Starting a petition: what a commune may decide, who asks, its title; from then on a draft is kept."""

from flows import petition_parts
from flows.chat import Chat, Stop
from flows.registry import MODERATORS, flow
from locales import _
from storage import citizens, petition_drafts
from storage.petition_drafts import TooManyDrafts
from storage.petitions import ASSOCIATION, CITIZENS

_YES, _UNSURE, _NO = "yes", "unsure", "no"
_KINDS = {CITIZENS: _("Residents"), ASSOCIATION: _("An association")}


@flow(
    "petition.start",
    _("Start a petition"),
    command="petition_new",
    word="petition_new",
    intents=("petition_start",),
)
async def start(chat: Chat) -> None:
    """See whether the commune can decide it, say who asks, give it a title: from then on it is kept."""
    await _is_within_powers(chat)
    kind = await chat.choose("kind", _("Who asks?"), list(_KINDS), label=lambda kind: chat.t(_KINDS[kind]))
    words = await _as_association(chat) if kind == ASSOCIATION else await _as_residents(chat)
    if not await chat.confirm(
        "consent",
        _(
            "We keep your draft for {months}; only the service sees it. Once it is taken on, everybody reads it "
            "with the name of its representative. (Law 09-08) Do you agree?"
        ),
        yes=_("I agree"),
        no=_("I refuse"),
        months=chat.months(chat.commune.keep_months),
    ):
        raise Stop(_("Nothing was recorded."))
    words["title"] = await petition_parts.asked(chat, "title")
    try:
        draft = await petition_drafts.begin(chat.db, chat.occasion(), kind, words)
    except TooManyDrafts:
        chat.offer("/my_petitions", _("My petitions"))
        raise Stop(_("You have three petitions in hand already. Send one or delete one first.")) from None
    citizens.agrees(chat.db, chat.citizen.id, "draft", chat.now)
    chat.then("petition.draft", draft=draft)


@flow("petition.enter", creates=_("Petition for somebody"), roles=MODERATORS, is_own=True)
async def enter(chat: Chat) -> None:
    """Staff write a petition down for somebody at the desk: it is that person's, who agrees and gets a code for it."""
    chat.then("help.other", leads="petition.start")


async def _is_within_powers(chat: Chat) -> None:
    home = chat.commune
    can = chat.local(home.petition_can) or chat.t(
        _("streets and lights, waste, water and sewers, buses, parks, markets, sport and culture of the commune")
    )
    cannot = chat.local(home.petition_cannot) or chat.t(
        _("police and courts, schools' programmes and teachers, hospitals, national taxes, a private quarrel")
    )
    chat.say(_("A petition asks the council to put a point on its agenda. The council decides."))
    chat.say(_("Yes: {can}.\nNo: {cannot}."), can=can, cannot=cannot)
    options = {_YES: _("Yes, it can"), _UNSURE: _("I am not sure"), _NO: _("No")}
    answer = await chat.choose(
        "powers",
        _("Can the commune decide what you ask for?"),
        list(options),
        label=lambda each: chat.t(options[each]),
    )
    if answer == _NO:
        chat.offer("human", _("Talk to a person"))
        raise Stop(_("Then a petition to the commune cannot help. The service can tell you who decides it."))
    if answer == _UNSURE:
        chat.say(_("No matter: go on. The service will tell you before anything is published."))


async def _as_residents(chat: Chat) -> dict[str, str]:
    threshold = chat.commune.petition_threshold
    if not await chat.confirm(
        "concerned",
        _(
            "You live in the commune or work there, and the matter concerns several of you. At least {threshold} of "
            "you sign in the end. Is it so?"
        ),
        threshold=threshold,
    ):
        raise Stop(_("A petition needs that. You can write to the service instead."))
    return {}


async def _as_association(chat: Chat) -> dict[str, str]:
    if not await chat.confirm(
        "conditions",
        _(
            "The association is more than three years old and in good standing. Its seat or a branch is in the "
            "commune. Its object is linked to the petition. Is it so?"
        ),
    ):
        raise Stop(_("An association needs all of that. Its members can ask as residents."))
    return {"association": await petition_parts.asked(chat, "association")}
