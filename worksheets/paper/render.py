"""Templates filled in: what every one of them can use, everything from a case escaped.

Amounts are dollars, rounded as the return rounds; dates are year-month-day but on what is keyed in again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from worksheets.data import folder
from worksheets.definitions import read_yaml
from worksheets.explain_rows import exact, shares_text
from worksheets.form import ZERO
from worksheets.paper import money

if TYPE_CHECKING:
    from jinja2 import Environment

STATUS_WORDS: Mapping[str, str] = {
    "single": "single",
    "married_joint": "married filing jointly",
    "married_separate": "married filing separately",
    "head_of_household": "head of household",
    "surviving_spouse": "qualifying surviving spouse",
}
_UNSAFE = re.compile(r"[^A-Za-z0-9.-]")


@cache
def _places() -> Mapping[str, Any]:
    return {**read_yaml("destinations.yaml"), **read_yaml("places.yaml")}


def place(name: str, year: int) -> str:
    """Where a figure lands on the return of a year: "Schedule 2 line 2" (forms/destinations.yaml, places.yaml)."""
    found: str = _places()[name]["years"][str(year)]["place"]
    return found


def spot(*parts: object) -> str:
    """The name of a place in the packet: "2024.6251.2k"."""
    return ".".join(_UNSAFE.sub("-", str(part)) for part in parts)


@cache
def environment() -> Environment:
    """The templates of this project, everything put into them escaped, a name that is missing a fault."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context  # noqa: PLC0415 - only paper

    env = Environment(
        loader=FileSystemLoader(folder("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    @pass_context
    def _amount(context: Any, value: Decimal | None, parens: bool = False) -> str:
        if value is None:
            return ""
        text = money.amount(value, context["rounding"])
        return f"({text})" if parens and value > 0 else text

    env.filters |= {"money": _amount, "exact": exact, "shares": shares_text, "day": _iso, "usday": money.day}
    env.globals |= {"spot": spot, "place": place, "zero": ZERO}
    return env


def _iso(value: date | str | None) -> str:
    return "" if value is None else str(value)


def render(template: str, rounding: Any, **context: Any) -> str:
    """The text of a template."""
    return environment().get_template(template).render(rounding=rounding, **context)
