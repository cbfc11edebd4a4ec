"""A survey or a quiz written in chat, question by question."""

import re
from collections.abc import Callable, Mapping

from flows import as_seen, authoring, drafting
from flows.chat import Chat, Stop
from flows.drafting import DRAFTED, Drafted
from flows.questions import Refused
from flows.registry import MODERATORS, flow
from locales import _
from locales.values import Value, Written
from storage import drafts
from storage.drafts import Content, Draft
from storage.schema import Localised
from storage.surveys import AT_ONCE, AT_THE_END, NEVER, NUMBER, OPEN, QUIZ, SCALE, SEVERAL, SINGLE, SURVEY

NOUN = "survey"
_KINDS = {SURVEY: _("A survey"), QUIZ: _("A quiz")}
_NAMES = {"without": _("Without names"), "with": _("With names")}
_RESULTS = {AT_ONCE: _("After answering"), AT_THE_END: _("Once it is closed"), NEVER: _("Never")}
_ASKED_AS = {
    SINGLE: _("One answer"),
    SEVERAL: _("Several answers"),
    SCALE: _("A scale"),
    NUMBER: _("A number"),
    OPEN: _("In their own words"),
}
_GRADED = (SINGLE, SEVERAL)  # what a quiz asks, and what another question may follow on
_BOUNDED = (SEVERAL, SCALE, NUMBER)
_EVERYBODY = "everybody"
_FEWEST, _MOST_OPTIONS = 2, 10
_LARGEST = 1_000_000


@flow("survey.new", creates=_("A survey or a quiz"), roles=MODERATORS)
async def begin(chat: Chat) -> None:
    """Begin one, or go on with a draft."""
    if await drafting.goes_on(chat, NOUN):
        return
    kind = await chat.choose("kind", _("What is it?"), list(_KINDS), lambda each: chat.t(_KINDS[each]))
    content = {"kind": kind, **await drafting.titled(chat, NOUN), **await drafting.text(chat, "intro")}
    content |= await _rules(chat) if kind == SURVEY else {"is_anonymous": True, "results": NEVER}
    content |= await drafting.dates(chat)
    await drafting.keep(chat, NOUN, content, {"names": _("Correct: names"), "results": _("Correct: results")})


async def _rules(chat: Chat) -> Content:
    names = await chat.choose(
        "names", _("Does the service see who answered what?"), list(_NAMES), lambda each: chat.t(_NAMES[each])
    )
    results = await chat.choose(
        "results", _("When do people see what all have answered?"), list(_RESULTS), lambda each: chat.t(_RESULTS[each])
    )
    return {"is_anonymous": names == "without", "results": results}


@flow("survey.add", roles=MODERATORS)
async def add(chat: Chat, draft: int, part: str) -> None:
    """One question more."""
    found = await drafting.found(chat, draft, NOUN)
    is_quiz = found.content["kind"] == QUIZ
    kinds = _GRADED if is_quiz else tuple(_ASKED_AS)
    kind = await chat.choose("kind", _("How is it answered?"), kinds, lambda each: chat.t(_ASKED_AS[each]))
    text = await authoring.both(
        chat,
        "text",
        _("The question in French:"),
        _("The question in Arabic or Darija:"),
        longest=drafting.LONGEST_TEXT,
    )
    asked = {"kind": kind, "text": text, **await _answers(chat, kind, is_quiz), "only_if": await _only_if(chat, found)}
    asked["may_skip"] = not is_quiz and kind != NUMBER and await chat.confirm("skip", _("May it be passed over?"))
    if kind == SEVERAL and asked["may_skip"]:
        asked["least"] = 0
    _read_back(chat, asked, {each["id"]: each for each in found.listed("questions")})
    if not await chat.review(
        "sure",
        _("Add this question?"),
        yes=_("Add it"),
        corrections={
            "text_fr": _("Correct the text"),
            "text_ar": _("The Arabic text"),
            "options_fr": _("The answers"),
            "options_ar": _("Answers in Arabic"),
            "right": _("What is right"),
        },
    ):
        raise Stop(_("Nothing was recorded."))
    args = {"part": part, "entry": asked}
    await chat.do("survey.add", found.id, _("Add the question {title}"), args, title=chat.local(text))


async def _answers(chat: Chat, kind: str, is_quiz: bool) -> Content:
    """What can be answered, and how much of it."""
    given: Content = {"options": [], "explanation": {}, "least": 1, "most": _LARGEST}
    if kind == SCALE:
        given["most"] = await authoring.amount(chat, "most", _("A scale from 1 to which number?"), 3, 10)
    elif kind == NUMBER:
        given["least"] = await authoring.amount(chat, "least", _("Which is the smallest number?"), 0, _LARGEST - 1)
        largest = _("Which is the largest number?")
        given["most"] = await authoring.amount(chat, "most", largest, given["least"] + 1, _LARGEST)
    elif kind in _GRADED:
        given["options"] = options = await _options(chat)
        given["most"] = 1
        if kind == SEVERAL:
            most = _("At most how many answers may one tick?")
            given["most"] = await authoring.amount(chat, "most", most, 1, len(options))
        if is_quiz:
            given["options"] = await _right(chat, kind, options)
            given["explanation"] = await _explanation(chat)
    return given


async def _options(chat: Chat) -> list[Content]:
    """What can be chosen, in both languages."""
    french = await chat.text(
        "options_fr",
        _("The answers in French: one a line, or with ; between them."),
        longest=2000,
        read_as=_lines(_FEWEST, _MOST_OPTIONS),
    )
    count = len(french.split("\n"))
    arabic = await chat.text(
        "options_ar",
        _("The same {count} in Arabic or Darija, in the same order:"),
        longest=2000,
        read_as=_lines(count, count),
        count=count,
    )
    pairs = zip(french.split("\n"), arabic.split("\n"), strict=True)
    return [{"id": str(n), "label": {"fr": fr, "ar": ar}} for n, (fr, ar) in enumerate(pairs, 1)]


def _lines(least: int, most: int) -> Callable[[str], str]:
    """So many of them, each once."""

    def read_as(typed: str) -> str:
        lines = [" ".join(each.split()) for each in re.split(r"[\n;؛]", typed) if each.strip()]
        if not least <= len(lines) <= most:
            says = (
                _("We count {count}. Write {least} of them here.")
                if least == most
                else _("We count {count}. Write from {least} to {most}.")
            )
            counted: dict[str, Value] = {"count": len(lines), "least": least}
            raise Refused(says, counted if least == most else {**counted, "most": most})
        if len({drafts.plain(each) for each in lines}) < len(lines):
            raise Refused(_("Two of them are the same. Write each once."))
        return "\n".join(lines)

    return read_as


async def _right(chat: Chat, kind: str, options: list[Content]) -> list[Content]:
    """The same, with what is right."""
    most = 1 if kind == SINGLE else len(options)
    question = chat.t(_("Which are right? Tick them."))
    right = await chat.several(
        "right", lambda _ticked: question, options, lambda each: chat.local(each["label"]), 1, most
    )
    return [{**each, "right": True} if each in right else each for each in options]


async def _explanation(chat: Chat) -> Localised:
    skip = _("Skip this question")
    why = _("Why is it so? It is shown after the answer. In French:")
    french = await chat.text("why_fr", why, longest=drafting.LONGEST_TEXT, skip=skip)
    if not french:
        return {}
    arabic = await chat.text("why_ar", _("The same in Arabic or Darija:"), longest=drafting.LONGEST_TEXT)
    return {"fr": french, "ar": arabic}


async def _only_if(chat: Chat, found: Draft) -> Content:
    """After which answers to a question before it is asked; nothing: everybody is."""
    before = {each["id"]: each for each in found.listed("questions") if each["kind"] in _GRADED}
    if not before or found.content["kind"] == QUIZ:
        return {}
    after = await chat.choose(
        "after",
        _("Who is asked this?"),
        [_EVERYBODY, *before],
        lambda id: chat.t(_("Everybody")) if id == _EVERYBODY else chat.local(before[id]["text"]),
    )
    if after == _EVERYBODY:
        return {}
    options, question = before[after]["options"], chat.t(_("After which answers? Tick them."))
    ticked = await chat.several(
        "after_is", lambda _ticked: question, options, lambda each: chat.local(each["label"]), 1, len(options)
    )
    return {"question": after, "is": [each["id"] for each in ticked]}


def _read_back(chat: Chat, asked: Content, before: Mapping[str, Content]) -> None:
    """The question in both languages, how it is answered, of whom it is asked."""
    for language in ("fr", "ar"):
        lines = [chat.t("{question}", question=asked["text"][language])]
        lines += [
            chat.t("{mark} {answer}", mark="✓" if each.get("right") else "•", answer=each["label"][language])
            for each in asked["options"]
        ]
        chat.say("{lines}", lines=Written("\n".join(lines)))
        if asked["explanation"]:
            chat.say("{why}", why=asked["explanation"][language])
    kind, bounds = chat.t(_ASKED_AS[asked["kind"]]), {name: asked[name] for name in ("least", "most")}
    chat.say(_("{kind}, from {least} to {most}.") if asked["kind"] in _BOUNDED else "{kind}", kind=kind, **bounds)
    if asked["only_if"]:
        question = before[asked["only_if"]["question"]]
        answers = [chat.local(each["label"]) for each in question["options"] if each["id"] in asked["only_if"]["is"]]
        after = {"question": chat.local(question["text"]), "answers": chat.texts.listed(answers)}
        chat.say(_("Only after “{question}”: {answers}."), **after)


def _card(chat: Chat, draft: Draft) -> None:
    as_seen.survey(chat, drafts.seen(draft, chat.now), len(draft.listed("questions")))


DRAFTED[NOUN] = Drafted(
    _card, drafting.dates, link="s", text="intro", parts={"questions": _("Add a question")}, see="survey.try"
)
