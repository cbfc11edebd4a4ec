"""The petition dossier: what the mandataire prints, has signed, and deposits with the president of the council.

Organic law 113-14, art. 121-125, and decree 2-16-403: object, reasons, aims, the mandataire, the signed list with
names, ID numbers and addresses; for an association its own papers instead of a list.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from locales import Texts
from locales.catalogues import paper_, papers
from reports import paper
from storage import communes, supports
from storage.communes import Home
from storage.database import Database
from storage.petitions import ASSOCIATION, Petition
from storage.schema import Localised
from storage.supports import Supporter

EMPTY_LINES = 25  # a sheet to sign for those who have not declared anything here


@dataclass(frozen=True, slots=True)
class Signer:
    """A line of the list to sign; the ID number only where the commune may keep it."""

    name: str
    cin: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Dossier:
    """All that the dossier of one petition says."""

    commune: str
    title: str
    request: str
    reasons: str
    aims: str
    mandataire: str
    association: str = ""  # its name; empty: a petition of citizens
    threshold: int | None = None
    signers: Sequence[Signer] = ()


async def pdf(dossier: Dossier, texts: Texts) -> bytes:
    """The dossier as a PDF; 2,000 signers take about half a second, in a thread."""
    return await paper.pdf("dossier", texts, dossier.commune, values(dossier, texts))


async def drawn(database: Database, what: Mapping[str, Any]) -> bytes:
    """The dossier that a message carries: {commune, petition, language, names}; with `names`, of its supporters."""
    async with database.reading() as db:
        petition = await db.get_one(Petition, what["petition"])
        home = await communes.home(db, what["commune"])
        listed = await supports.supporters(db, petition.id) if what["names"] else []
    if home is None:
        raise LookupError(what["commune"])
    return await pdf(of(petition, home, listed, what["language"]), papers(what["language"]))


def of(petition: Petition, home: Home, supporters: Sequence[Supporter], language: str) -> Dossier:
    """The dossier of a petition, with these on the list to sign."""

    def said(texts: Localised) -> str:
        wanted = ("ar", "ary", "fr") if language == "ary" else ("fr", "ar", "ary")
        return next((texts[code] for code in wanted if texts.get(code)), "")

    quarters = {quarter.slug: said(quarter.name) for quarter in home.quarters}
    mandataire = said(petition.mandataire)
    return Dossier(
        commune=said(home.name),
        title=said(petition.title),
        request=said(petition.request),
        reasons=said(petition.reasons),
        aims=said(petition.aims),
        mandataire=mandataire,
        association=(petition.association or mandataire) if petition.kind == ASSOCIATION else "",
        threshold=petition.threshold,
        signers=[Signer(each.name, each.cin, quarters.get(each.quarter or "", "")) for each in supporters],
    )


def values(dossier: Dossier, texts: Texts) -> dict[str, Any]:
    """What the template shows."""
    return {
        "title": dossier.title,
        "letter": _letter(dossier, texts),
        "list": _list(dossier, texts),
        "receipt": _receipt(texts),
        "checklist": _checklist(dossier, texts),
    }


def _letter(dossier: Dossier, t: Texts) -> dict[str, Any]:
    parts = [
        (paper_("Request"), dossier.request),
        (paper_("Reasons"), dossier.reasons),
        (paper_("Aims"), dossier.aims),
    ]
    opening = (
        t.plain(paper_("The association {name} has the honour to submit the petition below."), name=dossier.association)
        if dossier.association
        else t.plain(paper_("We, the citizens who have signed the list attached, submit the petition below."))
    )
    return {
        "heading": t.plain(paper_("Letter of petition")),
        "to": t.plain(paper_("To the President of the Council: {commune}"), commune=dossier.commune),
        "about": t.plain(paper_("Subject:")),
        "opening": opening,
        "parts": [{"heading": t.plain(heading), "text": text} for heading, text in parts],
        "closing": t.plain(
            paper_(
                "We ask that this point be put on the agenda of the council (organic law 113-14, articles 121 to 125). "
                "For all that concerns this petition please write to its representative."
            )
        ),
        "signed": [
            t.plain(paper_("Representative of the petition: {name}"), name=dossier.mandataire),
            t.plain(paper_("Date and signature:")),
        ],
    }


def _list(dossier: Dossier, t: Texts) -> dict[str, Any]:
    head = [paper_("No."), paper_("Full name"), paper_("ID card"), paper_("Address"), paper_("Signature")]
    known = [[str(number), each.name, each.cin, each.address, ""] for number, each in enumerate(dossier.signers, 1)]
    empty = [[str(len(known) + number), "", "", "", ""] for number in range(1, EMPTY_LINES + 1)]
    note = (
        t.plain(paper_("An association needs no number of signatures; this list is for those who wish to support it."))
        if dossier.association
        else t.plain(
            paper_("The law asks for {threshold} signatures at least. Each person signs once, by hand."),
            threshold=dossier.threshold or 0,
        )
    )
    return {
        "heading": t.plain(paper_("List to be signed")),
        "note": note,
        "head": [t.plain(each) for each in head],
        "rows": known + empty,
    }


def _receipt(t: Texts) -> dict[str, Any]:
    lines = [
        paper_("Number:"),
        paper_("Title of the petition:"),
        paper_("Deposited by:"),
        paper_("Number of signatures attached:"),
        paper_("Date and hour:"),
    ]
    return {
        "heading": t.plain(paper_("Receipt of deposit")),
        "lead": t.plain(
            paper_("The services of the commune give this receipt at once when the petition is deposited.")
        ),
        "lines": [t.plain(line) for line in lines],
        "signed": [t.plain(paper_("For the commune (name, signature, stamp):")), t.plain(paper_("Who deposits:"))],
    }


def _checklist(dossier: Dossier, t: Texts) -> dict[str, Any]:
    shared = [
        paper_("The letter is signed by the representative of the petition."),
        paper_("The point is within the powers of the commune."),
        paper_("Request, reasons and aims are stated."),
    ]
    citizens = [
        paper_("Each line of the list has a name, an ID number, an address and a signature."),
        paper_("There are as many signatures as the law asks for, and some more in case a line is refused."),
        paper_("Copies of the ID cards are attached."),
    ]
    association = [
        paper_("The association was founded more than three years ago and is in good standing."),
        paper_("Its seat, or a branch, is in the commune."),
        paper_("Its object is linked to the petition."),
        paper_("Statutes, list of the bureau, last receipt and the power of who signs are attached."),
    ]
    last = [paper_("A receipt was given at once, with a number and a date.")]
    lines = [*shared, *(association if dossier.association else citizens), *last]
    return {"heading": t.plain(paper_("Before you deposit")), "lines": [t.plain(line) for line in lines]}
