"""Files at the command line: what a load would change, and lists on paper; all of it, or nothing."""

import sqlite3

import pytest
from conftest import SECRET
from databases import sqlite_copy
from typer.testing import CliRunner

from bot.cli import app

FILE = "demo/beni-mellal.yaml"


@pytest.fixture
def sawt(sqlite_file, monkeypatch):
    """Runs a command on a database of its own: its exit code, and all that it says."""
    with sqlite_copy(sqlite_file) as url:
        monkeypatch.setenv("SAWT_DATABASE_URL", url)
        monkeypatch.setenv("SAWT_SECRET_KEY", SECRET)

        def run(*words):
            done = CliRunner().invoke(app, [str(word) for word in words])
            return done.exit_code, done.output

        run.database = url.partition("///")[2]
        yield run


def rows(sawt, table):
    with sqlite3.connect(sawt.database) as database:
        return database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def test_a_check_tells_what_a_load_would_change_and_changes_nothing(sawt, tmp_path):
    code, said = sawt("check", FILE)
    assert code == 0
    assert "+ beni-mellal" in said
    assert "Nothing was changed" in said
    assert (rows(sawt, "commune"), rows(sawt, "petition")) == (0, 0)
    sawt("load", FILE)
    changed = tmp_path / "changed.yaml"
    with open(FILE, encoding="utf-8") as file:
        changed.write_text(file.read().replace("receipt_prefix: BM", "receipt_prefix: BX"), encoding="utf-8")
    code, said = sawt("check", changed)
    assert "~ beni-mellal: settings" in said
    assert said.count("~") == 1
    changed.write_text("commune: {id: x}", encoding="utf-8")
    code, said = sawt("check", changed)
    assert code == 2
    assert "nothing was loaded" in said


def test_a_list_on_paper_is_entered_whole_or_with_a_word_in_parts(sawt, tmp_path):
    sawt("load", FILE)
    code, said = sawt("paper", FILE, "petition:nope")
    assert (code, "no column" in said or "takes no paper" in said) == (2, True)
    listed = tmp_path / "list.csv"
    listed.write_text("CIN;Nom\nI123456;Ada Lahlou\n??;Personne\n", encoding="utf-8")
    code, said = sawt("paper", listed, "petition:nope")
    assert code == 2
    assert "petition:pet-bus" in said
    code, said = sawt("paper", listed, "petition:pet-bus")
    assert (code, rows(sawt, "support")) == (2, 0)
    assert f"{listed}:3: this is no ID card number" in said
    code, said = sawt("paper", listed, "petition:pet-bus", "--valid")
    assert (code, rows(sawt, "support"), rows(sawt, "audit")) == (0, 1, 2)
    assert "1 entered, 1 refused" in said
