"""The petition dossier: the paper that is printed, signed and deposited."""

import io

import pytest
from PIL import Image

from locales.catalogues import papers
from reports import paper
from reports.dossier import EMPTY_LINES, Dossier, Signer, pdf, values

SAYS = {
    "commune": "Commune de Béni Mellal",
    "title": "Éclairer Ourbiaa",
    "request": "Inscrire un point",
    "reasons": "Il fait noir",
    "aims": "Soixante lampes",
    "mandataire": "Youssef B.",
}


def dossier(**other):
    return Dossier(**{**SAYS, **other})


@pytest.mark.parametrize("language", ["fr", "ary"])
async def test_the_dossier_is_a_pdf_of_four_parts(language):
    texts = papers(language)
    assert (await pdf(dossier(threshold=200), texts)).startswith(b"%PDF")
    drawn = await paper.pages("dossier", texts, "Commune", values(dossier(threshold=200), texts))
    assert len(drawn) == 5  # the letter, the list on two pages, the receipt, the checklist
    for page in drawn:
        assert len(Image.open(io.BytesIO(page)).convert("L").getcolors()) > 20  # something is on it


async def test_two_thousand_supporters_fit_with_room_for_others():
    texts = papers("fr")
    many = dossier(threshold=200, signers=[Signer(f"Ada {number}", address="Ourbiaa") for number in range(2000)])
    rows = values(many, texts)["list"]["rows"]
    assert len(rows) == 2000 + EMPTY_LINES
    assert (await pdf(many, texts)).startswith(b"%PDF")


async def test_an_id_number_stands_on_the_list_only_where_it_is_given():
    texts = papers("fr")
    known = values(dossier(threshold=200, signers=[Signer("Ada"), Signer("Omar", cin="I123456")]), texts)
    assert [row[2] for row in known["list"]["rows"][:2]] == ["", "I123456"]


async def test_an_association_has_its_own_letter_list_and_checklist():
    texts = papers("fr")
    said = str(values(dossier(association="Al Amal"), texts))
    assert "Al Amal" in said
    assert "aucun nombre de signatures" in said
    assert "trois ans" in said
    assert "au moins" not in said


async def test_what_people_wrote_is_shown_as_written_and_never_run():
    texts = papers("fr")
    wild = dossier(title='#panic() $x$ <b> & "', signers=[Signer('= Titre *gras* #read("/etc/passwd")')])
    assert values(wild, texts)["title"] == '#panic() $x$ <b> & "'
    assert (await pdf(wild, texts)).startswith(b"%PDF")
