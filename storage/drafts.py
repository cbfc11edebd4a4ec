"""What staff write part by part before anybody sees it: a survey, a council, an opinion, a call.

Announced, it becomes a row by the same way as an entry of a commune's file (storage/loading/).
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage import loading
from storage.bodies import Body
from storage.budget_desk import NotPossible
from storage.calls import Call
from storage.database import insert_or_skip
from storage.loading import Changes, Entry
from storage.opinions import DRAFT, Opinion
from storage.schema import Base, Id, Localised
from storage.surveys import Survey, SurveyQuestion

Content = dict[str, Any]  # what a commune's file says of it; moments as ISO 8601


@dataclass(frozen=True, slots=True)
class Shape:
    """Of the drafts of a noun: where they go, which lists they hold and how long, what must be there."""

    table: type[Survey] | type[Body] | type[Opinion] | type[Call]
    plural: str  # in a commune's file
    lists: dict[str, int]
    needs: tuple[str, ...]


SHAPES = {
    "survey": Shape(Survey, "surveys", {"questions": 15}, ("questions",)),
    "body": Shape(Body, "bodies", {}, ("seats",)),
    "opinion": Shape(Opinion, "opinions", {"advice": 10}, ()),
    "call": Shape(
        Call, "calls", {"conditions": 10, "questions": 20, "documents": 10, "criteria": 10}, ("questions", "criteria")
    ),
}


_BARE = ("conditions", "advice")  # lists of texts, with no key to each


class Draft(Base):
    """Something that is being written; only the staff see it."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("commune_id", "slug"),)
    id: Mapped[Id]
    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    noun: Mapped[str]
    slug: Mapped[str]  # made of its title: two with one title cannot be
    content: Mapped[dict[str, Any]]
    begun: Mapped[datetime]

    @property
    def title(self) -> Localised:
        """What it is called."""
        return Localised(self.content["title"])

    @property
    def mark(self) -> str:
        """Of what it says now: who agreed to one text has not agreed to another."""
        return mark_of(self.content)

    @property
    def missing(self) -> list[str]:
        """What it must have before it is announced."""
        return [part for part in SHAPES[self.noun].needs if not self.content.get(part)]

    def listed(self, part: str) -> list[Any]:
        """The entries of one of its lists."""
        return list(self.content.get(part, []))


def mark_of(said: Any) -> str:
    """By which a content, or an entry of it, is known again while it is as it was."""
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:12]


def words(entry: Content) -> Localised:
    """What an entry of a list says."""
    return Localised(entry.get("text") or entry.get("name") or entry)


def plain(title: str) -> str:
    """A title as it is compared."""
    return " ".join(title.casefold().split())


async def titles(db: AsyncSession, commune_id: int, noun: str, but: int = 0) -> set[str]:
    """How all of this noun are called, drafts too, as they are compared; without one draft."""
    table = SHAPES[noun].table
    others = select(Draft).where(Draft.commune_id == commune_id, Draft.noun == noun, Draft.id != but)
    called = [each.title for each in await db.scalars(others)]
    called += await db.scalars(select(table.title).where(table.commune_id == commune_id))
    return {words for title in called for words in _named(title)}


def _named(title: Localised) -> set[str]:
    return {plain(words) for words in title.values()}


async def begin(db: AsyncSession, commune_id: int, noun: str, content: Content, now: datetime) -> int:
    """Keep a draft; its number.  Raises NotPossible."""
    if _named(content["title"]) & await titles(db, commune_id, noun):
        raise NotPossible("twice")
    slug = _slug(noun, content["title"])
    row = {"commune_id": commune_id, "noun": noun, "slug": slug, "content": content, "begun": now}
    id = await db.scalar(insert_or_skip(db, Draft).values(row).returning(Draft.id))
    if id is None:
        raise NotPossible("twice")
    return int(id)


async def every(db: AsyncSession, commune_id: int, noun: str) -> Sequence[Draft]:
    """The drafts of a noun, the newest first."""
    query = select(Draft).filter_by(commune_id=commune_id, noun=noun)
    return (await db.scalars(query.order_by(Draft.id.desc()))).all()


async def find(db: AsyncSession, commune_id: int, id: int) -> Draft | None:
    """A draft, while it is one."""
    return (await db.scalars(select(Draft).filter_by(commune_id=commune_id, id=id))).one_or_none()


async def change(db: AsyncSession, commune_id: int, id: int, values: Content) -> None:
    """Say something else in it; raises NotPossible."""
    draft = await _locked(db, commune_id, id)
    title = values.get("title", draft.title)
    if _named(title) & await titles(db, commune_id, draft.noun, id):
        raise NotPossible("twice")
    draft.content, draft.slug = {**draft.content, **values}, _slug(draft.noun, title)
    await db.flush()


async def add(db: AsyncSession, commune_id: int, id: int, part: str, entry: Content) -> None:
    """Add an entry to one of its lists; raises NotPossible."""
    draft = await _locked(db, commune_id, id)
    listed = draft.listed(part)
    if len(listed) >= SHAPES[draft.noun].lists[part]:
        raise NotPossible("many")
    if any(_named(words(entry)) & _named(words(each)) for each in listed):
        raise NotPossible("double")
    draft.content = {**draft.content, part: [*listed, _numbered(part, entry, listed)]}
    await db.flush()


def _numbered(part: str, entry: Content, listed: list[Content]) -> Content:
    """With a key that no other of its list has."""
    if part in _BARE:
        return entry
    last = max((int(each["id"][1:]) for each in listed), default=0)
    return {"id": f"{part[0]}{last + 1}", **entry}


async def remove(db: AsyncSession, commune_id: int, id: int, part: str, mark: str) -> None:
    """Take the entry of this mark out of one of its lists; raises NotPossible."""
    draft = await _locked(db, commune_id, id)
    listed = draft.listed(part)
    gone = [each for each in listed if mark_of(each) == mark]
    if not gone:
        raise NotPossible("changed")
    if any(each.get("only_if", {}).get("question") == gone[0].get("id", "") for each in listed):
        raise NotPossible("needed")
    draft.content = {**draft.content, part: [each for each in listed if each is not gone[0]]}
    await db.flush()


async def announce(db: AsyncSession, commune_id: int, id: int, mark: str, now: datetime) -> int:
    """Let everybody see it, as it was when it bore this mark; the number of what it has become.  Raises NotPossible."""
    draft = await _locked(db, commune_id, id)
    shape, closes = SHAPES[draft.noun], draft.content.get("closes")
    against = {
        "changed": draft.mark != mark,
        "unready": bool(draft.missing),
        "past": closes is not None and datetime.fromisoformat(closes) <= now,
        "twice": bool(_named(draft.title) & await titles(db, commune_id, draft.noun, id)),
    }
    if why := next((why for why, is_so in against.items() if is_so), None):
        raise NotPossible(why)
    await db.execute(delete(Draft).where(Draft.id == id))
    await loading.NOUNS[shape.plural](db, commune_id, (entry(draft, now),), now, Changes())
    await db.flush()
    query = select(shape.table.id).where(shape.table.commune_id == commune_id, shape.table.slug == draft.slug)
    return int((await db.scalars(query)).one())


async def drop(db: AsyncSession, commune_id: int, id: int) -> None:
    """Throw it away; raises NotPossible."""
    await _locked(db, commune_id, id)
    await db.execute(delete(Draft).where(Draft.id == id))


async def _locked(db: AsyncSession, commune_id: int, id: int) -> Draft:
    query = select(Draft).filter_by(commune_id=commune_id, id=id).with_for_update()
    draft = (await db.scalars(query.execution_options(populate_existing=True))).one_or_none()
    if draft is None:
        raise NotPossible("unknown")
    return draft


def _slug(noun: str, title: Localised) -> str:
    return f"{noun}-{hashlib.sha256(plain(title['fr']).encode()).hexdigest()[:10]}"


# As what it will be


def entry(draft: Draft, now: datetime) -> Entry:
    """As a commune's file would say it."""
    moments = {name: draft.content.get(name) for name in ("opens", "closes", "info")}
    values = draft.content | {name: datetime.fromisoformat(said) for name, said in moments.items() if said}
    match draft.noun:
        case "survey":
            asked = values.pop("questions", [])
            return Entry(draft.slug, values, parts={"questions": tuple(map(_question, range(len(asked)), asked))})
        case "opinion":
            values = {"advice": [], **values}
            return Entry(draft.slug, values, {"state": DRAFT, "moved": now, "answer": {}})
        case "call":
            empty: Content = {part: [] for part in SHAPES["call"].lists}
            return Entry(draft.slug, {**empty, **values})
    return Entry(draft.slug, values, {"tickets": []})


def _question(place: int, said: Content) -> Entry:
    return Entry(said["id"], {"place": place, **{key: value for key, value in said.items() if key != "id"}})


def seen(draft: Draft, now: datetime, **values: Any) -> Any:
    """The row it will be, with these values; it is not kept."""
    with_values = Draft(noun=draft.noun, slug=draft.slug, content={**draft.content, **values})
    said = entry(with_values, now)
    return SHAPES[draft.noun].table(slug=said.slug, **said.values, **said.first)


def questions(draft: Draft, now: datetime) -> list[SurveyQuestion]:
    """The questions of a survey as they will be; they are not kept."""
    return [SurveyQuestion(slug=each.slug, **each.values) for each in entry(draft, now).parts["questions"]]
