"""What people can take part in, as its card says it; the staff see a draft by the same functions."""

from flows.body_words import QUOTAS
from flows.chat import Chat
from flows.opinion_states import STATES
from locales import _, n_
from locales.values import Day, Hour, Written
from storage.bodies import LOTTERY, Body
from storage.calls import Call
from storage.opinions import Opinion
from storage.surveys import Survey


def survey(chat: Chat, survey: Survey, count: int) -> None:
    """What a survey is about, how many questions it has, until when."""
    chat.say("<b>{title}</b>\n{intro}", title=chat.local(survey.title), intro=chat.local(survey.intro))
    chat.say(
        n_("{count} question. Open until {day}, {hour}.", "{count} questions. Open until {day}, {hour}."),
        count=count,
        day=Day(survey.closes),
        hour=Hour(survey.closes),
    )
    if survey.is_anonymous:
        chat.say(_("Your answers carry no name. Please write none in them."))
    else:
        chat.say(_("The service sees that the answers are yours. (Law 09-08)"))


def body(chat: Chat, body: Body) -> None:
    """What a body is for, its seats, who may apply, how the seats are given."""
    chat.say("<b>{title}</b>\n{about}", title=chat.local(body.title), about=chat.local(body.about))
    quotas = [chat.t(QUOTAS[group], count=count) for group, count in body.quotas.items() if count]
    chat.say(n_("{count} seat.", "{count} seats."), count=body.seats)
    if quotas:
        chat.say(_("Among them {quotas}."), quotas=Written(chat.texts.listed(quotas)))
    ages = _("From {least} to {most} years of age.") if body.max_age else _("From {least} years of age.")
    chat.say(ages, least=body.min_age, most=body.max_age or 0)
    if body.selection == LOTTERY:
        chat.say(_("The seats are drawn by lot, and anyone can check the draw."))
    else:
        chat.say(_("The commune chooses, and tells everybody who applied."))


def opinion(chat: Chat, opinion: Opinion) -> None:
    """What an opinion says, and where it stands."""
    chat.say("<b>{title}</b>\n{author}", title=chat.local(opinion.title), author=chat.local(opinion.author))
    chat.say("{about}", about=chat.local(opinion.about))
    lines = [
        chat.t("{number}. {advice}", number=n, advice=chat.local(each)) for n, each in enumerate(opinion.advice, 1)
    ]
    if lines:
        chat.say(_("What it advises:\n{lines}"), lines=Written("\n".join(lines)))
    chat.say(_("State: {state}, since {day}."), state=Written(chat.t(STATES[opinion.state])), day=Day(opinion.moved))
    if opinion.answer:
        chat.say(_("The council answers:\n{answer}"), answer=chat.local(opinion.answer))
    if opinion.takes_words(chat.now) and opinion.closes:
        chat.say(_("You can send your words until {day}, {hour}."), day=Day(opinion.closes), hour=Hour(opinion.closes))


def call(chat: Chat, call: Call) -> None:
    """What a call is about, its conditions, what is to be written and brought, until when."""
    chat.say("<b>{title}</b>\n{about}", title=chat.local(call.title), about=chat.local(call.about))
    if call.conditions:
        lines = "\n".join(chat.t("• {line}", line=chat.local(each)) for each in call.conditions)
        chat.say(_("The conditions:\n{lines}"), lines=Written(lines))
    _asked(chat, call)
    if call.info and call.info > chat.now:
        chat.say(
            _("Information session: {day} at {hour}, {place}."),
            day=Day(call.info),
            hour=Hour(call.info),
            place=chat.local(call.info_place) if call.info_place else "—",
        )
    deadline = _("The deadline is {day}, {hour}.") if call.closes > chat.now else _("It closed on {day}.")
    when = {"day": Day(call.closes), "hour": Hour(call.closes)} if call.closes > chat.now else {"day": Day(call.closes)}
    chat.say(deadline, **when)


def _asked(chat: Chat, call: Call) -> None:
    """What there is to write and to bring."""
    lines = [chat.t("• {line}", line=chat.local(each.text)) for each in call.asks]
    chat.say(
        n_("{count} question:\n{lines}", "{count} questions:\n{lines}"),
        count=len(lines),
        lines=Written("\n".join(lines)),
    )
    papers = [chat.t("• {line}", line=chat.local(each.name)) for each in call.papers if not each.is_optional]
    if papers:
        chat.say(_("Documents to send, as PDF or photos:\n{lines}"), lines=Written("\n".join(papers)))
