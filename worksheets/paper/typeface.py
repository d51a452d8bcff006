"""The typeface of every page: Bitstream Vera Sans, upright, bold and oblique, each embedded once in a file.

Vera comes with reportlab, under a licence that lets it be embedded. Embedding it makes figures look and measure the
same in every viewer and in print, which the standard Helvetica leaves to each viewer. Two font objects share one font
program: a simple one (WinAnsiEncoding), which a viewer also uses when somebody edits a box, and a composite one for
text beyond that encoding, such as a name with ć or ł. Figures are filled in with the upright face.
"""

import unicodedata
import zlib
from collections.abc import Collection, Mapping
from functools import cache, cached_property, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final, NamedTuple

from worksheets.paper.pdf import Builder, number

_NONSYMBOLIC, _ITALIC = 1 << 5, 1 << 6  # flags of a font descriptor, 9.8.2
CAP_HEIGHT = 1493 / 2048  # of an em: the capitals and figures of Vera
_CHECK = b"q 0 G .12 w 1 J 1 j .22 .5 m .42 .27 l .8 .77 l S Q"  # drawn: the font of the blanks' own is not embedded
_TABLES = ("OS/2", "cmap", "cvt ", "fpgm", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "post", "prep")
SIMPLE, COMPOSITE = "Vera", "VeraU"  # their names in resource dictionaries
_BEYOND: Final = "U"  # what the name of a composite font adds to that of the simple one
_ESCAPES: Final = {ord(char): f"\\{char}" for char in "()\\"}


class Stock(NamedTuple):
    """Numbers, in one file, of what each of its pages may use.

    The simple font, the composite one, a resource dictionary naming both, a content stream that does nothing but save
    the graphics state, to stand before a page's own content when something is drawn after it, and two appearances in
    a square of one point: an empty one and a check mark.
    """

    simple: int
    composite: int
    resources: int
    save: int
    empty: int
    check: int


class Typeface:
    """Measures text in a face of Vera, encodes it, and puts the font into a file.

    `name` is the file's and that of the simple font in resource dictionaries.
    """

    def __init__(self, path: Path) -> None:
        from reportlab.pdfbase.ttfonts import TTFontFile, TTFontMaker  # noqa: PLC0415 # slow, and only filling needs it

        self.name = path.stem
        face = TTFontFile(str(path))
        # Vera maps some characters to glyph 0, the box that says "not there": those it does not have.
        self._glyphs: dict[str, int] = {chr(code): glyph for code, glyph in face.charToGlyph.items() if glyph}
        self._widths: dict[str, float] = {char: face.charWidths[ord(char)] for char in self._glyphs}
        self._other: float = face.defaultWidth
        maker = TTFontMaker()
        for tag in _TABLES:
            maker.add(tag, face.get_table(tag))
        self._stream: bytes = maker.makeStream()
        self._called: bytes = face.name
        box = b" ".join(number(side) for side in face.bbox)
        flags = _NONSYMBOLIC | (_ITALIC if face.italicAngle else 0)
        measures = map(number, (face.italicAngle, face.stemV, face.ascent, face.descent, CAP_HEIGHT * 1000))
        self._descriptor = (
            b"/Type/FontDescriptor/FontName/%s/Flags %d/FontBBox[%s]/ItalicAngle %s/StemV %s"
            b"/Ascent %s/Descent %s/CapHeight %s" % (self._called, flags, box, *measures)
        )

    def width(self, text: str) -> float:
        """The width of `text` at one point, in points.

        Raises:
            ValueError: the typeface lacks a character of it, which the message names.
        """
        try:
            return sum([self._widths[char] for char in text]) / 1000
        except KeyError as lacking:
            char = lacking.args[0]
            raise ValueError(
                f"the character {char!r} (U+{ord(char):04X}) is not in the typeface: {self._instead(char)}"
            ) from None

    def _instead(self, char: str) -> str:
        """What to write for a character that the typeface lacks: the letter without its accent, where that is known."""
        plain = unicodedata.normalize("NFKD", char)[0]
        known = plain != char and plain in self._glyphs
        return f"write {plain} for it, as e-filed returns do" if known else "write the text in Latin letters"

    def advance(self, text: str) -> float:
        """The width of `text` at one point, in points; what the typeface lacks is as wide as the box shown."""
        return sum([self._widths.get(char, self._other) for char in text]) / 1000

    def shown(self, text: str) -> tuple[str, str]:
        """The resource name of the font to set `text` in, and the operand of Tj that shows it.

        The operand belongs into a content stream encoded as cp1252; a character that the typeface lacks shows as a box.
        """
        return _shown(self, text)

    def show(self, text: str) -> tuple[str, bytes]:
        """The same with the operand as bytes."""
        name, operand = self.shown(text)
        return name, operand.encode("cp1252")

    def install(self, builder: Builder) -> Stock:
        """Puts the font objects into a file, and the rest of the stock."""
        simple, composite = self.embed(builder, {SIMPLE, COMPOSITE}).values()
        resources = builder.add(font_resources({SIMPLE: simple, COMPOSITE: composite}))
        square = b"/Type/XObject/Subtype/Form/BBox[0 0 1 1]/Resources<<>>"
        empty, check = builder.add_stream(square, b""), builder.add_stream(square, _CHECK)
        return Stock(simple, composite, resources, builder.add_stream(b"", b"q"), empty, check)

    def embed(self, builder: Builder, wanted: Collection[str]) -> dict[str, int]:
        """Puts those of its two fonts that are `wanted` into a file; returns their numbers by name."""
        program = builder.add_stream(*self._program)
        descriptor = builder.add(b"<<%s/FontFile2 %d 0 R>>" % (self._descriptor, program))
        found = {}
        if self.name in wanted:
            found[self.name] = builder.add(self._simple % descriptor)
        if (composite := self.name + _BEYOND) in wanted:
            unicode = builder.add_stream(b"/Filter/FlateDecode", self._to_unicode)
            found[composite] = builder.add(self._composite % (unicode, descriptor))
        return found

    @cached_property
    def _program(self) -> tuple[bytes, bytes]:
        """The font program as a stream: entries and data."""
        return b"/Length1 %d/Filter/FlateDecode" % len(self._stream), zlib.compress(self._stream)

    @cached_property
    def _simple(self) -> bytes:
        """The simple font, with a place left for the number of its descriptor."""
        codes = [bytes([code]).decode("cp1252", "replace") for code in range(32, 256)]
        widths = b" ".join(number(round(self._widths.get(char, self._widths[" "]))) for char in codes)
        return (
            b"<</Type/Font/Subtype/TrueType/BaseFont/%s/Encoding/WinAnsiEncoding"
            b"/FirstChar 32/LastChar 255/Widths[%s]/FontDescriptor %%d 0 R>>" % (self._called, widths)
        )

    @cached_property
    def _composite(self) -> bytes:
        """The composite font, with places left for the numbers of its Unicode table and its descriptor."""
        widths = sorted((glyph, round(self._widths[char])) for char, glyph in self._glyphs.items())
        array = b" ".join(b"%d[%d]" % pair for pair in dict(widths).items())
        return (
            b"<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H/ToUnicode %%d 0 R"
            b"/DescendantFonts[<</Type/Font/Subtype/CIDFontType2/BaseFont/%s"
            b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/CIDToGIDMap/Identity"
            b"/FontDescriptor %%d 0 R/W[%s]>>]>>" % (self._called, self._called, array)
        )

    @cached_property
    def _to_unicode(self) -> bytes:
        """The Unicode table of the composite font, deflated."""
        pairs = sorted({glyph: char for char, glyph in reversed(self._glyphs.items())}.items())
        lines = [f"<{glyph:04X}> <{ord(char):04X}>" for glyph, char in pairs]
        blocks = [lines[start : start + 100] for start in range(0, len(lines), 100)]
        body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
        return zlib.compress(_CMAP.format(body).encode("ascii"))


_CMAP = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
{}
endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""


@lru_cache(maxsize=1 << 14)  # the same words and figures stand on every page
def _shown(face: Typeface, text: str) -> tuple[str, str]:
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        glyphs = face._glyphs  # noqa: SLF001 - a method of it, kept apart to be cached
        return face.name + _BEYOND, "<" + "".join(f"{glyphs.get(char, 0):04X}" for char in text) + ">"
    return face.name, f"({text.translate(_ESCAPES)})"


def font_resources(fonts: Mapping[str, int]) -> bytes:
    """A resource dictionary (7.8.3) that gives fonts their names."""
    return b"<</Font<<" + b"".join(b"/%s %d 0 R" % (name.encode(), place) for name, place in fonts.items()) + b">>>>"


def embedded(builder: Builder, wanted: Collection[str]) -> dict[str, int]:
    """Puts the `wanted` fonts into a file; returns their numbers by name."""
    found: dict[str, int] = {}
    for face in sorted({font.removesuffix(_BEYOND) for font in wanted}):
        found |= typeface(face).embed(builder, wanted)
    return found


@cache
def typeface(name: str = SIMPLE) -> Typeface:
    """A face of Vera as reportlab ships it, read once: "Vera", "VeraBd" or "VeraIt".

    Raises:
        FileNotFoundError: reportlab is not installed, or comes without its fonts.
    """
    found = find_spec("reportlab")
    if found is None or not found.submodule_search_locations:
        raise FileNotFoundError("the typeface Vera comes with reportlab, which is not installed")
    return Typeface(Path(found.submodule_search_locations[0]) / "fonts" / f"{name}.ttf")


def clean(text: str) -> str:
    """The text as it is set: composed characters (NFC), each line's blanks single, no other control characters.

    Raises:
        ValueError: a control character is left, which no form can show.
    """
    lines = [" ".join(line.split()) for line in unicodedata.normalize("NFC", text).split("\n")]
    for char in "".join(lines):
        if unicodedata.category(char) == "Cc":
            raise ValueError(f"the control character U+{ord(char):04X} cannot be printed")
    return "\n".join(lines).strip()
