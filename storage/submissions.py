"""What associations submit to a call: a draft kept for weeks, then one of each association and each account."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, ForeignKey, LargeBinary, UniqueConstraint, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.calls import Call
from storage.database import vault
from storage.schema import Base, Id, Localised, Marked

DRAFT, SUBMITTED, SELECTED, DECLINED = "draft", "submitted", "selected", "declined"
ASSOCIATION, CONTACT = "association", "contact"  # asked before the questions of the call
PAPER = "paper:"  # before the id of a document, where it stands among the parts: no question has a colon in its id


class Submission(Base):
    """What one account writes for its association."""

    __tablename__ = "submission"
    __table_args__ = (
        UniqueConstraint("call_id", "citizen_id"),  # one account, whatever the name typed
        UniqueConstraint("call_id", "association"),  # one association, whatever the account
    )
    id: Mapped[Id]
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    citizen_id: Mapped[int | None] = mapped_column(ForeignKey("citizen.id"), index=True)  # none: erased
    association: Mapped[str | None]  # the mark of its name, once it is submitted
    words: Mapped[bytes] = mapped_column(LargeBinary)  # sealed: part -> words; "": passed over
    state: Mapped[str]
    receipt: Mapped[str] = mapped_column(unique=True)
    channel: Mapped[str]
    language: Mapped[str]
    assisted: Mapped[Marked]
    begun: Mapped[datetime]
    changed: Mapped[datetime]
    submitted: Mapped[datetime | None]
    day: Mapped[date | None]  # of `submitted`, in Morocco
    verdict: Mapped[str | None]  # what is decided; nobody is told before the result is published
    reasons: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed: in both languages
    keep_until: Mapped[datetime] = mapped_column(index=True)


class Document(Base):
    """A file of a submission: a PDF, or one page photographed."""

    __tablename__ = "submission_document"
    __table_args__ = (UniqueConstraint("submission_id", "media_id"),)
    id: Mapped[Id]
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    paper: Mapped[str]  # which document of the call
    media_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str]


@dataclass(frozen=True, slots=True)
class OpenedSubmission:
    """A submission, opened."""

    id: int
    call: Call
    citizen_id: int | None
    state: str
    receipt: str
    language: str
    assisted: bool  # submitted on somebody else's phone
    words: dict[str, str]
    files: dict[str, list[tuple[str, int]]]  # paper -> (kind, media)
    submitted: datetime | None
    verdict: str | None
    reasons: Localised

    @property
    def name(self) -> str:
        """The association."""
        return self.words.get(ASSOCIATION) or self.receipt

    @property
    def parts(self) -> list[str]:
        """What is written, in the order in which it is asked."""
        return [ASSOCIATION, CONTACT, *(each.id for each in self.call.asks)]

    @property
    def unasked(self) -> list[str]:
        """The parts to which nothing was said yet, those too that may be passed over."""
        return [part for part in self.parts if part not in self.words]

    @property
    def missing(self) -> list[str]:
        """The parts and the papers without which it cannot be submitted."""
        optional = {each.id for each in self.call.asks if each.is_optional}
        parts = [part for part in self.parts if part not in optional and not self.words.get(part)]
        return parts + [
            f"{PAPER}{each.id}" for each in self.call.papers if not each.is_optional and not self.files.get(each.id)
        ]


async def mine(db: AsyncSession, call_id: int, citizen_id: int) -> Submission | None:
    """This account's own."""
    return (await db.scalars(select(Submission).filter_by(call_id=call_id, citizen_id=citizen_id))).one_or_none()


async def own(db: AsyncSession, citizen_id: int, id: int, with_files: bool = True) -> OpenedSubmission | None:
    """One's own, opened."""
    found = await opened(db, Submission.id == id, Submission.citizen_id == citizen_id, with_files=with_files)
    return found[0] if found else None


async def page(db: AsyncSession, call_id: int, offset: int, limit: int) -> list[OpenedSubmission]:
    """What was submitted to a call, opened."""
    return await opened(db, *_handed_in(call_id), offset=offset, limit=limit)


async def find(db: AsyncSession, call_id: int, id: int) -> OpenedSubmission | None:
    """One of what was submitted to a call, opened."""
    found = await opened(db, *_handed_in(call_id), Submission.id == id)
    return found[0] if found else None


def _handed_in(call_id: int) -> tuple[ColumnElement[bool], ...]:
    return Submission.call_id == call_id, Submission.state != DRAFT


async def opened(
    db: AsyncSession, *those: Any, offset: int = 0, limit: int = 1, with_files: bool = True
) -> list[OpenedSubmission]:
    """Submissions of which this holds, with their files where these are wanted."""
    query = select(Submission, Call).join(Call, Call.id == Submission.call_id).where(*those).order_by(Submission.id)
    query = query.offset(offset).limit(limit).execution_options(populate_existing=True)
    rows = (await db.execute(query)).all()
    kept = await files(db, [row.id for row, _call in rows]) if with_files else {}
    return [_written(db, row, call, kept.get(row.id, {})) for row, call in rows]


async def files(db: AsyncSession, ids: Sequence[int]) -> dict[int, dict[str, list[tuple[str, int]]]]:
    """Of each of these: paper -> its files, as they were sent."""
    query = select(Document).where(Document.submission_id.in_(ids)).order_by(Document.id)
    found: dict[int, dict[str, list[tuple[str, int]]]] = {}
    for each in await db.scalars(query):
        found.setdefault(each.submission_id, {}).setdefault(each.paper, []).append((each.kind, each.media_id))
    return found


def _written(
    db: AsyncSession, row: Submission, call: Call, files: dict[str, list[tuple[str, int]]]
) -> OpenedSubmission:
    return OpenedSubmission(
        id=row.id,
        call=call,
        citizen_id=row.citizen_id,
        state=row.state,
        receipt=row.receipt,
        language=row.language,
        assisted=row.assisted,
        words=vault(db).open(row.words),
        files=files,
        submitted=row.submitted,
        verdict=row.verdict,
        reasons=vault(db).open(row.reasons) if row.reasons else {},
    )
