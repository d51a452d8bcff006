"""The words that are printed on a page and where they stand, read from the page's own drawing operators.

Rectangles are in points, origin at the bottom left of the page; a word reaches from its baseline to the height of a
capital letter. Clause numbers are those of ISO 32000-2. Text that runs along the edge, and text inside drawings that a
page places as a whole (a watermark), is left out: no line of a form is printed so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from pypdf.generic import ContentStream

from worksheets.paper.strip import entry

if TYPE_CHECKING:
    from pypdf import PageObject

WORD_GAP, LINE_GAP = 1.5, 4  # points between characters that still belong to one word, along the line and across it
_CAPITAL = 0.7  # of the type size
_SPACE = 32
_UNKNOWN = "\ufffd"
_ENCODINGS = {"/MacRomanEncoding": "mac_roman"}

Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)


class Word(NamedTuple):
    """A run of characters without a gap, and its rectangle in points."""

    text: str
    left: float
    bottom: float
    right: float
    top: float


def words_of(page: PageObject) -> list[Word]:
    """The words of a page in the order in which they are drawn.

    Raises:
        LookupError, TypeError, ValueError, pypdf.errors.PyPdfError: the page is not drawn as ISO 32000-2 says.
    """
    return list(_joined(_Pen(page).characters()))


def _joined(characters: Iterator[Word]) -> Iterator[Word]:
    current: list[Word] = []
    for character in characters:
        if current and (character.text.isspace() or _apart(current[-1], character)):
            yield _word(current)
            current = []
        if not character.text.isspace():
            current.append(character)
    if current:
        yield _word(current)


def _apart(last: Word, character: Word) -> bool:
    gap = character.left - last.right
    return abs(character.bottom - last.bottom) > LINE_GAP or not -WORD_GAP < gap < WORD_GAP


def _word(characters: list[Word]) -> Word:
    text, left, bottom, right, top = zip(*characters, strict=True)
    return Word("".join(text), min(left), min(bottom), max(right), max(top))


class _Font:
    """How codes of a font become characters and widths, the latter as parts of the type size (9.6, 9.7, 9.10)."""

    def __init__(self, entries: Any) -> None:
        self.bytes = 2 if entries["/Subtype"] == "/Type0" else 1
        self.widths, self.otherwise = _wide(entries) if self.bytes == 2 else _narrow(entries)
        self.given = _to_unicode(entries)
        self.encoding = _ENCODINGS.get(str(entries.get("/Encoding")), "cp1252")

    def characters(self, string: bytes) -> Iterator[tuple[str, float, bool]]:
        """Each code of a string as its character, its width, and whether it is a space of one byte."""
        for at in range(0, len(string), self.bytes):
            code = string[at : at + self.bytes]
            number = int.from_bytes(code, "big")
            width = self.widths.get(number, self.otherwise)
            yield self._character(code, number), width, self.bytes == 1 and number == _SPACE

    def _character(self, code: bytes, number: int) -> str:
        if number in self.given or self.bytes == 2:
            return self.given.get(number, _UNKNOWN)
        return code.decode(self.encoding, "replace")


def _narrow(entries: Any) -> tuple[dict[int, float], float]:
    first = int(entries.get("/FirstChar", 0))
    return {first + index: float(width) / 1000 for index, width in enumerate(entries.get("/Widths", ()))}, 0.5


def _wide(entries: Any) -> tuple[dict[int, float], float]:
    """The widths of a composite font (9.7.4.3): `c [w …]` for codes from c on, `c1 c2 w` for a range."""
    descendant = entries["/DescendantFonts"][0].get_object()
    given = [item.get_object() for item in descendant.get("/W", ())]
    widths: dict[int, float] = {}
    while given:
        first, second = int(given[0]), given[1]
        if isinstance(second, list):
            widths.update({first + index: float(width) / 1000 for index, width in enumerate(second)})
        else:
            widths.update(dict.fromkeys(range(first, min(int(second), 0xFFFF) + 1), float(given[2]) / 1000))
        del given[: 2 if isinstance(second, list) else 3]
    return widths, float(descendant.get("/DW", 1000)) / 1000


_HEX = r"\s*<([0-9A-Fa-f]+)>"


def _to_unicode(entries: Any) -> Mapping[int, str]:
    """The characters that a font's own table gives for its codes (9.10.3)."""
    if "/ToUnicode" not in entries:
        return {}
    text = entries["/ToUnicode"].get_data().decode("latin-1")
    found: dict[int, str] = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", text, re.DOTALL):
        found.update({int(code, 16): _utf16(value) for code, value in re.findall(_HEX * 2, block)})
    for block in re.findall(r"beginbfrange(.*?)endbfrange", text, re.DOTALL):
        for first, last, start in re.findall(_HEX * 3, block):
            span = range(int(first, 16), min(int(last, 16), 0xFFFF) + 1)
            found.update({code: chr(int(start[-4:], 16) + step) for step, code in enumerate(span)})
        for first, _last, values in re.findall(_HEX * 2 + r"\s*\[(.*?)\]", block, re.DOTALL):
            each = re.findall(_HEX, values)
            found.update({int(first, 16) + step: _utf16(value) for step, value in enumerate(each)})
    return found


def _utf16(digits: str) -> str:
    return bytes.fromhex(digits if len(digits) % 2 == 0 else digits + "0").decode("utf-16-be", "replace")


def _times(first: Matrix, then: Matrix) -> Matrix:
    """One coordinate system within another (8.3.4)."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


class _State(NamedTuple):
    """What `q` keeps and `Q` brings back (8.4.2, 9.3.1): lengths in units of text space, `stretch` as a part of one."""

    matrix: Matrix = _IDENTITY
    font: _Font | None = None
    size: float = 0
    character_space: float = 0
    word_space: float = 0
    stretch: float = 1
    leading: float = 0
    rise: float = 0


class _Pen:
    """Follows the operators of a page and says what is written where."""

    def __init__(self, page: PageObject) -> None:
        self.operations = _operations(page)
        self.entries: Any = entry(entry(page, "/Resources", {}), "/Font", {})
        self.fonts: dict[str, _Font] = {}
        self.state, self.kept = _State(), list[_State]()
        self.line = self.at = _IDENTITY

    def characters(self) -> Iterator[Word]:
        """Each character that is shown, spaces among them."""
        for operands, operator in self.operations:
            if operator in _SETTING:
                _SETTING[operator](self, *operands)
            elif operator in _SHOWING:
                _SHOWING[operator](self, *operands[:-1])
                yield from self.show(operands[-1])

    def show(self, shown: Any) -> Iterator[Word]:
        """The characters of a string, or of strings with shifts in thousandths between them (9.4.3)."""
        for part in shown if isinstance(shown, list) else [shown]:
            if isinstance(part, bytes):
                yield from self._string(part)
            else:
                self._advance(-float(part) / 1000 * self.state.size)

    def _string(self, string: bytes) -> Iterator[Word]:
        state = self.state
        for text, width, space in state.font.characters(string) if state.font else ():
            a, b, c, d, left, bottom = _times(self.at, state.matrix)
            if not b and not c:
                bottom += state.rise * d
                right = left + width * state.size * state.stretch * a
                yield Word(text, min(left, right), bottom, max(left, right), bottom + _CAPITAL * state.size * d)
            self._advance(width * state.size + state.character_space + (state.word_space if space else 0))

    def _advance(self, along: float) -> None:
        self.at = _times((1, 0, 0, 1, along * self.state.stretch, 0), self.at)

    def keep(self) -> None:
        """`q`."""
        self.kept.append(self.state)

    def bring_back(self) -> None:
        """`Q`."""
        self.state = self.kept.pop() if self.kept else self.state

    def within(self, *matrix: Any) -> None:
        """`cm`."""
        self.set("matrix", _times(_matrix(matrix), self.state.matrix))

    def begin(self) -> None:
        """`BT`."""
        self.line = self.at = _IDENTITY

    def move(self, right: Any, up: Any) -> None:
        """`Td`."""
        self.line = self.at = _times((1, 0, 0, 1, float(right), float(up)), self.line)

    def move_leading(self, right: Any, up: Any) -> None:
        """`TD`."""
        self.set("leading", -float(up))
        self.move(right, up)

    def place(self, *matrix: Any) -> None:
        """`Tm`."""
        self.line = self.at = _matrix(matrix)

    def next_line(self) -> None:
        """`T*`, and the first half of `'`."""
        self.move(0, -self.state.leading)

    def next_line_spaced(self, words: Any, characters: Any) -> None:
        """The first half of `"`."""
        self.set("word_space", float(words))
        self.set("character_space", float(characters))
        self.next_line()

    def choose(self, name: Any, size: Any) -> None:
        """`Tf`."""
        if name not in self.fonts:
            self.fonts[name] = _Font(self.entries[name].get_object())
        self.state = self.state._replace(font=self.fonts[name], size=float(size))

    def set(self, what: str, value: Any) -> None:
        """One entry of the state."""
        self.state = self.state._replace(**{what: value})


def _matrix(numbers: Any) -> Matrix:
    a, b, c, d, e, f = map(float, numbers)
    return a, b, c, d, e, f


def _setter(name: str, part: float = 1) -> Callable[[_Pen, Any], None]:
    return lambda pen, value: pen.set(name, float(value) * part)


_SETTING: dict[bytes, Callable[..., None]] = {
    b"q": _Pen.keep,
    b"Q": _Pen.bring_back,
    b"cm": _Pen.within,
    b"BT": _Pen.begin,
    b"Td": _Pen.move,
    b"TD": _Pen.move_leading,
    b"Tm": _Pen.place,
    b"T*": _Pen.next_line,
    b"Tf": _Pen.choose,
    b"Tc": _setter("character_space"),
    b"Tw": _setter("word_space"),
    b"Tz": _setter("stretch", 0.01),
    b"TL": _setter("leading"),
    b"Ts": _setter("rise"),
}
_SHOWING: dict[bytes, Callable[..., None]] = {
    b"Tj": lambda _pen: None,
    b"TJ": lambda _pen: None,
    b"'": _Pen.next_line,
    b'"': _Pen.next_line_spaced,
}


def _operations(page: PageObject) -> Any:
    """The operators of a page with their operands, strings as bytes."""
    contents = entry(page, "/Contents")
    return () if contents is None else ContentStream(contents, page.pdf, "bytes").operations
