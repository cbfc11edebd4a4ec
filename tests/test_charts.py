"""Charts come whole, alike each time, with Arabic that is joined and runs from the right."""

import asyncio
import io
import json
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from PIL import Image

from reports import charts
from reports.charts import ChartFailed, draw, png

GREEN = (0x1F, 0x6F, 0x54)
TERRACOTTA = (0xB5, 0x47, 0x2A)
Pixels = np.ndarray[Any, np.dtype[np.int16]]


def chart(*bars: tuple[str, int], **changes: Any) -> dict[str, Any]:
    plain = {"title": "", "threshold": None, "threshold_label": "", "direction": "rtl"}
    return {**plain, "bars": [{"label": label, "value": value} for label, value in bars], **changes}


def pixels(picture: bytes) -> Pixels:
    return np.asarray(Image.open(io.BytesIO(picture)).convert("RGB")).astype(np.int16)


def columns_of(colour: tuple[int, int, int], picture: bytes) -> Pixels:
    """The x of each pixel of a colour."""
    return np.nonzero((np.abs(pixels(picture) - colour) < 12).all(axis=2))[1]


def drawn(label: str, direction: str = "rtl") -> Pixels:
    """The ink of a label, cut free of the white around it: the label stands in the picture's upper part."""
    ink = pixels(draw(chart((label, 0), direction=direction)))[:118].min(axis=2)
    rows, columns = np.nonzero(ink < 250)
    return ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


def runs(ink: Pixels) -> int:
    """How many stretches of ink there are from left to right, parted by white columns."""
    inked = np.concatenate([[False], (ink < 250).any(axis=0)])
    return int((inked[1:] & ~inked[:-1]).sum())


async def test_a_png_comes_that_is_1080_wide() -> None:
    picture = await png(chart(("Signatures", 143), title="Pétition", threshold=200, direction="ltr"))
    image = Image.open(io.BytesIO(picture))
    assert (image.format, image.width) == ("PNG", 1080)
    assert 250 < image.height < 600
    assert not image.info.keys() & {"Software", "Creation Time"}


async def test_the_same_chart_gives_the_same_bytes_whoever_draws_it() -> None:
    asked = chart(("الإنارة", 143), ("Éclairage", 7), title="العريضة", threshold=200, threshold_label="العتبة")
    first, second = await asyncio.gather(png(asked), png(asked))
    assert first == second == draw(asked)


async def test_a_child_that_fails_gives_chart_failed_with_its_last_words() -> None:
    with pytest.raises(ChartFailed, match=r"^KeyError: 'bars'$"):
        await png({"direction": "rtl", "threshold": None, "title": "no bars"})


async def test_a_child_that_hangs_is_ended_and_gives_chart_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(charts, "SECONDS", 0.02)
    with pytest.raises(ChartFailed, match="not drawn within"):
        await png(chart(("A", 1)))


async def test_two_are_drawn_at_once_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    at_work = most = 0

    class Child:
        returncode = 0

        async def communicate(self, _: bytes) -> tuple[bytes, bytes]:
            nonlocal at_work, most
            at_work += 1
            most = max(most, at_work)
            await asyncio.sleep(0.01)
            at_work -= 1
            return b"picture", b""

    async def start(*_: Any, **__: Any) -> Child:
        return Child()

    monkeypatch.setattr(asyncio, "create_subprocess_exec", start)
    assert await asyncio.gather(*(png(chart()) for _ in range(7))) == [b"picture"] * 7
    assert most == 2


def test_a_server_that_asks_for_charts_does_not_load_matplotlib() -> None:
    look = "import reports.charts, sys, json; print(json.dumps([m for m in sys.modules if 'matplotlib' in m]))"
    assert json.loads(subprocess.check_output([sys.executable, "-c", look])) == []


def test_forty_bars_make_a_taller_picture_that_telegram_still_takes() -> None:
    ten, forty = (pixels(draw(chart(*[("دار " * 30, n) for n in range(count)]))) for count in (10, 40))
    assert ten.shape[0] < forty.shape[0]
    assert sum(forty.shape[:2]) <= 10_000


def test_an_empty_label_no_bars_and_only_zeros_are_drawn() -> None:
    assert pixels(draw(chart(("", 3)))).shape[0] < pixels(draw(chart(("x", 3)))).shape[0]
    assert pixels(draw(chart())).shape[1] == 1080
    assert columns_of(GREEN, draw(chart(("A", 0), ("B", 0), threshold=0))).size == 0


def test_a_big_number_stays_inside_the_picture() -> None:
    picture = pixels(draw(chart(("A", 10**15), ("B", 1), threshold=10**15, direction="ltr")))
    assert (picture[:, :40] == 255).all()
    assert (picture[:, -40:] == 255).all()


def test_controls_and_signs_without_a_glyph_leave_no_trace() -> None:
    bare = draw(chart(("إنارة 12", 5), title="العريضة"))
    laden = chart(("\u200f\u2068إنارة\u2069 \u206612\u2069\U0001f9ff\u202e", 5), title="\u200f\u2067العريضة\u2069")
    assert draw(laden) == bare


def test_dollars_are_not_read_as_formulas() -> None:
    assert draw(chart(("$x^2$", 1))) != draw(chart(("x2", 1)))
    assert draw(chart(("$\\frac$", 1)))


def test_arabic_letters_take_the_forms_that_unicode_gives_them_within_a_word() -> None:
    joined = drawn("عريضة")
    # Ain initial, reh final, yeh initial, dad medial, teh marbuta final.
    assert np.array_equal(joined, drawn("\ufecb\ufeae\ufef3\ufec0\ufe94"))
    assert runs(drawn("بيت")) == 1 < runs(drawn("ب\u200cي\u200cت"))


def test_an_arabic_word_begins_at_the_right() -> None:
    whole, start, end = drawn("دار بيت"), drawn("دار"), drawn("بيت")
    assert _same(whole[:, -start.shape[1] :], start)
    assert _same(whole[:, : end.shape[1]], end)


def test_digits_within_arabic_read_from_left_to_right_and_come_last() -> None:
    whole, digits = drawn("دوار 12"), drawn("12", "ltr")
    assert _same(whole[:, : digits.shape[1]], digits)


def test_an_arabic_text_that_begins_in_latin_still_runs_from_the_right_on_an_arabic_chart() -> None:
    whole, latin = drawn("Wifi دار"), drawn("Wifi", "ltr")
    assert _same(whole[:, -latin.shape[1] :], latin)


def _same(one: Pixels, other: Pixels) -> bool:
    """Alike up to the empty rows above and below."""
    full = [part[(part < 250).any(axis=1)] for part in (one, other)]
    return full[0].shape == full[1].shape and bool((np.abs(full[0] - full[1]) < 60).mean() > 0.97)


def test_a_right_to_left_chart_is_the_mirror_of_a_left_to_right_one() -> None:
    bars = (("", 100), ("", 40))
    from_right, from_left = (columns_of(GREEN, draw(chart(*bars, direction=way))) for way in ("rtl", "ltr"))
    assert from_right.mean() > 540 > from_left.mean()
    assert abs(from_right.max() - (1079 - from_left.min())) <= 1
    assert abs(from_right.size - from_left.size) < from_left.size / 50


@pytest.mark.parametrize("way", ["rtl", "ltr"])
def test_the_threshold_stands_where_a_bar_of_its_value_ends(way: str) -> None:
    picture = draw(chart(("", 200), ("", 400), threshold=200, direction=way))
    line, bars = columns_of(TERRACOTTA, picture), columns_of(GREEN, picture)
    middle = (bars.min() + bars.max()) / 2
    assert abs(line.mean() - middle) < 4
    assert np.ptp(line) < 8


def test_a_number_moves_beyond_the_threshold_instead_of_hiding_it() -> None:
    near, far = (
        columns_of(TERRACOTTA, draw(chart(("", value), threshold=200, direction="ltr"))).size for value in (190, 20)
    )
    assert near == pytest.approx(far, rel=0.02)


def test_long_texts_wrap_by_words_and_end_in_an_ellipsis() -> None:
    sheet = charts._Sheet(rtl=False)
    two = sheet.wrap("un deux trois quatre cinq six sept huit", charts.LABEL, 400, 2)
    assert " ".join(line[1:] for line in two) == "un deux trois quatre cinq six sept huit"
    cut = sheet.wrap("une phrase sans fin " * 9, charts.LABEL, 400, 3)
    assert len(cut) == 3
    assert cut[-1].endswith("…")
    assert all(sheet.width(line, charts.LABEL) <= 400 for line in [*two, *cut])
    assert sheet.wrap("x" * 999, charts.LABEL, 400, 2)[0].endswith("x…")


def test_a_no_break_space_holds_a_number_and_its_unit_together() -> None:
    sheet = charts._Sheet(rtl=False)
    lines = sheet.wrap("Enveloppe : 1\u202f200\u202f000\u00a0dirhams", charts.LABEL, 420, 2)
    assert [line[1:] for line in lines] == ["Enveloppe :", "1\u202f200\u202f000\u00a0dirhams"]


def test_bar_labels_are_eleven_pixels_or_more_on_a_phone_360_wide() -> None:
    assert charts.LABEL * 360 / charts.WIDTH >= 11


def test_what_is_not_measured_against_the_threshold_is_not_crossed_by_it():
    bars = [{"label": "Signatures", "value": 86}, {"label": "Soutiens", "value": 246}]
    both = {"title": "Des arbres", "bars": bars, "threshold": 200, "threshold_label": "Loi", "direction": "ltr"}
    first = {**both, "threshold_bars": 1}
    assert terracotta(draw(first)) < terracotta(draw(both))


def terracotta(png: bytes) -> int:
    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"), dtype=int)
    return int((abs(pixels - [0xB5, 0x47, 0x2A]).sum(axis=-1) < 60).sum())
