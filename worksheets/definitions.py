"""What the IRS printed, read from forms/<year>/<form>.yaml: number, caption, how, citation, box, page of each line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import yaml

from worksheets.data import folder


@dataclass(frozen=True, slots=True)
class LineDefinition:
    """One line as a form prints it.

    `boxes` maps a column ("" where the line has one box) to the short field name in the official PDF. A line that the
    form prints in parentheses (`parens`) holds a positive amount. A working line (`working`) stands in schedules but
    not in the result: the form has it, we do not fill that form. `when` says, once for a whole part of the form, on
    what it depends whether its lines are filled in at all; it names lines as `how` does.
    """

    number: str
    name: str
    caption: str
    how: str
    cite: str = ""
    page: int = 1
    boxes: Mapping[str, str] = field(default_factory=dict)
    parens: bool = False
    working: bool = False
    part: str = ""
    when: str = ""

    @property
    def is_row(self) -> bool:
        """Whether the line is a row of several columns."""
        return "h" in self.boxes


@dataclass(frozen=True, slots=True)
class Definition:
    """One form of one year, lines in the order printed.

    `extra` keeps the other keys of the file, `raw_parts` each part as the file has it (Form 8949 has rows, no lines).
    """

    form: str
    year: int
    label: str
    title: str
    structure: str
    blank: str
    sequence: str
    parts: Mapping[str, str]
    lines: Mapping[str, LineDefinition]
    extra: Mapping[str, Any]
    raw_parts: Sequence[Mapping[str, Any]]

    def numbered(self, number: str) -> LineDefinition:
        """The line printed as `number`.

        Raises:
            KeyError: this year's form has no such line.
        """
        return self.numbers[number]

    @property
    def numbers(self) -> Mapping[str, LineDefinition]:
        """The lines by printed number."""
        return {line.number: line for line in self.lines.values()}


def read_yaml(name: str) -> Any:
    """A YAML file of the forms folder, every scalar as text."""
    text = (folder("forms") / name).read_text(encoding="utf-8")
    return yaml.load(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))  # noqa: S506 - BaseLoader builds text only


@cache
def years() -> tuple[int, ...]:
    """The tax years that forms/ holds, in order."""
    return tuple(sorted(int(entry.name) for entry in folder("forms").iterdir() if entry.name.isdigit()))


@cache
def definition(year: int, form: str) -> Definition:
    """The definition of `form` (a file name in forms/<year>/, without its ending).

    Raises:
        FileNotFoundError: that year has no such form.
    """
    data = read_yaml(f"{year}/{form}.yaml")
    lines = {line.name: line for line in _lines(data)}
    return Definition(
        form=data["form"],
        year=year,
        label=data["label"],
        title=data["title"],
        structure=data.get("structure", form),
        blank=data.get("blank", ""),
        sequence=data.get("sequence", ""),
        parts={part["part"]: part["title"] for part in data["parts"]},
        lines=lines,
        extra={key: value for key, value in data.items() if key not in {"parts", "form", "label", "title"}},
        raw_parts=data["parts"],
    )


def _lines(data: Mapping[str, Any]) -> Iterator[LineDefinition]:
    for part in data["parts"]:
        for entry in part.get("lines", ()):
            boxes = entry.get("boxes") or ({"": entry["box"]} if entry.get("box") else {})
            yield LineDefinition(
                number=entry["line"],
                name=entry["name"],
                caption=entry["caption"],
                how=entry["how"],
                cite=entry.get("cite", ""),
                page=int(entry.get("page", part.get("page", 1))),
                boxes=boxes,
                parens=entry.get("parens") == "true",
                working=entry.get("working") == "true",
                part=part["part"],
                when=part.get("when", ""),
            )


_WHERE = (
    r"(?:(?P<last>last year's )?(?P<form>(?:AMT )?(?:Form 1040|Form 6251|Form 8801|Schedule D Tax Worksheet|Schedule D"
    r"|Gain Worksheet|Carryover Worksheet|Exemption Worksheet|Line 2k Worksheet)) )"
)
_NUMBER = r"(?:S\d-)?\d+[a-z]?(?:\([a-z]\))?|ordinary|short|long|limit"
_REFERENCE = re.compile(
    rf"(?:{_WHERE})?lines? (?P<numbers>(?:{_NUMBER})\b(?:(?:, | and | or | through |, and )(?:{_NUMBER})\b)*)"
    r"|(?P<last_key>last year's )?`(?P<key>\w+)`|(?P<facts>the exercises|the dispositions|the shares held)"
    r"|(?P<rows>Form 8949 box(?:es)? [A-L](?:, [A-L])*(?: (?:and|or) [A-L])?)"
    r"|Form 8949 Exception 1, (?P<exception>short|long)-term"
)


@dataclass(frozen=True, slots=True)
class Named:
    """What a `how` names: a line of a form, of this year or the last, a key of the case, or a schedule of facts."""

    form: str
    number: str
    last_year: bool = False


def named(line: LineDefinition, of: Definition) -> frozenset[Named]:
    """Everything that `how` and `when` of a line name; "lines 2 through 5" is spelt out in the form's own order."""
    found: set[Named] = set()
    for match in _REFERENCE.finditer(f"{line.how}; {line.when}"):
        if match["key"]:
            found.add(Named("case", match["key"], bool(match["last_key"])))
        elif match["facts"]:
            found.add(Named("stock", match["facts"].removeprefix("the ")))
        elif match["exception"]:
            found.add(Named("8949", "a" if match["exception"] == "short" else "d"))
        elif match["rows"]:
            found.update(Named("8949", box) for box in re.findall(r"\b[A-L]\b", match["rows"]))
        else:
            where = match["form"] or of.label
            found.update(
                Named(where, number, bool(match["last"])) for number in _spelt_out(match["numbers"], where, of)
            )
    return frozenset(found)


def _spelt_out(numbers: str, where: str, of: Definition) -> Iterator[str]:
    order = list(of.numbers) if where == of.label else []
    for part in re.split(r", and |, | and | or ", numbers):
        first, _, last = part.partition(" through ")
        yield from order[order.index(first) : order.index(last) + 1] if last else [first]
