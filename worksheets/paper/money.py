"""How amounts, dates, names and numbers are printed on forms and schedules.

Sources: Form 8949 instructions, columns (b), (c), (g) and (h) (month, day, year; negative amounts in parentheses) and
"Rounding Off to Whole Dollars". What is printed says what the result says: amounts are rounded where that is.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from worksheets.case import Case
    from worksheets.form import Rounding

JOINT = "married_joint"
SHOWN_DIGITS = 4


def amount(value: Decimal, rounding: Rounding, *, parens: bool = False) -> str:
    """Dollars as a form takes them: "1,234" or, where the case asks for cents, "1,234.56"; "(1,234)" if negative.

    With `parens` the form prints the parentheses itself; what is negative even so gets a minus sign.
    """
    rounded: Decimal = rounding(value)
    places = -int(rounding.step.as_tuple().exponent)
    digits = f"{abs(rounded):,.{places}f}"
    if rounded >= 0:
        return digits
    return f"-{digits}" if parens else f"({digits})"


def day(value: date | str) -> str:
    """A date as month, day and year ("01/18/2024"); a word ("VARIOUS") as it is."""
    return value if isinstance(value, str) else f"{value.month:02}/{value.day:02}/{value.year:04}"


def masked_ssn(number: str | None) -> str:
    """A social security number as it stands everywhere but on the forms ("***-**-0001"), or nothing."""
    return f"***-**-{number[-SHOWN_DIGITS:]}" if number else ""


def masked_account(number: str | None) -> str:
    """An account number by its last four characters ("…6789"); one of four or fewer shows none of them."""
    if not number:
        return ""
    return f"…{number[-SHOWN_DIGITS:]}" if len(number) > SHOWN_DIGITS else "…"


def composed(text: str) -> str:
    """The text with each letter and its accent as one character (NFC), as typefaces have them."""
    return unicodedata.normalize("NFC", text)


@dataclass(frozen=True, slots=True)
class Header:
    """What stands at the head of every form: the names on the return and the first social security number.

    `ssn` is as its box takes it ("400-00-0001") and empty where the case gives none; `notes` say what is missing.
    """

    name: str
    ssn: str
    notes: tuple[str, ...] = ()

    @property
    def masked(self) -> str:
        """The number as it is shown on what is not filed."""
        return masked_ssn(self.ssn)


def header(case: Case, filing_status: str) -> Header:
    """The head of a year's forms: both spouses' names on a joint return ("Sample Taxpayer & Sample Spouse")."""
    joint = filing_status == JOINT
    names = [case.taxpayer.name]
    notes = []
    if joint and case.spouse is not None:
        names.append(case.spouse.name)
    elif joint:
        notes.append("The case gives no spouse: add the spouse's name beside the taxpayer's on every form.")
    if case.taxpayer.ssn is None:
        notes.append("The case gives no social security number: write it on every form.")
    return Header(composed(" & ".join(names)), case.taxpayer.ssn or "", tuple(notes))
