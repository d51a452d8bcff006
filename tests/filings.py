"""What a household's forms print, by form and line, for tests that compare figures with printed sources."""

from households import exercise, sale, worked

from worksheets.household import Household
from worksheets.results import carryforward, forms


def lines(found: Household, year: int, form: str) -> dict:
    """The lines of a form by printed number, as results give them."""
    return forms(found, found.years[year])[form]


def figures(found: Household, year: int, form: str, expected: dict) -> dict:
    """The lines of a form that `expected` names; one that stays blank is None."""
    printed = lines(found, year, form)
    return {number: printed.get(number) for number in expected}


def carried(found: Household, year: int) -> dict:
    """What a year hands the next: both losses as (short, long), and the credit."""
    left = carryforward(found.years[year])
    losses = {name: tuple(left[name].values()) for name in ("capital_loss", "amt_capital_loss")}
    return {**losses, "minimum_tax_credit": left["minimum_tax_credit"]}


def wages(status="single", /, **amounts) -> dict:
    """Years of a household with wages alone: `w2024=150_000`."""
    return {int(name[1:]): {"filing_status": status, "wages": str(amount)} for name, amount in amounts.items()}


def with_line_2i(year, amount, status="single", *, cents=False, **keys) -> Household:
    """A return of one year with an amount on line 2i: one share, exercised for nothing, worth that much and kept."""
    facts = {"filing_status": status, **{key: str(value) for key, value in keys.items()}}
    got = [exercise(f"{year}-01-02", f"{year}-06-03", 1, 0, amount)] if amount else []
    return worked(got, [], {year: facts}, rounding="cents" if cents else "dollars")


__all__ = ["carried", "exercise", "figures", "lines", "sale", "wages", "with_line_2i", "worked"]
