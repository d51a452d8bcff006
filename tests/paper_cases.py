"""Households for the tests of paper: the IRS's own example, a joint one with many rows and cents, two with losses."""

from datetime import date, timedelta
from functools import cache

from households import exercise, sale

from worksheets.case import Case
from worksheets.household import Household, work

SSN = "400-00-0001"


def household(exercises, sales, years, **more) -> Household:
    named = {"corporation": "Example Corp"}
    return work(
        Case.model_validate(
            {
                "case": 1,
                "taxpayer": {"name": "Sample Taxpayer", "ssn": SSN},
                "exercises": [{"id": f"E{n}", **named, **entry} for n, entry in enumerate(exercises, 1)],
                "sales": [{"id": f"S{n}", **named, **entry} for n, entry in enumerate(sales, 1)],
                "years": years,
                **more,
            }
        )
    )


@cache
def irs() -> Household:
    """The example of the Form 6251 instructions, line 2k, over three years."""
    shown = {"basis": "10000", "basis_reported": True}
    return household(
        [exercise("2022-01-03", "2023-03-13", 200, 100, 1000)],
        [
            sale("2024-01-18", 100, 75000, acquired="2023-03-13", term="short", **shown),
            sale("2024-04-22", 100, 60000, acquired="2023-03-13", term="long", **shown),
        ],
        {
            2023: {"filing_status": "single", "wages": "150000"},
            2024: {"filing_status": "single", "wages": "215000", "iso_income_in_wages": "65000"},
            2025: {"filing_status": "single", "wages": "150000"},
        },
    )


def many_sales(count):
    """Sales of ten shares a day: long-term and short-term, basis reported and not."""
    for n in range(count):
        old = n % 3 == 0
        yield sale(
            (date(2024, 1, 18) + timedelta(days=n)).isoformat(),
            10,
            f"{7500 + 13 * n}.37",
            acquired="2022-03-14" if old else "2023-11-13",
            basis="1000.50" if n % 4 else "",
            term="long" if old else "short",
            basis_reported=bool(n % 4),
            broker="First Broker" if n % 2 else "Second Broker",
            description="10 shares of " + "Example Corporation of Delaware " * 4 if n == 5 else "",
        )


@cache
def joint(rounding="cents") -> Household:
    """A joint return with forty rows, dividends, gain at special rates and other lines of Form 6251."""
    year = {"filing_status": "married_joint", "wages": "150000"}
    sold = {
        "wages": "415000.55",
        "iso_income_in_wages": "65000",
        "qualified_dividends": "1200",
        "ordinary_dividends": "1500",
        "unrecaptured_1250": "500",
        "other_long_term": "20000",
        "amt_adjustments": {"2g": "1200", "2l": "-300.25", "2s": "40"},
        "tax_refund": "333",
    }
    return household(
        [
            exercise("2021-01-04", "2022-03-14", 1000, "100.05", "710.10"),
            exercise("2021-01-04", "2023-11-13", 1000, "100.05", "990.10"),
        ],
        list(many_sales(40)),
        {2022: year, 2023: year, 2024: year | sold, 2025: year | {"other_long_term": "5000"}, 2026: year},
        spouse={"name": "Sample Spouse"},
        rounding=rounding,
    )


@cache
def losses() -> Household:
    """A loss year, and one with a gain on line 16 alone; other assets, one bought on various dates."""
    other = {"kind": "other", "corporation": "Other Corp", "basis_reported": True}
    year = {"filing_status": "head_of_household", "wages": "90000"}
    return household(
        [exercise("2021-01-04", "2022-03-14", 100, "10", "60")],
        [
            sale("2022-06-01", 50, 1000, acquired="2020-02-03", basis="9000.40", term="long", **other),
            sale("2023-06-01", 50, 9000, acquired="2023-02-03", basis="1000.60", term="short", **other),
            sale("2023-07-03", 50, 1000, acquired="various", basis="2000", term="long", **other),
            sale("2023-08-01", 40, 4000, acquired="2022-03-14", basis="400", term="long", basis_reported=True),
        ],
        {2022: year | {"qualified_dividends": "10", "ordinary_dividends": "10"}, 2023: year, 2024: year, 2025: year},
    )


CASES = {"irs": irs, "joint": joint, "losses": losses}
YEARS = [(name, year) for name, made in CASES.items() for year in made().years]
