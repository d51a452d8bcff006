"""How brokers write values, read into the plain text that the case file takes.

Every reader takes a cell's text and gives plain text: amounts as `1234.56` (dollars), dates as `2024-01-18`, words as
the case file has them, and "" for an empty cell. It raises `ValueError` with what was expected otherwise; nothing is
guessed.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal

Reader = Callable[[str], str]

EMPTY = frozenset({"", "-", "--", "---", "n/a", "na", "none", "null", "undefined"})
_PRINTED = re.compile(r"([-+]?|\()((?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]*)?|\.[0-9]+)(\)?)")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_LONGEST, _MOST_DIGITS = 200, 15
_SHOWN_DIGITS = 4
_CENT = Decimal("0.01")
_MONTHS = {name.lower(): place for place, name in enumerate(calendar.month_abbr) if name}
_DATE_ORDERS = (
    (re.compile(r"(?P<m>[0-9]{1,2})[-/](?P<d>[0-9]{1,2})[-/](?P<y>[0-9]{4})"), "03/10/2025"),
    (re.compile(r"(?P<y>[0-9]{4})-(?P<m>[0-9]{1,2})-(?P<d>[0-9]{1,2})(?:[T ][0-9:.]+Z?)?"), "2025-03-10"),
    (re.compile(r"(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})(?:[0-9]{6}.*)?"), "20250310"),
    (re.compile(r"(?P<d>[0-9]{1,2})[-/ ](?P<m>[A-Za-z]{3})[a-z]*[-/ ](?P<y>[0-9]{4})"), "10-Mar-2025"),
    (re.compile(r"(?P<m>[A-Za-z]{3})[a-z]*[-/ ](?P<d>[0-9]{1,2})[-/, ]+(?P<y>[0-9]{4})"), "Mar-10-2025"),
)
_SHORT_YEAR = re.compile(r"([0-9]{1,2}[-/][0-9]{1,2}[-/])([0-9]{2})")
_CENTURY = 100
_LEADING_SHARES = re.compile(
    r"([0-9][0-9,]*\.?[0-9]*)(?:\s*(?:sh|shs|shares?)\b\.?\s*(?:of\s+)?|\s+)(.*)", re.IGNORECASE
)
_YES, _NO = frozenset({"y", "yes", "1", "true", "x", "checked"}), frozenset({"n", "no", "0", "false"})


def blank(text: str) -> bool:
    """Whether a cell stands for nothing: empty, dashes, N/A."""
    return text.strip().lower() in EMPTY


def one_line(text: str) -> str:
    """Text on one line without control or invisible characters, at most as long as the case file takes."""
    visible = _UNPRINTABLE.sub(" ", _INVISIBLE.sub("", text))
    return " ".join(visible.split())[:_LONGEST].rstrip()


def words(text: str) -> str:
    """Any text, or nothing."""
    return "" if blank(text) else one_line(text)


def _decimal(text: str) -> Decimal:
    """A number as brokers print it: `$1,000.00`, `-$16.03`, `($16.03)`, `0000000000008180.00`, `200.`, `12 USD`."""
    bare = re.sub(r"[$\s]|USD$", "", text.strip(), flags=re.IGNORECASE)
    match = _PRINTED.fullmatch(bare)
    if not match or (match[1] == "(") != bool(match[3]):
        raise ValueError("an amount such as 1234.56")
    found = Decimal(match[2].replace(",", ""))
    if found.adjusted() >= _MOST_DIGITS:
        raise ValueError("an amount of at most 15 digits")
    found = found.quantize(_CENT) if found.as_tuple().exponent == -1 else found  # 6400.0 is meant as dollars and cents
    return -found if match[1] in ("-", "(") and found else found


def money(text: str) -> str:
    """Dollars, zero or more; "" for an empty cell."""
    if blank(text):
        return ""
    found = _decimal(text)
    if found < 0:
        raise ValueError("an amount of zero or more")
    return f"{found:f}"


def size(text: str) -> str:
    """Dollars whatever their sign, for a column that brokers sign both ways; nothing for zero."""
    found = Decimal(0) if blank(text) else abs(_decimal(text))
    return f"{found:f}" if found else ""


def filled(text: str) -> str:
    """Dollars per share in a column where zero stands for an empty cell."""
    found = money(text)
    return found if found and Decimal(found) else ""


def shares(text: str) -> str:
    """A number of shares above zero, without trailing zeros."""
    if blank(text):
        return ""
    found = _decimal(text)
    if found <= 0:
        raise ValueError("a number of shares above zero")
    return f"{found.normalize():f}"


def day(text: str) -> str:
    """A date with a four-digit year, in any order that brokers print."""
    if blank(text):
        return ""
    for pattern, _ in _DATE_ORDERS:
        if match := pattern.fullmatch(text.strip()):
            return _real_day(match["y"], match["m"], match["d"])
    raise ValueError(f"a date such as {', '.join(shown for _, shown in _DATE_ORDERS)}")


def _real_day(year: str, month: str, day_of_month: str) -> str:
    number = _MONTHS.get(month.lower()) if month.isalpha() else int(month)
    try:
        return dt.date(int(year), number or 0, int(day_of_month)).isoformat()
    except ValueError:
        raise ValueError("a date that the calendar has") from None


def acquired(text: str) -> str:
    """Box 1b: a date, or `various`."""
    return "various" if text.strip().lower() in {"various", "var"} else day(text)


def long_year(text: str, sold_in: int) -> str:
    """A date whose two-digit year lies in the year sold or before it: one later than that is of the century before."""
    match = _SHORT_YEAR.fullmatch(text.strip())
    if not match:
        return text
    century = sold_in - sold_in % _CENTURY
    year = century + int(match[2])
    return f"{match[1]}{year if year <= sold_in else year - _CENTURY}"


def recent_year(text: str) -> str:
    """A date whose two-digit year is of this century: sales reported with a basis are."""
    match = _SHORT_YEAR.fullmatch(text.strip())
    return f"{match[1]}20{match[2]}" if match else text


def sold_day(text: str) -> str:
    """Box 1c; a two-digit year is of this century."""
    return day(recent_year(text))


def term(text: str) -> str:
    """Box 2, told by its first letter: Short, LONG TERM, Short-term, Ordinary."""
    known = {"s": "short", "l": "long", "o": "ordinary", "u": ""}
    if blank(text):
        return ""
    if text.strip()[0].lower() not in known:
        raise ValueError("Short or Long")
    return known[text.strip()[0].lower()]


def flag(text: str) -> str:
    """A tick: Y, 1, Yes, X; N, 0, No; "" when empty."""
    word = text.strip().lower()
    if blank(word):
        return ""
    if word not in _YES | _NO:
        raise ValueError("Y or N")
    return "true" if word in _YES else "false"


def ticked(text: str) -> bool:
    """Whether a box is ticked."""
    return text.strip().lower() in _YES


def leading_shares(description: str) -> tuple[str, str]:
    """The number of shares that a description begins with, and the name after it: `100 sh. XYZ Co.`.

    Both are "" where it begins otherwise.
    """
    match = _LEADING_SHARES.fullmatch(one_line(description))
    if not match:
        return "", ""
    try:
        return shares(match[1]), match[2].strip()
    except ValueError:
        return "", ""


def masked(number: str) -> str:
    """An account number by its last four characters; one of four or fewer shows none."""
    return f"…{number[-_SHOWN_DIGITS:]}" if len(number) > _SHOWN_DIGITS else "…"


def hidden_digits(text: str) -> str:
    """Text for a message, with every longer run of digits hidden: it may be an account number or an SSN."""
    return re.sub(
        r"[0-9X*]{2,}(?:-?[0-9X*]+)*", lambda run: "#" * len(run[0]) if len(run[0]) > _SHOWN_DIGITS else run[0], text
    )
