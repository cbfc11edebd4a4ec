"""Charts: horizontal bars as a PNG that is readable on a small phone, from the left or from the right."""

import asyncio
import io
import json
import re
import sys
import unicodedata
from asyncio.subprocess import PIPE
from collections.abc import Mapping
from itertools import takewhile
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

# Sizes are in pixels of a picture 1080 wide; a phone that is 360 wide shows them at a third.
WIDTH, EDGE, BAR, GAP = 1080, 48, 46, 40
TITLE, LABEL, VALUE = 48, 38, 40
INK, GREEN, BASE, TERRACOTTA = "#16211c", "#1f6f54", "#8b9690", "#b5472a"
SECONDS, AT_ONCE = 30, 2
_CONTROLS = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")

_seats: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


class ChartFailed(Exception):
    """No picture came; says the last line of the drawing process's stderr."""


async def png(chart: Mapping[str, Any]) -> bytes:
    """The chart, drawn by a child process.

    matplotlib keeps 60 MB once loaded, and the GIL while it draws: a server that answers people can spare
    neither.  The child returns both as it ends, and one that hangs or crashes takes no conversation with it.

    `chart` has a `title`, `bars` (of a `label` and a `value`), a `threshold` or None, a `threshold_label` and
    a `direction`, "rtl" or "ltr".
    """
    command, root = (sys.executable, "-m", "reports.charts"), Path(__file__).parents[1]
    async with _seats.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE)):
        child = await asyncio.create_subprocess_exec(*command, cwd=root, stdin=PIPE, stdout=PIPE, stderr=PIPE)
        try:
            async with asyncio.timeout(SECONDS):
                picture, complaint = await child.communicate(json.dumps(dict(chart)).encode())
        except TimeoutError:
            raise ChartFailed(f"not drawn within {SECONDS} s") from None
        finally:
            if child.returncode is None:
                child.kill()
                await child.wait()
    if child.returncode:
        said = complaint.decode(errors="replace").splitlines()
        raise ChartFailed(said[-1] if said else f"exit {child.returncode}")
    return picture


class _Sheet:
    """Where the chart is written, in pixels from the top and from the side where reading starts."""

    def __init__(self, rtl: bool) -> None:
        import matplotlib as mpl  # noqa: PLC0415 - only a process that draws loads it
        from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - likewise
        from matplotlib.figure import Figure  # noqa: PLC0415 - likewise
        from matplotlib.font_manager import FontProperties, get_font  # noqa: PLC0415 - likewise

        fonts = Path(mpl.get_data_path(), "fonts", "ttf")  # DejaVu Sans comes along, and has Arabic
        plain, bold = fonts / "DejaVuSans.ttf", fonts / "DejaVuSans-Bold.ttf"
        files = {TITLE: bold, LABEL: plain, VALUE: bold}
        self.fonts = {size: FontProperties(fname=str(file), size=size) for size, file in files.items()}
        self.known = get_font(plain).get_charmap().keys() & get_font(bold).get_charmap().keys()
        self.widths: dict[tuple[str, int], float] = {}
        self.rtl = rtl
        self.figure = Figure(dpi=72, facecolor="white")
        self.canvas: Any = FigureCanvasAgg(self.figure)
        self.axes: Any = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set_axis_off()

    def wrap(self, text: str, size: int, room: float, most: int) -> list[str]:
        """The text in lines of whole words and of like lengths, an ellipsis after the last when it is cut."""
        words = self._clean(text).split(" ")  # a no-break space stays one
        lines = self._fill(words, size, room)
        if len(lines) > most:
            lines[most - 1 :] = [lines[most - 1] + "…"]
        elif len(lines) > 1:
            narrower = (self._fill(words, size, less) for less in range(int(room), int(room) // 2, -30))
            lines = [lines, *takewhile(lambda tried: len(tried) == len(lines), narrower)][-1]
        # Which way it runs: on an rtl chart any Arabic letter turns it, else the first letter says.
        letters = [way for way in map(unicodedata.bidirectional, "".join(words)) if way in ("L", "R", "AL")]
        mark = "\u200e" if set(letters if self.rtl else letters[:1]) <= {"L"} else "\u200f"
        return [mark + self._fit(line, size, room) for line in lines if line]

    def _fill(self, words: list[str], size: int, room: float) -> list[str]:
        lines: list[str] = []
        for word in words:
            if lines and self.width(f"{lines[-1]} {word}", size) <= room:
                lines[-1] += f" {word}"
            else:
                lines.append(word)
        return lines

    def _clean(self, text: str) -> str:
        """The text without what would show as a box: direction controls, and signs that the font lacks."""
        kept = unicodedata.normalize("NFC", _CONTROLS.sub("", re.sub("[\t\r\n]", " ", text[:400])))
        return re.sub(" +", " ", "".join(sign for sign in kept if ord(sign) in self.known)).strip(" ")

    def _fit(self, line: str, size: int, room: float) -> str:
        while self.width(line, size) > room:
            kept = line.removesuffix("…")
            line = (kept.rpartition(" ")[0] or kept[:-1]) + "…"
        return line

    def width(self, line: str, size: int) -> float:
        """Measured once: a text is tried in narrower and narrower lines, which mostly begin the same."""
        if (line, size) not in self.widths:
            ruler = self.canvas.get_renderer()
            self.widths[line, size] = float(ruler.get_text_width_height_descent(line, self.fonts[size], False)[0])
        return self.widths[line, size]

    def write(self, y: float, lines: list[str], size: int, ink: str, x: float = EDGE, *, end: bool = False) -> float:
        """Lines that start or end at x, from y down, on a white that nothing crosses; returns the next y."""
        side = "right" if self.rtl != end else "left"
        for number, line in enumerate(lines):
            at = y + size * (1 + 1.3 * number)
            text = self.axes.text(x, at, line, ha=side, color=ink, font=self.fonts[size], parse_math=False)
            text.set(zorder=4, bbox={"facecolor": "white", "edgecolor": "none", "pad": 3})
        return y + size * 1.3 * len(lines)

    def bar(self, y: float, start: float, end: float, colour: str) -> None:
        self.axes.fill_betweenx((y, y + BAR), start, end, color=colour, linewidth=0, zorder=2)

    def rule(self, x: float, top: float, bottom: float) -> None:
        """The threshold: dashes, on white where they cross a bar."""
        for colour, width, style in (("white", 10, "-"), (TERRACOTTA, 5, (0, (3, 1.6)))):
            self.axes.vlines(x, top, bottom, colors=colour, linewidth=width, linestyle=style, zorder=3)

    def picture(self, height: float) -> bytes:
        tall = -(-int(height) // 9) * 9  # an eighth of an inch, which binary fractions hold exactly
        self.axes.set(xlim=(WIDTH, 0) if self.rtl else (0, WIDTH), ylim=(tall, 0))
        self.figure.set_size_inches(WIDTH / 72, tall / 72)
        file = io.BytesIO()
        self.canvas.print_png(file, metadata={"Software": None})  # the same input gives the same bytes
        return file.getvalue()


def _number(value: int, rtl: bool) -> str:
    """Grouped as Babel groups for ar_MA and for fr_MA, without its weight."""
    return f"{value:,}".replace(",", "." if rtl else "\u202f")


def draw(chart: Mapping[str, Any]) -> bytes:
    """The chart as a PNG: each label above its bar, so that both have the whole width of a phone."""
    sheet = _Sheet(rtl := chart["direction"] == "rtl")
    threshold, values = chart["threshold"], [bar["value"] for bar in chart["bars"]]
    widths = [sheet.width(_number(value, rtl), VALUE) for value in values]
    wide, start = WIDTH - 2 * EDGE, EDGE + 4
    scale = (wide - 28 - max([0, *widths])) / max([1, threshold or 0, *values])
    y = top = sheet.write(EDGE, sheet.wrap(chart["title"], TITLE, wide, 3), TITLE, INK) + GAP * 0.6
    line = -1.0 if threshold is None else start + scale * threshold
    if threshold is not None:
        inwards = line > WIDTH / 2
        room = (line if inwards else WIDTH - line) - EDGE - 16
        said = sheet.wrap(chart["threshold_label"], LABEL, room, 2)
        y = sheet.write(y, said, LABEL, TERRACOTTA, line + (-16 if inwards else 16), end=inwards) + GAP / 2
    bound, bottom = chart.get("threshold_bars", len(values)), y  # the first bars alone may be measured against it
    for number, (bar, value, width) in enumerate(zip(chart["bars"], values, widths, strict=True)):
        y = sheet.write(y, sheet.wrap(bar["label"], LABEL, wide, 2), LABEL, INK) + 10
        end = start + scale * value
        sheet.bar(y, EDGE, start, BASE)
        sheet.bar(y, start, end, GREEN)
        crossed = number < bound and end < line < end + 24 + width  # then the number stands beyond the line
        sheet.write(y - 3, [_number(value, rtl)], VALUE, INK, (line if crossed else end) + 14)
        y += BAR + GAP
        bottom = y if number < bound else bottom
    if threshold is not None:
        sheet.rule(line, top, bottom - GAP + 12)
    return sheet.picture(y - GAP + EDGE)


def main() -> None:
    """Draws the chart that comes on standard input, as JSON, to standard output."""
    sys.stdout.buffer.write(draw(json.load(sys.stdin.buffer)))


if __name__ == "__main__":
    main()
