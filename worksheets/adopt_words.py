"""What a form prints on its lines, this year against last: which line is which, what reads otherwise, which amounts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from difflib import SequenceMatcher
from functools import cache
from itertools import product

from worksheets.amounts import STATUSES, Law, table

_SAME_NUMBER = 0.1  # what an unchanged number adds to how much two lines have in common
_ALIKE = 0.4  # less in common than this, from 0 to 1, and they are different lines
_AMOUNT = re.compile(r"\d{1,3}(?:,\d{3})+|\d+%|\(0\.\d+\)")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_LEADER = re.compile(r"[.$}]+")
_NEAR_YEARS = 2
_OWN_NUMBER = re.compile(r"^(?:\d{1,2} ?[a-z]?|[a-z]) | \d{1,2}[a-z]?$")
_DERIVED = ("exemption_used_up", "high_rate_subtraction")
_SHOWN = 3  # changes of wording, of a line


def common(first: str, second: str) -> float:
    """How much two printed lines have in common, by their words: 0 to 1 (Dice's coefficient)."""
    one, other = _bag(first), _bag(second)
    return 2 * sum((one & other).values()) / max(1, sum(one.values()) + sum(other.values()))


@cache
def _bag(text: str) -> Counter[str]:
    return Counter(re.findall(r"[a-z]{2,}|\d+%", text.lower()))


def paired(likeness: Sequence[Sequence[float]]) -> Iterator[tuple[int | None, int | None]]:
    """Last year's lines and this year's, both in order, each with its counterpart or None.

    Of all ways to pair them without crossing, that with the most in common; `likeness[old][new]` is from 0 to 1.
    """
    olds, news = len(likeness), len(likeness[0]) if likeness else 0
    best = [[0.0] * (news + 1) for _ in range(olds + 1)]
    for old in reversed(range(olds)):
        for new in reversed(range(news)):
            together = best[old + 1][new + 1] + likeness[old][new] - _ALIKE
            best[old][new] = max(together, best[old + 1][new], best[old][new + 1])
    old = new = 0
    while old < olds and new < news:
        if best[old][new] == best[old + 1][new]:
            yield old, None
            old += 1
        elif best[old][new] == best[old][new + 1]:
            yield None, new
            new += 1
        else:
            yield old, new
            old, new = old + 1, new + 1
    yield from ((left, None) for left in range(old, olds))
    yield from ((None, left) for left in range(new, news))


def alike(old: tuple[str, str], new: tuple[str, str]) -> float:
    """The likeness of two lines, each a number and its printed text, empty where last year's blank is not at hand."""
    same = old[0] == new[0]
    if not old[1]:
        return float(same)
    return common(old[1], new[1]) + _SAME_NUMBER * same


def wording(text: str) -> str:
    """A printed line without leaders and its number; words that were divided at the end of a row are whole."""
    said = _OWN_NUMBER.sub("", " ".join(word for word in text.split() if not _LEADER.fullmatch(word)))
    return re.sub(r"(\w-) (?=\w)", r"\1", said)


def reworded(old: str, new: str, years: tuple[int, int]) -> list[str]:
    """Where two printed lines read otherwise: "'12' is '12e'", the first few places.

    Amounts and punctuation are not compared, and a year near that of its form only by how far it lies from it; `years`
    are those of the two forms.
    """
    first, second = (_compared(text, year) for text, year in zip((old, new), years, strict=True))
    changes = [
        _change(" ".join(first[a:b]), " ".join(second[c:d]))
        for kind, a, b, c, d in SequenceMatcher(None, first, second, autojunk=False).get_opcodes()
        if kind != "equal"
    ]
    return changes[:_SHOWN] + [f"{len(changes) - _SHOWN} more changes"] * (len(changes) > _SHOWN)


def _change(old: str, new: str) -> str:
    return f"'{old}' is '{new}'" if old and new else f"now '{new}'" if new else f"no longer '{old}'"


def _compared(text: str, year: int) -> list[str]:
    def _relative(found: re.Match[str]) -> str:
        apart = int(found[0]) - year
        return f"year{apart:+d}" if abs(apart) <= _NEAR_YEARS else found[0]

    words = _YEAR.sub(_relative, _AMOUNT.sub("", wording(text))).split()
    return [bare for word in words if (bare := re.sub(r"^\W+|\W+$", "", word))]


def printed_amounts(text: str) -> list[str]:
    """The dollar amounts and rates printed on a line."""
    return [found.strip("()") for found in _AMOUNT.findall(text)]


def replaced_amounts(old: str, new: str) -> Iterator[tuple[str, str]]:
    """Amounts that last year's line and this year's do not share, as (last year's, this year's), in printed order.

    Either is empty where there is no counterpart.
    """
    first, second = printed_amounts(old), printed_amounts(new)
    for kind, a, b, c, d in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        if kind != "equal":
            width = max(b - a, d - c)
            yield from zip(_padded(first[a:b], width), _padded(second[c:d], width), strict=True)


def _padded(amounts: Sequence[str], width: int) -> list[str]:
    return [*amounts, *[""] * (width - len(amounts))]


@cache
def amounts(year: int) -> Mapping[str, Decimal]:
    """The amounts that forms/amounts.yaml holds for a year, those it derives too, by name and status."""
    found: dict[str, Decimal] = {}
    for name, status in product((*sorted(set(table()) - {"draft_years"}), *_DERIVED), STATUSES):
        with suppress(ArithmeticError, KeyError, TypeError):  # a list, a date, or not held for that year
            law = Law(year, status)
            amount = getattr(law, name) if name in _DERIVED else law.amount(name)
            if isinstance(amount, Decimal) and amount > 1:
                found[f"{name}, {status}"] = amount
    return found


def name_of(amount: str, year: int) -> str:
    """What forms/amounts.yaml calls an amount printed for a year; empty where it holds none."""
    printed = _dollars(amount)
    return next((name for name, one in amounts(year).items() if one == printed), "")


def before(amount: str, years: tuple[int, int]) -> str:
    """What an amount printed for the second of two years replaces in the first, in words.

    The amount of that name, if forms/amounts.yaml has the second year; otherwise the nearest one it holds for the
    first. Empty for a rate and for an amount that has not changed.
    """
    first, second = years
    printed, held = _dollars(amount), amounts(first)
    if printed is None or printed in held.values() or not held:
        return ""
    if (name := name_of(amount, second)) in held:
        return f"was {held[name]:,.0f} ({name} {first})"
    name = min(held, key=lambda one: abs(held[one] - printed))
    return f"nearest held {held[name]:,.0f} ({name} {first})"


def _dollars(amount: str) -> Decimal | None:
    return Decimal(amount.replace(",", "")) if "," in amount else None
