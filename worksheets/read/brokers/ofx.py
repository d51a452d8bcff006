"""OFX, the tax message of Form 1099-B: version 1 (SGML, end tags left out) and version 2 (XML).

Read tag by tag, by hand: nothing is fetched, no entity is resolved but the five that XML itself has, and a document
type is refused. Codes of adjustment are only in the summaries and none of them is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

from worksheets.problems import refuse
from worksheets.read.brokers import cells
from worksheets.read.brokers.layout import Layout, Reading
from worksheets.read.brokers.source import Source
from worksheets.read.brokers.table import form_code, without_form

_TAG = re.compile(r"<(/?)([A-Za-z0-9_.]+)\s*>([^<]*)")
_FORM = re.compile(r"<TAX1099B_V[0-9]+\s*>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos);")
_DETAIL = re.compile(r"PROCDET_V[0-9]+")
_SUMMARY = re.compile(r"PROCSUM_V[0-9]+")
_RETURN = re.compile(r"TAX1099B_V[0-9]+")


@dataclass(slots=True)
class Form:
    """One Form 1099-B: its elements, its sales, and the place of the first in the file."""

    values: dict[str, str] = field(default_factory=dict)
    sales: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    summaries: int = 0


def _forms(text: str) -> Iterator[Form]:
    """Each form with its elements; of an element given twice the first counts (addresses repeat names)."""
    form: Form | None = None
    held: dict[str, str] = {}
    line, before = 1, 0
    for match in _TAG.finditer(text):
        closing, name = bool(match[1]), match[2].upper()
        line += text.count("\n", before, match.start())
        before = match.start()
        if _RETURN.fullmatch(name):
            if closing and form:
                yield form
            form = None if closing else Form()
            held = form.values if form else {}
        elif form and (_DETAIL.fullmatch(name) or _SUMMARY.fullmatch(name)):
            held = form.values if closing else {}
            if not closing and _DETAIL.fullmatch(name):
                form.sales.append((line, held))
            form.summaries += not closing and bool(_SUMMARY.fullmatch(name))
        elif not closing and match[3].strip():
            held.setdefault(name, _ENTITY.sub(lambda one: unescape(one[0]), match[3]).strip())


def _reported(not_shown: str) -> str:
    """Box 12, which the format gives by its opposite."""
    return {"true": "false", "false": "true"}.get(cells.flag(not_shown), "")


def _recognise(source: Source) -> bool:
    return bool(_FORM.search(source.text))


def _fill(source: Source, reading: Reading) -> None:
    if re.search(r"<!(?:DOCTYPE|ENTITY)", source.text, re.IGNORECASE):
        raise refuse(source.file, "read a document type or entity, which OFX has no use for, expected the file without")
    for form in _forms(source.text):
        if cells.ticked(form.values.get("VOID", "")):
            reading.note("a form marked void is left aside")
            continue
        if cells.ticked(form.values.get("CORRECTED", "")):
            reading.note("a corrected Form 1099-B: it replaces the first one, which must not be imported too")
        if form.summaries and not form.sales:
            reading.note("a form of summaries only: its single sales are not in this file")
        for line, values in form.sales:
            _sale(line, values, form, reading)


def _sale(line: int, values: dict[str, str], form: Form, reading: Reading) -> None:
    entry = reading.entry("sales", line)
    entry.set("broker", cells.words(form.values.get("PAYERNAME1", "")))
    entry.set("account", cells.words(form.values.get("RECACCT", "")))
    name = cells.words(values.get("SECNAME", ""))
    entry.symbol = name
    entry.put("shares", values.get("NUMSHRS", ""), cells.shares)
    count = entry.values.get("shares", "")
    entry.set(
        "description",
        cells.words(values.get("SALEDESCRIPTION", "")) or (f"{count} sh {name}" if count and name else name),
    )
    various = cells.ticked(values.get("DTVAR", ""))
    entry.put("acquired", "various" if various else values.get("DTAQD", ""), cells.acquired)
    entry.put("sold", values.get("DTSALE", ""), cells.sold_day)
    entry.put("proceeds", values.get("SALESPR", ""), cells.money)
    entry.put("basis", values.get("COSTBASIS", ""), cells.money)
    entry.put("wash_sale_disallowed", values.get("WASHSALELOSSDISALLOWED", ""), cells.size)
    ordinary = cells.ticked(values.get("ORDINARY", ""))
    entry.put("term", "ordinary" if ordinary else values.get("LONGSHORT", ""), cells.term)
    entry.put("noncovered", values.get("NONCOVEREDSECURITY", ""), cells.flag)
    entry.put("basis_reported", values.get("BASISNOTSHOWN", ""), _reported)
    form_code(entry, values.get("FORM8949CODE", ""))
    if cells.ticked(values.get("FORM1099BNOTRECEIVED", "")):
        without_form(entry)


LAYOUT = Layout("ofx", "OFX tax record, Form 1099-B", "", "spec", _recognise, _fill)
