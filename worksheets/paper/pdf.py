"""PDF objects as bytes: copied once from pypdf, written as often as needed.

Object model and file structure are those of ISO 32000-2, 7.3 and 7.5. An object read through pypdf becomes a `Body`:
its bytes with a place left for each object number, so that a copy of it costs one formatting. A `Builder` gathers
objects into one file with object streams and a cross-reference stream. Nothing here is random or dated: the same
objects in the same order give the same bytes, and the file identifier is their hash.
"""

from __future__ import annotations

import copy
import hashlib
import io
import os
import re
import struct
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from pypdf.generic import DictionaryObject, IndirectObject, NameObject, NullObject, StreamObject

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from pypdf import PdfReader

PRODUCER = "dualbasis"
_HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
_ROW = struct.Struct(">BIH")  # one entry of the cross-reference stream: type, offset or object stream, index
_PER_STREAM = 200  # objects in one object stream: few enough to be read alone, many enough to compress


@lru_cache(maxsize=4096)  # the same widths, insets and sizes come back in box after box
def number(value: float) -> bytes:
    """A number as PDF writes it: at most three decimals (a thousandth of a point), no exponent."""
    return f"{value:.3f}".rstrip("0").rstrip(".").encode("ascii")


def name(text: str) -> bytes:
    """A name object (7.3.5), with its slash; anything but letters, figures and a few signs as #xx."""
    return b"/" + re.sub(rb"[^\w.+-]", lambda found: b"#%02X" % ord(found[0]), text.encode())


def literal(data: bytes) -> bytes:
    """A literal string (7.3.4.2)."""
    return b"(" + data.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)") + b")"


def text_string(text: str) -> bytes:
    """A text string (7.9.2.2): literal when it is printable ASCII, else UTF-16 with its byte order mark."""
    if text.isascii() and text.isprintable():
        return literal(text.encode("ascii"))
    return b"<FEFF" + text.encode("utf-16-be").hex().upper().encode("ascii") + b">"


def deflated(data: bytes) -> bytes:
    """The data as /FlateDecode reads it: level 5 takes two thirds of the time of 6, for one byte in a hundred more."""
    return zlib.compress(data, 5)


def references(numbers: Sequence[int]) -> bytes:
    """An array of references to the objects so numbered."""
    return b"[" + b" ".join(b"%d 0 R" % n for n in numbers) + b"]"


@dataclass(frozen=True, slots=True)
class Body:
    """One object, serialised, with `%d` where the number of an object it refers to belongs.

    `refs` are local numbers, looked up in a sequence of real ones when the body is rendered. A stream keeps its
    encoded `data` beside it, and its pattern then holds the entries of its dictionary without brackets or /Length.
    """

    pattern: bytes
    refs: tuple[int, ...] = ()
    data: bytes | None = None

    def render(self, numbers: Sequence[int]) -> bytes:
        """The bytes, with the real numbers in place."""
        return self.pattern % tuple([numbers[ref] for ref in self.refs])


class Copier:
    """Turns what pypdf has read into bodies, giving each object it meets the next local number.

    The local numbers below `reserved` belong to objects that do not come from the file (the page tree, fonts):
    `foreign` makes a pypdf reference to one of them.
    """

    def __init__(self, reader: PdfReader, reserved: int) -> None:
        self._reader = reader
        self._locals = {-place: place for place in range(reserved)}
        self._pending: list[IndirectObject] = []

    def foreign(self, place: int) -> IndirectObject:
        """A reference to the reserved local number `place`, to be put into a pypdf object."""
        return IndirectObject(-place, 0, self._reader)

    def local(self, ref: IndirectObject) -> int:
        """The local number of the object referred to."""
        if ref.idnum not in self._locals:
            self._locals[ref.idnum] = len(self._locals)
            self._pending.append(ref)
        return self._locals[ref.idnum]

    def __len__(self) -> int:
        """How many local numbers are in use."""
        return len(self._locals)

    def claim(self, refs: Sequence[IndirectObject]) -> tuple[int, ...]:
        """Local numbers for objects whose bodies the caller makes itself."""
        found = tuple(self.local(ref) for ref in refs)
        self._pending.clear()
        return found

    def body(self, value: Any, without: Collection[str] = (), *, entries: bool = False) -> Body:
        """The body of an object; of a dictionary less the keys in `without`, and unbracketed if only `entries`."""
        out: list[bytes] = []
        refs: list[int] = []
        if isinstance(value, DictionaryObject):
            kept = [item for item in value.items() if item[0] not in without]
            is_stream = isinstance(value, StreamObject)
            self._entries([item for item in kept if not (is_stream and item[0] == "/Length")], out, refs)
            data = value._data if isinstance(value, StreamObject) else None  # noqa: SLF001 # still encoded only there
            bare = entries or is_stream
            return Body(b"".join(out) if bare else b"<<" + b"".join(out) + b">>", tuple(refs), data)
        self._value(value, out, refs)
        return Body(b"".join(out), tuple(refs))

    def rest(self, *, raw: bool = False) -> dict[int, Body]:
        """Bodies of every object that was referred to and not claimed, and of what those refer to, by local number.

        With `raw` they are copied as they lie in the file's object streams, where they do: the way for the thousand
        objects of a structure tree, none of which anybody looks into.
        """
        bodies: dict[int, Body] = {}
        packed = _Packed(self._reader) if raw else None
        while self._pending:
            ref = self._pending.pop()
            body = self._raw(packed.text(ref.idnum)) if packed else None
            if body is None:
                found = ref.get_object()
                body = self.body(NullObject() if found is None else found)
            bodies[self.local(ref)] = body
        return bodies

    def _raw(self, text: bytes | None) -> Body | None:
        """The body of an object given as its text, or None where that holds what only a parser can tell apart."""
        refs: list[int] = []

        def replaced(found: re.Match[bytes]) -> bytes:
            """A reference as a place for its number; anything else as it stands."""
            if found[1]:
                refs.append(self.local(IndirectObject(int(found[1]), 0, self._reader)))
                return b"%d 0 R"
            if len(found[0]) == 1:  # a comment, or a bracket that is part of no string
                raise ValueError
            return found[0].replace(b"%", b"%%")

        try:
            return None if text is None else Body(_TOKEN.sub(replaced, text), tuple(refs))
        except ValueError:
            return None

    def _entries(self, items: list[tuple[Any, Any]], out: list[bytes], refs: list[int]) -> None:
        for key, value in items:
            out.append(_scalar(key) + b" ")
            self._value(value, out, refs)

    def _value(self, value: Any, out: list[bytes], refs: list[int]) -> None:
        if isinstance(value, IndirectObject):
            refs.append(self.local(value))
            out.append(b"%d 0 R")
        elif isinstance(value, DictionaryObject):
            out.append(b"<<")
            self._entries(list(value.items()), out, refs)
            out.append(b">>")
        elif isinstance(value, list):
            out.append(b"[")
            for item in list.__iter__(value):
                self._value(item, out, refs)
                out.append(b" ")
            out.append(b"]")
        else:
            out.append(_scalar(value))


# A string with at most one pair of brackets inside, a reference, or a character that makes the text unsafe to copy.
_TOKEN = re.compile(rb"\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\)|(\d+)\s+\d+\s+R(?!\w)|[%()]", re.DOTALL)


class _Packed:
    """The texts of the objects that lie in a file's object streams (7.5.7), each stream split once."""

    def __init__(self, reader: PdfReader) -> None:
        self._reader = reader
        self._streams: dict[int, list[bytes]] = {}

    def text(self, idnum: int) -> bytes | None:
        """The text of the object so numbered, or None where it lies in no object stream."""
        if idnum not in self._reader.xref_objStm:
            return None
        holder, index = self._reader.xref_objStm[idnum]
        if holder not in self._streams:
            self._streams[holder] = self._split(IndirectObject(holder, 0, self._reader).get_object())
        found: bytes = self._streams[holder][index]
        return found

    @staticmethod
    def _split(stream: Any) -> list[bytes]:
        first = int(stream["/First"])
        data: bytes = stream.get_data()
        offsets = [first + int(word) for word in data[:first].split()[1::2]]
        return [data[start:end].strip() for start, end in zip(offsets, [*offsets[1:], None], strict=True)]


def _scalar(value: Any) -> bytes:
    if isinstance(value, NameObject):
        return value.renumber().replace(b"%", b"%%")
    stream = io.BytesIO()
    value.write_to_stream(stream)
    return stream.getvalue().replace(b"%", b"%%")


class Builder:
    """Objects gathered into one file: streams as they come, everything else packed into object streams."""

    def __init__(self) -> None:
        self._parts = [_HEADER]
        self._size = len(_HEADER)
        self._table = bytearray(_ROW.pack(0, 0, 0xFFFF))
        self._queue: list[tuple[int, bytes]] = []
        self._digest = hashlib.sha256(_HEADER)

    def copy(self) -> Builder:
        """An independent builder that begins with everything put into this one so far."""
        self._flush()
        self._parts = [b"".join(self._parts)]
        twin = copy.copy(self)
        twin._parts, twin._table, twin._queue = list(self._parts), bytearray(self._table), []  # noqa: SLF001 # its own
        twin._digest = self._digest.copy()  # noqa: SLF001 # likewise
        return twin

    def reserve(self, count: int = 1) -> int:
        """The first of `count` consecutive object numbers, for objects that are put later."""
        first = len(self._table) // _ROW.size
        self._table.extend(bytes(_ROW.size * count))
        return first

    def put(self, place: int, body: bytes) -> None:
        """Puts an object that is no stream under a reserved number."""
        self._queue.append((place, body))
        if len(self._queue) == _PER_STREAM:
            self._flush()

    def add(self, body: bytes) -> int:
        """Puts an object that is no stream, and returns its number."""
        place = self.reserve()
        self.put(place, body)
        return place

    def put_stream(self, place: int, entries: bytes, data: bytes) -> None:
        """Puts a stream: the entries of its dictionary (without /Length) and its data, encoded as they say."""
        self._mark(place, 1, self._size, 0)
        self._append(b"%d 0 obj\n<<%s/Length %d>>\nstream\n%s\nendstream\nendobj\n" % (place, entries, len(data), data))

    def add_stream(self, entries: bytes, data: bytes, *, deflate: bool = False) -> int:
        """Puts a stream, deflated first if asked, and returns its number."""
        place = self.reserve()
        if deflate:
            entries, data = entries + b"/Filter/FlateDecode", deflated(data)
        self.put_stream(place, entries, data)
        return place

    def place(self, place: int, body: Body, numbers: Sequence[int]) -> None:
        """Puts a copied object, stream or not, under a reserved number."""
        if body.data is None:
            self.put(place, body.render(numbers))
        else:
            self.put_stream(place, body.render(numbers), body.data)

    def finish(self, root: int, info: int) -> bytes:
        """The whole file, given the numbers of its catalog and its information dictionary."""
        self._flush()
        identifier = self._digest.hexdigest()[:32].upper().encode("ascii")
        start, place = self._size, self.reserve()
        entries = b"/Type/XRef/W[1 4 2]/Size %d/Root %d 0 R/Info %d 0 R/ID[<%s><%s>]/Filter/FlateDecode" % (
            *(place + 1, root, info),
            *(identifier, identifier),
        )
        self._mark(place, 1, start, 0)
        self.put_stream(place, entries, zlib.compress(self._table, 1))  # on such tables 1 beats 6 in size and time
        self._append(b"startxref\n%d\n%%%%EOF\n" % start)
        return b"".join(self._parts)

    def _append(self, part: bytes) -> None:
        self._parts.append(part)
        self._size += len(part)
        self._digest.update(part)

    def _mark(self, place: int, kind: int, second: int, third: int) -> None:
        self._table[place * _ROW.size : (place + 1) * _ROW.size] = _ROW.pack(kind, second, third)

    def _flush(self) -> None:
        if not self._queue:
            return
        queue, self._queue = self._queue, []
        holder = self.reserve()
        head, offset = [], 0
        for index, (place, body) in enumerate(queue):
            head.append(b"%d %d" % (place, offset))
            offset += len(body) + 1
            self._mark(place, 2, holder, index)
        first = b" ".join(head) + b"\n"
        packed = deflated(first + b"\n".join([body for _, body in queue]))
        entries = b"/Type/ObjStm/N %d/First %d/Filter/FlateDecode" % (len(queue), len(first))
        self.put_stream(holder, entries, packed)


def source_date() -> datetime | None:
    """The moment SOURCE_DATE_EPOCH names (seconds since 1970, UTC), or None when it is not set.

    Raises:
        ValueError: the variable holds no whole number of seconds.
    """
    seconds = os.environ.get("SOURCE_DATE_EPOCH")
    return datetime.fromtimestamp(int(seconds), UTC) if seconds else None


@dataclass(frozen=True, slots=True)
class Properties:
    """What a document says of itself, in its information dictionary (14.3.3) and as XMP (14.3.2)."""

    title: str
    author: str = ""
    subject: str = ""
    created: datetime | None = None

    def info(self) -> bytes:
        """The information dictionary."""
        pairs = {"Title": self.title, "Author": self.author, "Subject": self.subject, "Producer": PRODUCER}
        entries = b"".join(b"/%s%s" % (key.encode(), text_string(text)) for key, text in pairs.items() if text)
        if self.created:
            stamp = self.created.astimezone(UTC).strftime("(D:%Y%m%d%H%M%SZ)").encode()
            entries += b"/CreationDate%s/ModDate%s" % (stamp, stamp)
        return b"<<" + entries + b">>"

    def xmp(self, lang: str) -> bytes:
        """The XMP packet, uncompressed, as readers that know no PDF expect it."""
        date = self.created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if self.created else ""
        parts = [
            _listed("dc:title", "Alt", self.title),
            _listed("dc:description", "Alt", self.subject),
            _listed("dc:creator", "Seq", self.author),
            _listed("dc:language", "Bag", lang),
            f"<xmp:CreateDate>{date}</xmp:CreateDate><xmp:ModifyDate>{date}</xmp:ModifyDate>" if date else "",
        ]
        return _XMP.format("".join(parts), PRODUCER).encode("utf-8")


def _listed(tag: str, kind: str, text: str) -> str:
    lang = ' xml:lang="x-default"' if kind == "Alt" else ""
    return f"<{tag}><rdf:{kind}><rdf:li{lang}>{escape(text)}</rdf:li></rdf:{kind}></{tag}>" if text else ""


_XMP = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">'
    "<dc:format>application/pdf</dc:format>{}<pdf:Producer>{}</pdf:Producer>"
    '</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end="r"?>'
)
