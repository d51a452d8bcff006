"""The households that `recalculate.py` works in a spreadsheet: the fixtures, others that reach what those do not, and
random ones.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from random_households import EVERY_KIND, households

from worksheets.case import Case
from worksheets.problems import CaseError
from worksheets.read.case_file import read_case

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
NAMES = ("irs-line-2k", "three-year-credit", "hard-household")
STATUSES = ("single", "married_joint", "married_separate", "head_of_household", "surviving_spouse")
SEED = 20240118
INCOME: dict[str, tuple[str, ...]] = {
    "wages": ("0", "30000", "90000.50", "180000", "350000", "800000"),
    "qualified_dividends": ("0", "0", "2500", "40000.49"),
    "ordinary_dividends": ("0", "41000.49"),
    "capital_gain_distributions": ("0", "0", "900"),
    "other_income": ("0", "5000", "-60000"),
    "adjustments": ("0", "2000"),
    "qbi_deduction": ("0", "1000"),
    "other_short_term": ("0", "4000", "-9000.75"),
    "other_long_term": ("0", "90000", "-90000", "600000.25"),
    "unrecaptured_1250": ("0", "0", "8000", "50000"),
    "gain_28_percent": ("0", "0", "6000"),
    "foreign_tax_credit": ("0", "400"),
    "other_credits": ("0", "250"),
    "tax_refund": ("0", "150.50"),
    "schedule_2_line_1z": ("0", "80"),
    "form_4972_tax": ("0", "120"),
}
SPECIAL = ("amt_unrecaptured_1250", "amt_gain_28_percent")
OTHER_LINES = ("2c", "2d", "2e", "2g", "2h", "2j", "2l", "2m", "2n", "2o", "2p", "2q", "2r", "2s", "2t", "3")
WHOLE = {"filing_status": "single", "wages": "150000"}
EXERCISE = {
    "corporation": "Example Corp",
    "grant_date": "2020-01-06",
    "exercise_date": "2023-03-13",
    "exercise_price": "10",
    "fmv": "45.50",
    "shares": "300",
}
SOLD = {"corporation": "Example Corp", "sold": "2024-02-05", "shares": "100", "proceeds": "4000", "basis": "1000"}


def case(exercises: list[dict[str, Any]], sales: list[dict[str, Any]], years: dict[int, Any], **more: Any) -> Case:
    head = {"case": "1", "taxpayer": {"name": "Sample Taxpayer", "ssn": "400-00-0001"}}
    return read_case({**head, "exercises": exercises, "sales": sales, "years": years, **more})


def swap() -> Case:
    """Shares of one exercise pay for the next; exchanged and added shares are sold, some early."""
    first = {**EXERCISE, "id": "E1", "exercise_date": "2022-02-07", "shares": "200", "fmv": "30"}
    second = {
        **EXERCISE,
        "id": "E2",
        "grant_date": "2021-06-01",
        "fmv": "50",
        "paid_with": [{"exercise": "E1", "shares": "60"}],
    }
    sales = [
        {**SOLD, "shares": "50", "lots": [{"exercise": "E2", "shares": "50"}]},
        {
            **SOLD,
            "sold": "2025-05-06",
            "shares": "180",
            "proceeds": "9000.40",
            "lots": [{"exercise": "E2", "shares": "180"}],
        },
        {
            **SOLD,
            "sold": "2025-06-06",
            "shares": "90",
            "proceeds": "5000",
            "lots": [{"exercise": "E1", "shares": "90"}],
        },
    ]
    return case([first, second], sales, dict.fromkeys((2022, 2023, 2024, 2025), WHOLE))


def other_assets() -> Case:
    """Assets that are no option stock, digital ones, rows without a form, Exception 1, and names that look like formulas."""
    other = {"kind": "other", "corporation": "=1+1", "shares": "10"}
    sales = [
        {
            **other,
            "sold": "2024-03-05",
            "acquired": "2020-02-03",
            "proceeds": "900.40",
            "basis": "9000.40",
            "term": "long",
        },
        {
            **other,
            "sold": "2024-04-05",
            "acquired": "various",
            "term": "short",
            "proceeds": "5000",
            "basis": "100",
            "correct_basis": "300",
        },
        {
            **other,
            "sold": "2024-04-05",
            "acquired": "2023-01-05",
            "proceeds": "700",
            "form": "none",
            "selling_expenses": "30",
            "description": "=cmd|x",
        },
        {**other, "sold": "2025-02-03", "acquired": "2024-06-03", "proceeds": "800", "basis": "900", "form": "1099-DA"},
        {
            **other,
            "sold": "2025-02-04",
            "acquired": "2024-06-03",
            "proceeds": "800",
            "basis": "900",
            "amt_basis": "950",
        },
        {
            **other,
            "sold": "2025-02-05",
            "acquired": "2024-06-03",
            "proceeds": "80",
            "basis": "900",
            "disposition": "wash_sale",
            "replaced_shares": "4",
        },
        {
            **other,
            "sold": "2025-02-06",
            "acquired": "2024-06-03",
            "proceeds": "80",
            "basis": "900",
            "disposition": "related_party",
        },
        {**SOLD, "term": "long", "basis": "1000", "proceeds": "3000"},
        {
            **SOLD,
            "sold": "2024-05-06",
            "shares": "150",
            "basis": "1500",
            "proceeds": "9000",
            "selling_expenses": "12.34",
        },
    ]
    years = {year: {**WHOLE, "wages": "80000.5"} for year in (2023, 2024, 2025)}
    return case([{**EXERCISE, "corporation": "Example Corp"}], sales, years, exception_1=True)


def typed_before(**more: Any) -> Case:
    """A first year that reads a typed year before it, with a loss and a credit carried in."""
    first = {
        **WHOLE,
        "capital_loss_carryover": {"short": "1000", "long": "20000"},
        "amt_capital_loss_carryover": {"short": "500", "long": "90000.75"},
        "prior_minimum_tax_credit": "12345",
        "prior_year": {"filing_status": "married_separate", **more},
    }
    return case([{**EXERCISE, "exercise_date": "2022-03-14"}], [SOLD], {2024: first, 2025: WHOLE})


LAST_LINES = {
    "1": "400000",
    "2a": "12000",
    "2b": "100",
    "2e": "50",
    "2g": "9000",
    "8": "60",
    "10": "90000",
    "11": "40000",
}


def as_filed() -> Case:
    """A year that hands on what was filed in place of what is computed."""
    filed = {"6251": {"11": "55555", "10": "26000"}, "8801": {"26": "0"}, "schedule_d": {"21": "1000"}}
    first = {**WHOLE, "as_filed": filed, "chain": "as_filed", "prior_year": {"form_6251": {"11": "0"}}}
    loss = {"other_long_term": "-9000", "other_short_term": "-700"}
    return case([EXERCISE], [SOLD], {2023: {**first, **loss}, 2024: WHOLE, 2025: WHOLE})


def stock_only() -> Case:
    """Years without a return, then one with."""
    status = {"filing_status": "single"}
    later = {**SOLD, "sold": "2023-07-03", "shares": "50", "proceeds": "5000.55"}
    return case(
        [EXERCISE], [later, {**SOLD, "proceeds": "9000"}], {2022: status, 2023: status, 2024: status, 2025: WHOLE}
    )


def every_year() -> Case:
    """From the first year held to the last, married separately, with income above the exemption's end."""
    years = {year: {"filing_status": "married_separate", "wages": "640000"} for year in range(2018, 2027)}
    years[2019] |= {"qualified_dividends": "300000", "ordinary_dividends": "300000"}
    years[2025] |= {
        "schedule_1a": "6000",
        "senior_deduction": "4000",
        "deduction": {"itemized": "30000", "taxes": "10000"},
    }
    one = {**EXERCISE, "grant_date": "2016-01-06", "exercise_date": "2018-03-13", "fmv": "4500"}
    sales = [{**SOLD, "sold": f"{year}-05-06", "shares": "30", "proceeds": "90000"} for year in range(2019, 2027)]
    more = {"rounding": "cents", "exercises": [one], "sales": sales, "years": years}
    return read_case({"case": "1", "taxpayer": {"name": "Sample Taxpayer"}, **more})


def pay() -> Case:
    """Forms W-2 that show less, more, or a year's total; sales of several lots; more shares than there are."""
    exercises = [
        {**EXERCISE, "exercise_date": day, "shares": "33.3", "grant_date": "2022-12-01"}
        for day in ("2023-03-13", "2023-03-14", "2023-04-03")
    ]
    row = {**SOLD, "shares": "50", "proceeds": "3000.01"}
    sales = [
        {**row, "pay_reported": "2500.55"},
        {**row, "sold": "2024-02-06", "shares": "20", "proceeds": "500.03"},
        {**row, "sold": "2024-02-07", "shares": "20", "proceeds": "150"},
        {**row, "sold": "2024-02-08", "shares": "40", "proceeds": "1900"},
    ]
    years = {2023: WHOLE, 2024: {**WHOLE, "iso_income_in_wages": "4000.01"}}
    return case(exercises, sales, years, rounding="cents")


def pay_total() -> Case:
    """A year's total on Forms W-2: what the law gives first, the rest by what the cap took off; parts at half a cent."""
    later = {**EXERCISE, "id": "E2", "exercise_date": "2023-04-04"}
    sales = [
        {**SOLD, "proceeds": "3000.01", "basis": "1000.01", "lots": [{"exercise": key, "shares": "50"} for key in two]}
        for two in (("E1", "E2"), ("E2", "E1"))
    ]
    sales += [{**SOLD, "proceeds": amount, "sold": "2024-02-09"} for amount in ("4600", "1200.01", "99")]
    years = {2023: WHOLE, 2024: {**WHOLE, "iso_income_in_wages": "12000.01"}}
    return case([{**EXERCISE, "id": "E1"}, later], sales, years, rounding="cents")


def wash_sales() -> Case:
    """Shares replaced and not replaced in one sale, box 1g shown; the loss goes to a later exercise, sold early."""
    later = {**EXERCISE, "id": "E2", "exercise_date": "2024-02-20"}
    washed = {**SOLD, "disposition": "wash_sale", "replacement": "E2", "wash_sale_disallowed": "500"}
    sales = [
        {**washed, "shares": "250", "proceeds": "1000", "replaced_shares": "120"},
        {**SOLD, "shares": "50", "proceeds": "300", "wash_sale_disallowed": "70"},
        {**SOLD, "sold": "2025-01-06", "shares": "200", "proceeds": "7000.49"},
    ]
    return case([EXERCISE, later], sales, dict.fromkeys((2023, 2024, 2025), WHOLE))


def swap_order() -> Case:
    """Shares of three exercises, two of one day and one not yet mature, pay for a fourth; early sales of it follow."""
    old = {**EXERCISE, "exercise_date": "2022-02-07", "fmv": "30"}
    paid = [{"exercise": key, "shares": "20"} for key in ("E2", "E3", "E1")]
    exercises = [
        {**old, "id": "E1"},
        {**old, "id": "E2", "exercise_price": "4"},
        {**old, "id": "E3", "exercise_date": "2022-12-30", "exercise_price": "20"},
        {**EXERCISE, "id": "E4", "fmv": "50", "grant_date": "2021-06-01", "paid_with": paid},
    ]
    sales = [
        {**SOLD, "sold": day, "shares": number, "proceeds": amount, "lots": [{"exercise": "E4", "shares": number}]}
        for day, number, amount in (
            ("2023-10-10", "245", "9500"),
            ("2024-02-02", "35", "600"),
            ("2025-05-05", "20", "4500"),
        )
    ]
    return case(exercises, sales, dict.fromkeys((2022, 2023, 2024, 2025), WHOLE))


def named_cases() -> dict[str, Case]:
    """The fixtures and the cases above."""
    return {
        **{name: read_case(FIXTURES / name / "case.yaml") for name in NAMES},
        "swap": swap(),
        "other-assets": other_assets(),
        "typed-lines": typed_before(form_6251=LAST_LINES, foreign_tax_credit="77"),
        "typed-gains": typed_before(
            form_6251={**LAST_LINES, "20": "300000", "27": "300000"},
            schedule_d={"15": "80000", "16": "70000", "19": "9000"},
            qualified_dividends="3000",
        ),
        "typed-wages": typed_before(wages="500000", other_long_term="90000", qualified_dividends="3000"),
        "as-filed": as_filed(),
        "stock-only": stock_only(),
        "every-year": every_year(),
        "pay": pay(),
        "pay-total": pay_total(),
        "wash-sales": wash_sales(),
        "swap-order": swap_order(),
    }


def random_cases(count: int) -> Iterator[tuple[str, Case]]:
    """Random households with sales of every kind, and random income, deductions and other lines of Form 6251."""
    drawn: list[dict[str, Any]] = []
    if not count:
        return

    @seed(SEED)
    @settings(
        max_examples=count,
        database=None,
        phases=[Phase.generate],
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(households(kinds=EVERY_KIND, statuses=("single", "married_joint", "married_separate")))
    def draw(found: dict[str, Any]) -> None:
        drawn.append(found)

    draw()
    for number, found in enumerate(drawn):
        rng = random.Random(SEED + number)  # noqa: S311 - no secrets
        for facts in found["years"].values():
            _enrich(rng, facts)
        found["rounding"] = rng.choice(("dollars", "cents"))
        for entry in found["exercises"] if found["rounding"] == "cents" else ():
            entry["commission"] = "0"  # parts of it without end: at half a cent binary and decimal numbers may part
        found["exception_1"] = rng.random() < 0.3
        try:
            yield f"random-{number}", read_case(found)
        except CaseError:
            continue


def _enrich(rng: random.Random, facts: dict[str, Any]) -> None:
    if rng.random() < 0.6:
        facts |= {key: rng.choice(amounts) for key, amounts in INCOME.items()}
        facts |= {key: rng.choice(INCOME[key[4:]]) for key in SPECIAL if rng.random() < 1 / 3}
    facts["iso_income_in_wages"] = rng.choice(("0", "500.25", facts["wages"]))
    if float(facts["iso_income_in_wages"]) > float(facts["wages"]):
        facts["iso_income_in_wages"] = "0"
    if rng.random() < 0.4:
        facts["amt_adjustments"] = {line: rng.choice(("500", "20000.75")) for line in OTHER_LINES if rng.random() < 0.3}
    if rng.random() < 0.3:
        facts["deduction"] = {"itemized": "45000", "taxes": "10000"}
