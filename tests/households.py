"""Small households for tests, in the words of the case file."""

from decimal import Decimal

from worksheets.case import Case
from worksheets.household import Household, work

D = Decimal


def case(exercises=(), sales=(), years=None, **more) -> Case:
    return Case.model_validate(
        {
            "case": "1",
            "taxpayer": {"name": "Sample Taxpayer"},
            "exercises": [
                {"id": f"E{n}", "corporation": "Example Corp", **entry} for n, entry in enumerate(exercises, start=1)
            ],
            "sales": [
                {"id": f"S{n}", "corporation": "Example Corp", **entry} for n, entry in enumerate(sales, start=1)
            ],
            "years": years,
            **more,
        }
    )


def worked(*args, **more) -> Household:
    return work(case(*args, **more))


def exercise(granted, exercised, shares, price, fmv, **more):
    texts = {"grant_date": granted, "exercise_date": exercised, "shares": str(shares)}
    return {**texts, "exercise_price": str(price), "fmv": str(fmv), **more}


def sale(sold, shares, proceeds, **more):
    return {"sold": sold, "shares": str(shares), "proceeds": str(proceeds), **more}


def single(*years, **wages):
    return {
        year: {"filing_status": "single", **({"wages": wages[f"w{year}"]} if f"w{year}" in wages else {})}
        for year in years
    }


def columns(row):
    """Columns (d) to (h) of a row of Form 8949 as the worked examples print them."""
    return (row.box, row.d, row.e, row.f, row.g, row.h)
