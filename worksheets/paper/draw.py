"""The drawn edition: any form or worksheet of any year, drawn from the same data that official forms are filled from.

For a machine without official blanks, and for the worksheets that no blank exists of. `draw_form` and `draw_8949` give
one form as PDF; `form_piece`, `rows_piece` and `render` put several into one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from worksheets.amounts import Law
from worksheets.definitions import Definition, definition
from worksheets.form import Form, Rounding
from worksheets.paper.drawn_blocks import Remark
from worksheets.paper.drawn_lines import FormLines
from worksheets.paper.drawn_pages import Masthead, Piece, Section, leaves, render
from worksheets.paper.drawn_style import printable
from worksheets.paper.drawn_tables import rows_sections
from worksheets.paper.money import Header
from worksheets.paper.pages_8949 import Item

__all__ = ["draw_8949", "draw_form", "form_piece", "leaves", "render", "rows_piece"]

_HYPOTHETICAL = "Hypothetical amounts"
STATEMENT = "In place of Form 8949 (its instructions, Exception 2): attach to the form; if e-filed, mail with Form 8453"
NO_ROWS = Section((), (Remark(("No sale is to be reported on this form.",)),))


def draw_form(form: Form, header: Header, *, mark: str = "") -> bytes:
    """A worked form or worksheet, drawn, as PDF.

    Raises:
        ValueError: a name has a character that the typeface lacks.
    """
    return render([form_piece(form, header, mark=mark)])


def draw_8949(listed: Sequence[Item], law: Law, header: Header, rounding: Rounding, *, mark: str = "") -> bytes:
    """The rows of Form 8949 of the law's year, drawn, as PDF.

    Raises:
        ValueError: a row stands under a box that this year's form does not have, or a text cannot be printed.
    """
    return render([rows_piece(listed, law, header, rounding, mark=mark)])


def form_piece(form: Form, header: Header, *, mark: str = "", how: bool | None = None, anchors: bool = False) -> Piece:
    """A worked form or worksheet, to be drawn.

    Args:
        form: the form.
        header: names and number.
        mark: "AMT" on the copies refigured for the AMT.
        how: whether each line says what it was worked from: by default on worksheets.
        anchors: whether each line gets its name in a packet, for `join` only.
    """
    printed = form.definition
    lines = FormLines(form, how=_is_worksheet(printed) if how is None else how, anchors=anchors)
    warnings = _warnings(form.law, getattr(form, "rates_law", form.law))
    return Piece(_masthead(printed, header, mark, warnings), tuple(lines.sections()))


def rows_piece(  # noqa: PLR0913 - what the rows stand under, each by name
    listed: Sequence[Item], law: Law, header: Header, rounding: Rounding, *, mark: str = "", statement: bool = False
) -> Piece:
    """The rows of Form 8949, to be drawn: as the form, or as the statement that is filed in place of its rows.

    A statement that is filed bears the whole social security number.
    """
    printed = definition(law.year, "f8949")
    head = _masthead(printed, header, mark, _warnings(law))
    if statement and not mark and not law.hypothetical:
        head = replace(head, title=f"{printed.title}: statement", edition=STATEMENT, ssn=header.ssn)
    return Piece(head, tuple(rows_sections(printed, listed, rounding)) or (NO_ROWS,))


def _is_worksheet(printed: Definition) -> bool:
    return "Worksheet" in printed.label


def _warnings(*laws: Law) -> tuple[str, ...]:
    found = {
        "Draft figures": any(law.draft for law in laws),
        _HYPOTHETICAL: any(law.hypothetical for law in laws),
    }
    return tuple(warning for warning, holds in found.items() if holds)


def _masthead(printed: Definition, header: Header, mark: str, warnings: Sequence[str]) -> Masthead:
    return Masthead(
        label=printed.label,
        year=printed.year,
        title=printed.title,
        edition=_edition(printed, mark, filed=_HYPOTHETICAL not in warnings),
        sequence=printed.sequence,
        name=printable(header.name),
        ssn=header.masked,
        mark=mark,
        warnings=warnings,
    )


def _edition(printed: Definition, mark: str, *, filed: bool) -> str:
    """What this paper is, and what is to be done with it."""
    name = f"{printed.label} ({printed.year})"
    if mark:
        return f"{mark} copy of {name}: keep with your records, do not file"
    if _is_worksheet(printed):
        return f"{name}: keep with your records, do not file"
    return f"Worksheet edition of {name}: {'file on the official form' if filed else 'do not file'}"
