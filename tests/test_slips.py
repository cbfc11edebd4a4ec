"""Paper: signatures and ballots by hand, in the same register as those of the chat, each person once."""

import asyncio
import io
import zipfile
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from sqlalchemy import select

from bot.incoming import Incoming
from bot.media import Intake
from flows.questions import Reply
from reports import sheets
from reports.sheets import MOST_BYTES, MOST_ROWS, BadSheet
from storage import consultation_plans, id_cards, petition_moves, petitions, slips
from storage.audit import Audit
from storage.ballots import Ballot, Choice
from storage.citizens import Citizen
from storage.comments import Comment
from storage.media import Media
from storage.petitions import Petition, Support
from storage.slips import Slip


def workbook(*rows) -> bytes:
    book, file = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


def table(*rows) -> bytes:
    return "\n".join(";".join(str(cell) for cell in row) for row in rows).encode("utf-8-sig")


async def sends(person, content: bytes):
    """Send a file, as channels take it in."""
    intake = Intake(person.city.database)
    wanted = await intake.wanted(person.sender)
    await person.does(await intake.keep(person.sender, wanted, content, "", person.city.now))


async def begins(person, process, way="Un tableau"):
    await person.says("/paper")
    await person.taps(process)
    await person.taps(way)


LIST = (
    ("N°", "CIN", "Nom complet", "Quartier"),
    (1, "I 123-456", "Ada Lahlou", "Ourbiaa"),
    (2, "IA٧٦٥٤٣", "سعاد المنصوري", "المدينة القديمة"),
    (3, "??", "Sans Numéro", ""),
    (4, "i123456", "Ada encore", ""),
    (5, 987654, "Numéro Seul", "ailleurs"),
    (6, "JB99999", "", ""),
)


@pytest.mark.parametrize("made", [workbook, table])
async def test_a_list_is_entered_after_its_bad_lines_were_shown(city, made):
    await city.petition("Des arbres")
    ada = city.citizen("fr")
    await ada.arrives()
    await ada.supports("Des arbres", cin="IA76543")  # she signed on paper too
    hind = await city.member("agent")
    await begins(hind, "Des arbres")
    hind.sees("CIN, Nom, Quartier")
    await sends(hind, made(*LIST))
    hind.sees(
        "Ligne 4 : ce n'est pas un numéro de CIN",
        "Ligne 5 : le même numéro est déjà plus haut",
        "Ligne 7 : le nom manque",
        "Saisir 3 lignes ?",
    )
    assert len(await city.all(Support)) == 1
    await hind.taps("Saisir")
    hind.sees("3 lignes sont saisies")
    rows = {row.cin_mask: row for row in await city.all(Support)}
    assert {mask: (row.channel, row.quarter) for mask, row in rows.items()} == {
        "I••••56": ("paper", "ourbiaa"),
        "I••••43": ("web", "ourbiaa"),  # counted once, as the person she is
        "9••••54": ("paper", None),
    }
    assert await counted(city, hind) == {"declared": 1, "checked": 0, "signed": 3}  # on paper alone: signed, no more
    assert not [row for row in await city.all(Media) if row.kind == "list"]
    [row] = await city.all(Audit)
    assert (row.deed, row.details) == ("petition.paper", {"entered": 3, "refused": 3})
    await begins(hind, "Des arbres")
    await sends(hind, made(*LIST))
    hind.sees("Aucune ligne ne peut être saisie", "Ligne 2 : cette personne est déjà comptée")
    assert (await counted(city, hind))["signed"] == 3


async def test_what_is_entered_line_by_line_and_what_is_counted_elsewhere_are_added(city):
    petition = await city.petition("Des arbres", threshold=4, signed_elsewhere=1, declared_elsewhere=10)
    hind = await city.member("coordinator")
    await begins(hind, "Des arbres")
    await sends(hind, table(("CIN", "Nom"), ("I123456", "Ada Lahlou"), ("IA76543", "Souad Mansouri")))
    await hind.taps("Saisir")
    await hind.says("/petition")
    await hind.taps("Des arbres")
    hind.sees("Signatures : 3 sur les 4", "Soutiens déclarés : 10 ;")
    await hind.taps("Noter les signatures")
    hind.sees("Listes saisies ligne par ligne avec /paper : 2", "Jusqu'ici : 1")
    await hind.says("2")
    hind.sees("1 → 2. En tout : 4")
    await hind.taps("Confirmer")
    hind.sees("4 signatures")
    assert await counted(city, hind) == {"declared": 10, "checked": 0, "signed": 4}
    await begins(hind, "Des arbres", "Une personne")
    for words in ("JB99999", "Omar Alami"):
        await hind.says(words)
    await hind.taps("Saisir")
    assert (await counted(city, hind))["signed"] == 5
    async with city.database.writing() as db:
        step = petition_moves.Step("collecting", "ready", 1)
        await petition_moves.move(db, city.home, petition.id, step, city.now)  # the law's four are there


async def counted(city, person):
    """The three counters, which the card and the tally must give alike."""
    async with city.database.reading() as db:
        [petition] = (await db.scalars(select(Petition))).all()
        found = (await petitions.tally(db, petition, city.home, city.now)).totals
        citizen = Citizen(1, city.home.id, "fr")
        card = await petitions.card(db, petition, citizen)
    assert {"declared": card.declared, "checked": card.checked, "signed": card.signed} == found
    await person.says(f"/start p_{petition.id}")
    person.sees(f"Soutiens déclarés : {found['declared']} ;", f"Signatures : {found['signed']}")
    return found


async def test_one_paper_at_a_time_counts_like_any_other(city):
    await city.petition("Des arbres")
    await city.vote("approval", asks_cin=True)
    hind = await city.member("agent", "Hind", "fr", "whatsapp")
    await begins(hind, "Des arbres", "Une personne")
    await hind.says("??")
    hind.sees("Nous n'avons pas pu lire ce numéro")
    await hind.says("I123456")
    await city.restarts()
    await hind.says("Ada Lahlou")
    await hind.taps("Saisir")
    hind.sees("C'est saisi")
    for said, sees in (("9", "ce projet n'existe pas"), ("1,2,3", "contraire aux règles"), ("1", "C'est saisi")):
        await hind.taps("Saisir la suite") if "Saisir la suite" in hind.labels else await hind.says("/paper")
        await hind.taps("Budget 2027")
        await hind.taps("Une personne")
        await hind.says("I123456")
        hind.sees("1. Parc")
        await hind.says(said)
        await hind.taps("Saisir")
        hind.sees(sees)
    assert [(row.channel, row.day) for row in await city.all(Ballot)] == [("paper", city.today())]
    assert len(await city.all(Choice)) == 1
    async with city.database.reading() as db:
        assert not await db.scalar(select(Ballot.voter).where(Ballot.voter.contains("123456")))


async def test_who_has_voted_on_paper_cannot_vote_again_nor_the_other_way_round(city):
    vote = await city.vote("one", asks_cin=True)
    ada, nour = city.citizen("fr"), city.citizen("fr")
    await ada.arrives()
    await ada.says("/vote")
    for words in ("Voter", "accepte"):
        await ada.taps(words)
    await ada.says("I123456")
    await ada.taps("Parc")
    await ada.taps("Confirmer")
    lines = [Slip(2, "I123456", choices=("1",)), Slip(3, "IA76543", choices=("2",))]
    async with city.database.writing() as db:
        report = await slips.NOUNS["budget"](db, city.home, vote.id, lines, city.now)
    assert report.entered == 1
    assert [(fault.line, fault.why) for fault in report.faults] == [(2, "counted")]
    await nour.arrives()
    await nour.says("/vote")
    for words in ("Voter", "accepte"):
        await nour.taps(words)
    await nour.says("IA76543")
    await nour.taps("Parc")
    await nour.taps("Confirmer")
    nour.sees("déjà")
    assert len(await city.all(Ballot)) == 2


async def test_a_register_that_closes_meanwhile_takes_nothing(city):
    vote = await city.vote("one")
    hind = await city.member("agent")
    await begins(hind, "Budget 2027")
    await sends(hind, table(("CIN", "Projets"), ("I123456", "Parc"), ("I1234567", "Banc")))
    hind.sees("Saisir 2 lignes")
    async with city.change(vote) as changed:
        changed.closes = city.now
    await hind.taps("Saisir")
    assert not await city.all(Ballot)
    assert not await city.all(Audit)
    city.now += timedelta(hours=1)
    await hind.says("/paper")
    hind.sees("Rien à saisir")
    ada = city.citizen("fr")
    await ada.arrives()
    await ada.says("/paper")
    ada.sees("Nous ne connaissons pas cette commande")


async def test_an_agent_removed_in_the_middle_enters_nothing(city):
    from storage import staff

    await city.petition("Des arbres")
    hind = await city.member("agent")
    await begins(hind, "Des arbres", "Une personne")
    await hind.says("I123456")
    await hind.says("Ada Lahlou")
    async with city.database.writing() as db:
        await staff.remove(db, city.home.id, 1, city.now)
    await hind.taps("Saisir")
    assert not await city.all(Support)


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b"0" * 50_000_000)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"x" * (MOST_BYTES + 1), "size"),
        (bomb(), "size"),
        (b"PK\x03\x04 no archive", "kind"),
        (b"%PDF-1.7\x00", "kind"),
        (table(("a", "b"), (1, 2)), "columns"),
        (table(("CIN", "Nom")), "empty"),
        (b"", "empty"),
        (table(("CIN",), *((f"I{n:06}",) for n in range(MOST_ROWS + 1))), "rows"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_is_no_list_is_refused(content, why):
    with pytest.raises(BadSheet) as refused:
        sheets.read(content)
    assert refused.value.why == why


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_file_that_is_no_list_is_refused_in_words(city):
    await city.petition("Des arbres")
    hind = await city.member("agent")
    await begins(hind, "Des arbres")
    for content, why in (
        (b"%PDF-1.7", "seulement en .xlsx ou .csv"),
        (b"\x89PNG\r\n\x1a\n\x00", "seulement en .xlsx ou .csv"),
        (b"x" * (3 * MOST_BYTES), "trop"),
    ):
        await sends(hind, content)
        hind.sees(why, "Envoyez la liste")
    await sends(hind, bomb())
    hind.sees("trop lourd")
    assert not await city.all(Support)


def test_old_spreadsheets_in_arabic_or_french_letters_are_read():
    for encoding, name in (("cp1256", "سعاد"), ("cp1252", "Éléonore")):
        [line] = sheets.read(f"CIN;Nom\nI123456;{name}".encode(encoding))
        assert (line.number, line.cells) == (2, {"cin": "I123456", "name": name})


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=300))
def test_whatever_is_sent_is_a_list_or_is_refused(content):
    with suppress(BadSheet):
        assert all(isinstance(cell, str) for line in sheets.read(b"CIN\n" + content) for cell in line.cells.values())


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=20))
def test_a_card_number_that_was_read_is_read_the_same_again(typed):
    cin = id_cards.read(typed)
    assert cin is None or id_cards.read(cin) == cin


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_the_same_list_entered_by_two_at_once_counts_once(city):
    await city.petition("Des arbres")
    people = [await city.member("agent", name) for name in ("Hind", "Omar")]
    for person in people:
        await begins(person, "Des arbres")
        await sends(person, table(("CIN", "Nom"), *((f"I{n:06}", "Une Personne") for n in range(700))))
    press = [next(value for value, label in each.screen[-1]["buttons"] if label == "Saisir") for each in people]
    other = await city.another_process()
    await asyncio.gather(
        city.runner.receive(Incoming(people[0].sender, "one", Reply(pressed=press[0]))),
        other.receive(Incoming(people[1].sender, "two", Reply(pressed=press[1]))),
    )
    assert len(await city.all(Support)) == 700
    assert (await counted(city, people[0]))["signed"] == 700


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_a_list_and_a_number_entered_at_once_are_both_kept(city):
    await city.petition("Des arbres")
    omar, hind = await city.member("agent", "Omar"), await city.member("coordinator")
    await begins(omar, "Des arbres")
    await sends(omar, table(("CIN", "Nom"), *((f"I{n:06}", "Une Personne") for n in range(40))))
    await hind.says("/petition")
    await hind.taps("Des arbres")
    await hind.taps("Noter les signatures")
    await hind.says("57")
    press = [
        next(value for value, label in each.screen[-1]["buttons"] if label == wanted)
        for each, wanted in ((omar, "Saisir"), (hind, "Confirmer"))
    ]
    other = await city.another_process()
    await asyncio.gather(
        city.runner.receive(Incoming(omar.sender, "one", Reply(pressed=press[0]))),
        other.receive(Incoming(hind.sender, "two", Reply(pressed=press[1]))),
    )
    assert (await counted(city, hind))["signed"] == 97


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_a_ballot_on_paper_and_one_in_chat_at_once_count_once(city):
    vote = await city.vote("one", asks_cin=True)
    ada = city.citizen("fr")
    await ada.arrives()
    await ada.says("/vote")
    for words in ("Voter", "accepte"):
        await ada.taps(words)
    await ada.says("I123456")
    await ada.taps("Parc")
    press = next(value for value, label in ada.screen[-1]["buttons"] if label == "Confirmer mon vote")

    async def on_paper():
        async with city.database.writing() as db:
            return await slips.NOUNS["budget"](db, city.home, vote.id, [Slip(2, "I123456", choices=("2",))], city.now)

    await asyncio.gather(city.runner.receive(Incoming(ada.sender, "one", Reply(pressed=press))), on_paper())
    assert len(await city.all(Ballot)) == 1
    assert len(await city.all(Choice)) == 1


@pytest.fixture
async def charter(city):
    """A consultation with one article, open."""
    async with city.database.writing() as db:
        dates = {"opens": city.now + timedelta(hours=1), "closes": city.now + timedelta(days=9)}
        title = {"fr": "La charte", "ar": "الميثاق"}
        texts = {"title": title, "short": title, "about": title}
        id = await consultation_plans.begin(db, city.home.id, **texts, assurance="account", **dates)
        await consultation_plans.add(db, city.home.id, id, city.now, title, {"fr": "Écouter.", "ar": "السماع."}, True)
    city.now += timedelta(hours=2)
    return id


async def test_what_was_said_aloud_is_entered_read_and_published_like_the_rest(city, charter):
    hind = await city.member("agent")
    await begins(hind, "La charte")
    rows = (
        ("CIN", "Article", "Position", "Avis"),
        ("I123456", "1", "Modifier", "Ajouter les jeunes."),
        ("I123456", "", "pour", ""),
        ("IA76543", "1", "ضد", ""),
        ("I123456", "1", "contre", "Encore"),
        ("I1234567", "9", "pour", ""),
        ("I1234568", "1", "peut-être", ""),
    )
    await sends(hind, workbook(*rows))
    hind.sees("Ligne 5 : le même numéro", "Ligne 6 : aucun article", "Ligne 7 : la position manque", "3 lignes")
    await hind.taps("Saisir")
    await begins(hind, "La charte", "Une personne")
    for words in ("I7654321", "1", "1"):
        await hind.says(words)
    await hind.taps("Sans texte")
    await hind.taps("Saisir")
    hind.sees("C'est saisi")
    assert [(row.channel, row.state) for row in await city.all(Comment)] == [
        ("paper", state) for state in ("waiting", "accepted", "accepted", "accepted")
    ]
    await hind.says("/queue")
    await hind.taps("Avis")
    hind.sees("Ajouter les jeunes.")
    await hind.says("1")
    ada = city.citizen("fr")
    await ada.arrives()
    await ada.says("/consultation")
    ada.sees("3 personnes")
    assert "waiting" not in {row.state for row in await city.all(Comment)}
