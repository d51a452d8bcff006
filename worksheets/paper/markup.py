"""What templates say: a small part of HTML (in its XML form), read into a tree.

Templates escape everything that comes from a case, so a tag in this text is always one of ours, and no document type
with entities can stand in it; a tag that is not listed here is a fault of a template. The same text can stand in an
HTML page as it is.

Blocks: h1, h2, h3, p, ul, ol, table, aside (a framed box), hr (a new page). A `tbody` with class "keep" stays on one
page. Inline: b, i, br, span, a. `id` names a place, `href="#NAME"` leads to one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers.expat import ExpatError, ParserCreate

BLOCKS = frozenset({"h1", "h2", "h3", "p", "ul", "ol", "table", "aside", "hr"})
INLINE = frozenset({"b", "i", "br", "span", "a"})
INNER = frozenset({"li", "colgroup", "col", "thead", "tbody", "tr", "th", "td"})
_TAGS = BLOCKS | INLINE | INNER
_WHOLE = "body"
_CONTROLS = {code: None for code in range(32) if chr(code) not in "\t\n"}  # no text of a case has them


class MarkupError(ValueError):
    """A template wrote something else than this markup: a fault of the program."""


@dataclass(slots=True)
class Element:
    """A tag with its attributes and what is in it, text included; `names` are those of every place in it."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    @property
    def classes(self) -> frozenset[str]:
        """The words of its class attribute."""
        return frozenset(self.attributes.get("class", "").split())

    @property
    def name(self) -> str:
        """The name of the place it stands at, "" if it has none."""
        return self.attributes.get("id", "")

    @property
    def text(self) -> str:
        """All text in it, blanks single."""
        return " ".join("".join(self._texts()).split())

    def _texts(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, Element):
                yield "\n" if child.tag == "br" else child.text_as_is
            else:
                yield child

    @property
    def text_as_is(self) -> str:
        """All text in it, as written."""
        return "".join(self._texts())

    def find(self, tag: str) -> Iterator[Element]:
        """The elements of a kind right below it."""
        return (child for child in self.children if isinstance(child, Element) and child.tag == tag)


class _Reader:
    """Builds the tree, and refuses what is not this markup."""

    def __init__(self) -> None:
        self.root = Element("root")
        self.open = [self.root]
        self.parser = ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.data

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """A tag that opens."""
        if tag == _WHOLE and len(self.open) == 1:
            return
        if tag not in _TAGS:
            raise MarkupError(f"line {self.parser.CurrentLineNumber}: <{tag}> is not of this markup")
        element = Element(tag, attributes)
        self.open[-1].children.append(element)
        self.open.append(element)
        if element.name:
            for above in self.open:
                above.names.append(element.name)

    def end(self, tag: str) -> None:
        """A tag that closes."""
        if tag != _WHOLE:
            self.open.pop()

    def data(self, data: str) -> None:
        """Text between tags."""
        if len(self.open) > 1:
            self.open[-1].children.append(data)
        elif data.strip():
            raise MarkupError(f"line {self.parser.CurrentLineNumber}: text outside of a block")


def parse(text: str) -> list[Element]:
    """The blocks of a text.

    Raises:
        MarkupError: the text is not this markup.
    """
    reader = _Reader()
    try:
        reader.parser.Parse(f"<{_WHOLE}>{text.translate(_CONTROLS)}</{_WHOLE}>", True)  # noqa: FBT003 - the parser takes no names
    except ExpatError as fault:
        raise MarkupError(f"line {fault.lineno}: {fault}") from fault
    blocks = [child for child in reader.root.children if isinstance(child, Element)]
    if strange := {block.tag for block in blocks} - BLOCKS:
        raise MarkupError(f"<{min(strange)}> stands outside of a block")
    return blocks
