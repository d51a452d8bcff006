"""Which cell a name in a formula leads to: lines, steps, facts and amounts of the law of a year and of the one before.

Names of cells are made of the form, the year and the printed number: `F6251_2024_2k`, `SD_2024_8b_h`, `Law_2024_…`,
`Facts_2024_…`. What a year before hands over stands under the same names where that year is in the workbook, else
(a year known from the case alone, or a return as it was filed) in a block of typed figures, with an ending.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from worksheets.definitions import definition
from worksheets.form import Form, worked_lines
from worksheets.household import YearBooks
from worksheets.paper import workbook_lines as lines
from worksheets.paper import workbook_minimum as minimum
from worksheets.paper.workbook_lines import Step
from worksheets.tax_return import TaxReturn

TYPED_BEFORE, AS_FILED = "_typed", "_filed"
PREFIXES: Final[Mapping[str, str]] = {
    "f1040": "F1040",
    "schedule_d": "SD",
    "schedule_d_amt": "SDAMT",
    "gain_worksheet": "GW",
    "gain_worksheet_amt": "GWAMT",
    "schedule_d_tax": "SDTW",
    "schedule_d_tax_amt": "SDTWAMT",
    "line_2k": "L2K",
    "exemption_worksheet": "EW",
    "f6251": "F6251",
    "f8801": "F8801",
    "carryover": "CLC",
    "carryover_amt": "CLCAMT",
}
"""Forms as a return keeps them, and how the names of their cells begin."""

FILES: Final[Mapping[str, str]] = {
    "schedule_d": "f1040sd",
    "schedule_d_amt": "f1040sd",
    "exemption_worksheet": "exemption",
}
_REFERENCE: Final = re.compile(r"\{([\w.]+)(!?)\}")
_CARRIED: Final = {
    "short": ("carryover.short_term_carryover", "capital_loss_carryover_short"),
    "long": ("carryover.long_term_carryover", "capital_loss_carryover_long"),
    "amt_short": ("carryover_amt.short_term_carryover", "amt_capital_loss_carryover_short"),
    "amt_long": ("carryover_amt.long_term_carryover", "amt_capital_loss_carryover_long"),
    "credit": ("f8801.carryforward_out", "prior_minimum_tax_credit"),
}


def _amt_schedule_d() -> Mapping[str, str]:
    copy = {name: text.replace("{carried.", "{carried.amt_") for name, text in lines.SCHEDULE_D.items()}
    return copy | {name: lines.special_gain_amt(name) for name in ("gain_28_percent", "unrecaptured_1250")}


LINES: Final[Mapping[str, Mapping[str, str]]] = {
    "f1040": lines.F1040,
    "f1040_schedule_1a": lines.F1040_SCHEDULE_1A,
    "schedule_d": lines.SCHEDULE_D,
    "schedule_d_amt": _amt_schedule_d(),
    "gain_worksheet": lines.GAIN_WORKSHEET,
    "gain_worksheet_amt": lines.amt_copy(lines.GAIN_WORKSHEET),
    "schedule_d_tax": lines.SCHEDULE_D_TAX,
    "schedule_d_tax_amt": lines.amt_copy(lines.SCHEDULE_D_TAX),
    "line_2k": minimum.LINE_2K,
    "exemption_worksheet": minimum.EXEMPTION,
    "f6251": minimum.F6251,
    "f6251_senior_deduction": minimum.F6251_SENIOR_DEDUCTION,
    "f8801": minimum.F8801,
    "carryover": lines.CARRYOVER,
    "carryover_amt": {
        **lines.amt_copy(lines.CARRYOVER),
        "income_before_floor": lines.when("{needed}", "{f6251.amti}"),
    },
}
"""Formulas of the lines by form, or by structure where a form has several."""

STEPS: Final[Mapping[str, tuple[Step, ...]]] = {
    "f1040": lines.F1040_STEPS,
    "schedule_d": lines.SCHEDULE_D_STEPS,
    "schedule_d_amt": lines.SCHEDULE_D_STEPS,
    "f6251": minimum.F6251_STEPS,
    "f8801": minimum.F8801_STEPS,
    "carryover": lines.CARRYOVER_STEPS,
    "carryover_amt": lines.CARRYOVER_STEPS,
}


def form_of(done: TaxReturn, key: str) -> Form:
    """A form of a return, by the name that the return keeps it under."""
    found: Form = getattr(done, key)
    return found


def formulas(form: Form, key: str) -> Mapping[str, str]:
    """The formulas of a form's lines, by name."""
    return LINES.get(form.definition.structure, LINES[key])


def steps(form: Form, key: str) -> tuple[Step, ...]:
    """What a form decides or adds up between its lines."""
    if key.startswith("gain_worksheet"):
        last = "net_preferential" if "net_preferential" in form.definition.lines else "dividends_and_gain"
        return (lines.PREFERENTIAL_STEPS[last],)
    without_total = key == "f1040" and "deductions" not in form.definition.lines
    return (lines.TOTAL_STEP, *lines.F1040_STEPS) if without_total else STEPS.get(key, ())


def step_value(form: Any, name: str) -> Any:
    """What a step comes to in our computation."""
    found = getattr(form, name) if hasattr(form, name) else getattr(form.parent, name)
    return found() if callable(found) else found


def cell_name(key: str, year: int, item: str) -> str:
    """The name of a line's or a step's cell; `item` is the name that the program knows it by."""
    printed = definition(year, FILES.get(key, key)).lines.get(item)
    if printed is None:
        return f"{PREFIXES[key]}_{year}_{item}"
    column = "_h" if printed.is_row else ""  # of a row of Schedule D, other lines read column (h)
    return f"{PREFIXES[key]}_{year}_{printed.number.replace('-', '_')}{column}"


@dataclass(frozen=True, slots=True)
class Scope:
    """A year of the workbook whose formulas are being written."""

    books: YearBooks
    done: TaxReturn

    @property
    def year(self) -> int:
        """The tax year."""
        return self.books.year

    @property
    def chained(self) -> bool:
        """Whether what comes in follows from the year before, and is not given."""
        return self.done.prior is not None and self.done.opening is None

    @property
    def ending(self) -> str:
        """How the names of the year before end: nothing where it stands in the workbook itself."""
        if not self.chained:
            return TYPED_BEFORE
        return AS_FILED if self.filed_before else ""

    @property
    def filed_before(self) -> bool:
        """Whether the year before hands on what was filed in place of what is computed."""
        return self.done.prior is not None and bool(self.done.prior.given) and self.chained

    def formula(self, text: str, key: str) -> str:
        """A formula with every name in it replaced by that of a cell."""
        return _REFERENCE.sub(lambda found: self._cell(found[1], key, raw=bool(found[2])), text)

    def _cell(self, path: str, key: str, *, raw: bool) -> str:
        where, _, item = path.rpartition(".")
        last = where.startswith("prior")
        match where.removeprefix("prior").removeprefix("."):
            case "" if last:
                return f"Known_{self.year - 1}{self.ending}" if self.ending else "TRUE()"
            case "" | "law" | "rates" | "facts" | "stock" | "carried" as source:
                return self._plain(source, item, key, last=last, raw=raw)
            case form:
                return self._line(form, item, last=last, raw=raw)

    def _plain(self, source: str, item: str, key: str, *, last: bool, raw: bool) -> str:
        year = self.year - 1 if last or (source == "rates" and key == "f8801") else self.year
        if source == "":
            return self._line(key, item, last=False, raw=raw)
        if source == "carried":
            return self._carried(item)
        if item == "filing_status":
            return f"Facts_{year}_{item}"
        return f"{'Law' if source == 'rates' else source.capitalize()}_{year}_{item}"

    def _carried(self, item: str) -> str:
        path, fact = _CARRIED[item]
        form, _, line = path.partition(".")
        known = self.chained and (item != "credit" or (self.done.prior is not None and self.done.prior.f8801))
        return self._line(form, line, last=True, raw=False) if known else f"Facts_{self.year}_{fact}"

    def _line(self, key: str, item: str, *, last: bool, raw: bool) -> str:
        if last:
            name = cell_name(key, self.year - 1, item) + self.ending
            return name if raw else f"N({name})"
        name = cell_name(key, self.year, item)
        return f"N({name})" if not raw and self._may_be_blank(key, item) else name

    def _may_be_blank(self, key: str, item: str) -> bool:
        entry = worked_lines(type(form_of(self.done, key))).get(item)  # type: ignore[arg-type]  # a class is hashable
        return entry is not None and "None" in str(entry.work.__annotations__.get("return"))


def handed_over(scope: Scope) -> Iterator[tuple[str, str]]:
    """What a year reads of the one before: form and line or step, each once, in the order of first reading."""
    seen = []
    keys = ["f8801"] if scope.done.f8801 is not None else []
    for key in [*keys, *(("schedule_d", "schedule_d_amt") if scope.chained else ())]:
        form = form_of(scope.done, key)
        texts = [*formulas(form, key).values(), *(step.formula for step in steps(form, key))]
        for path, _ in (found for text in texts for found in _REFERENCE.findall(text)):
            if path.startswith("prior.") and path.count(".") == 2 and not path.startswith("prior.facts."):
                seen.append(path.removeprefix("prior."))
            elif path.startswith("carried.") and scope.chained:
                seen.append(_CARRIED[path.removeprefix("carried.")][0])
    for path in dict.fromkeys(seen):
        form_name, _, item = path.partition(".")
        if form_name != "f8801" or (scope.done.prior is not None and scope.done.prior.f8801 is not None):
            yield form_name, item
