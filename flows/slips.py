"""Paper: what people signed, voted or said by hand, entered by the staff one by one or from a spreadsheet."""

from collections.abc import Iterable

from flows.chat import Chat, Stop
from flows.identity import cin_number, person_name
from flows.registry import MODERATORS, flow
from flows.stances import LABELS
from locales import _, n_
from locales.values import Code, Written
from reports import sheets
from reports.sheets import BadSheet, Line
from storage import media, slips
from storage.occasions import Closed
from storage.slips import Register, Report, Slip
from storage.slips.budgets import projects_on_paper, split

WHY = {
    "cin": _("this is no ID card number"),
    "name": _("the name is missing"),
    "twice": _("the same ID number stands above"),
    "counted": _("this person is counted already"),
    "project": _("there is no such project"),
    "rules": _("it is against the rules of this vote"),
    "article": _("there is no article with this number"),
    "stance": _("the position is missing, such as “pour”"),
}
BAD = {
    "size": _("This file is too large: 2 MB at most."),
    "rows": _("This list is too long: 5000 lines at most. Send it in parts."),
    "kind": _("We cannot read this file. Save it as .xlsx or .csv and send it again."),
    "columns": _("The first line names no column that we know. Write “CIN” and “Nom” there."),
    "empty": _("There is no line under the first one."),
}
_CLOSED = _("It takes no paper any more. Nothing was entered.")
_COLUMNS = {"petition": "CIN, Nom, Quartier", "budget": "CIN, Projets", "consultation": "CIN, Article, Position, Avis"}
_SHOWN = 30  # faults in one message
_WAYS = {"one": _("One person"), "file": _("A spreadsheet")}


@flow("paper.enter", _("Paper: signatures, votes"), command="paper", roles=MODERATORS)
async def enter(chat: Chat, process: str | None = None) -> None:
    """Choose the register, then one person or a file."""
    registers = await slips.taking(chat.db, chat.commune, chat.now)
    if not registers:
        raise Stop(_("Nothing takes paper now: nothing is open."))
    register = await chat.choose(
        "process", _("Where does the paper belong?"), registers, lambda each: chat.local(each.title), preset=process
    )
    way = await chat.choose("way", _("What do you have in hand?"), list(_WAYS), lambda each: chat.t(_WAYS[each]))
    await (_one(chat, register) if way == "one" else _file(chat, register))
    chat.offer("/paper", _("Enter more"))


async def _one(chat: Chat, register: Register) -> None:
    cin = await chat.secret(
        "cin", _("Write the ID card number. Example: {example}"), read_as=cin_number, example=Code("I123456")
    )
    slip, said = await _said(chat, register, cin)
    if not await chat.review(
        "sure",
        _("ID card: {cin}\n{said}\nEnter this paper?"),
        yes=_("Enter it"),
        corrections={"cin": _("Correct: ID number"), "said": _("Correct the rest")},
        cin=Code(cin),
        said=said,
    ):
        raise Stop(_("Nothing was entered."))
    report = await _kept(chat, register, [slip])
    if report.faults:
        raise Stop(_("Not entered: {why}."), why=chat.t(WHY[report.faults[0].why]))
    chat.say(_("Entered. It counts like any other."))


async def _said(chat: Chat, register: Register, cin: str) -> tuple[Slip, str]:
    """What the paper says besides the number, as a slip and as it is read back."""
    if register.noun == "petition":
        name = await chat.text("said", _("Write the full name, as on the list."), longest=80, read_as=person_name)
        return Slip(1, cin, name), name
    if register.noun == "consultation":
        return await _opinion(chat, cin)
    projects = await projects_on_paper(chat.db, register.about)
    lines = (chat.t("{n}. {title}", n=n, title=chat.local(each.short)) for n, each in enumerate(projects, 1))
    text = _("{projects}\nWrite the numbers that are ticked, for example 1, 3.")
    ticked = await chat.number("said", text, read_as=str, projects=Written("\n".join(lines)))
    return Slip(1, cin, choices=split(ticked)), ticked


async def _opinion(chat: Chat, cin: str) -> tuple[Slip, str]:
    article = await chat.number("article", _("The number of the article? Write 0 for the whole text."), read_as=str)
    stance = await chat.choose("stance", _("What does this person say?"), list(LABELS), lambda s: chat.t(LABELS[s]))
    words = await chat.text("said", _("In which words?"), skip=_("No words"))
    about = "" if article.strip() == "0" else article
    return Slip(1, cin, article=about, stance=stance, words=words), f"{article}. {chat.t(LABELS[stance])} {words}"


async def _file(chat: Chat, register: Register) -> None:
    chat.say(_("The first line names the columns: {columns}."), columns=_columns(register))
    given = await chat.given("file", _("Send the list as a document, .xlsx or .csv."), media.LIST)
    found = await media.content(chat.db, given.media) if given.media else None
    if found is None:
        raise Stop(_("There is no file. Nothing was entered."))
    try:
        read = of_lines(await sheets.lines(found[1]))
    except BadSheet as bad:
        raise Stop(BAD[bad.why]) from None
    report = await _checked(chat, register, read)
    if not report.entered:
        raise Stop(_("No line can be entered:\n{faults}"), faults=_faults(chat, report))
    if report.faults:
        chat.say(_("These lines cannot be entered:\n{faults}"), faults=_faults(chat, report))
    if not await chat.confirm(
        "sure", n_("Enter {count} line?", "Enter {count} lines?"), yes=_("Enter them"), count=report.entered
    ):
        raise Stop(_("Nothing was entered. Mend the file and send it again."))
    report = await _kept(chat, register, read)
    await media.drop(chat.db, given.media or 0)
    chat.say(n_("{count} line is entered.", "{count} lines are entered."), count=report.entered)


def _columns(register: Register) -> Code:
    return Code(_COLUMNS[register.noun])


def of_lines(lines: Iterable[Line]) -> list[Slip]:
    """The lines of a list as slips."""
    return [
        Slip(
            line.number,
            line.cells.get("cin", ""),
            line.cells.get("name", ""),
            line.cells.get("quarter", ""),
            split(line.cells.get("choices", "")),
            line.cells.get("article", ""),
            line.cells.get("stance", ""),
            line.cells.get("words", ""),
        )
        for line in lines
    ]


async def _checked(chat: Chat, register: Register, read: list[Slip]) -> Report:
    try:
        return await slips.NOUNS[register.noun](chat.db, chat.commune, register.about, read, chat.now, keep=False)
    except Closed:
        raise Stop(_CLOSED) from None


async def _kept(chat: Chat, register: Register, read: list[Slip]) -> Report:
    try:
        report = await slips.NOUNS[register.noun](chat.db, chat.commune, register.about, read, chat.now)
    except Closed:
        raise Stop(_CLOSED) from None
    chat.note(f"{register.noun}.paper", register.about, entered=report.entered, refused=len(report.faults))
    return report


def _faults(chat: Chat, report: Report) -> Written:
    shown = [
        chat.t(_("Line {line}: {why}"), line=fault.line, why=Written(chat.t(WHY[fault.why])))
        for fault in report.faults[:_SHOWN]
    ]
    if (rest := len(report.faults) - _SHOWN) > 0:
        shown.append(chat.t(_("… and {rest} more"), rest=rest))
    return Written("\n".join(shown))
