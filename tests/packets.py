"""Cases and built packets for the tests of schedules, packet and explanation, in the words of the case file."""

import io
from functools import cache
from pathlib import Path

import pypdfium2 as pdfium
from households import exercise, sale

from worksheets.paper.schedules import YearSchedules
from worksheets.session import Session, open_case

SSN = "400-00-0001"
MASKED = "***-**-0001"
ODD_NAME = "<b>&{{7*7}}"


def mapping(exercises=(), sales=(), years=None, **more):
    corporation = {"corporation": more.pop("corporation", "Example Corp")}
    return {
        "case": "1",
        "taxpayer": {"name": "Sample Taxpayer", "ssn": SSN},
        "exercises": [{"id": f"E{n}", **corporation, **entry} for n, entry in enumerate(exercises, 1)],
        "sales": [{"id": f"S{n}", **corporation, **entry} for n, entry in enumerate(sales, 1)],
        "years": {str(year): facts for year, facts in years.items()},
        **more,
    }


def irs_mapping(**more):
    """The example of the Form 6251 instructions, line 2k, with wages of 150,000."""
    shown = {"basis": "10000", "basis_reported": "true", "acquired": "2023-03-13"}
    return mapping(
        [exercise("2022-01-03", "2023-03-13", 200, 100, 1000)],
        [
            sale("2024-01-18", 100, 75000, term="short", **shown),
            sale("2024-04-22", 100, 60000, term="long", **shown),
        ],
        {
            2023: {"filing_status": "single", "wages": "150000"},
            2024: {"filing_status": "single", "wages": "215000", "iso_income_in_wages": "65000"},
            2025: {"filing_status": "single", "wages": "150000"},
        },
        **more,
    )


@cache
def irs() -> Session:
    return open_case(irs_mapping())


@cache
def stock_only() -> Session:
    """Two years of stock alone."""
    return open_case(
        mapping(
            [exercise("2022-01-03", "2023-03-13", 200, 100, 1000)],
            [sale("2024-01-18", 50, 75000, basis="5000"), sale("2024-05-18", 50, 45000)],
            {2023: {"filing_status": "single"}, 2024: {"filing_status": "single"}},
        )
    )


@cache
def odd() -> Session:
    """Every way of parting with shares, names that look like markup and formulas, a joint return in cents."""
    return open_case(
        mapping(
            [
                exercise("2022-01-03", "2023-03-13", 200, "100.125", 1000),
                exercise("2022-01-03", "2023-06-01", 100, 10, 50, owner="spouse"),
            ],
            [
                sale("2024-01-18", 50, 3000, disposition="wash_sale", id='=HYPERLINK("x")'),
                sale("2024-02-18", 20, 0, disposition="gift"),
                sale("2024-02-19", 20, 900, disposition="related_party", owner="spouse"),
                sale("2024-02-20", 20, 0, disposition="to_spouse", owner="spouse"),
                sale("2024-12-20", 20, 0, disposition="death", owner="spouse"),
                sale("2024-12-21", 500, 9000),
                sale("2024-12-30", 20, "1000.50", kind="other", basis="900", acquired="various", term="long"),
            ],
            {
                2023: {"filing_status": "married_joint", "wages": "150000"},
                2024: {"filing_status": "married_joint", "wages": "150000"},
            },
            corporation=ODD_NAME,
            spouse={"name": "Sample Spouse", "ssn": "400-00-0002"},
            rounding="cents",
        )
    )


@cache
def many(count=60) -> Session:
    """Many sales of one lot, before and after its first qualifying day."""
    sales = [
        sale(f"2024-{1 + n % 12:02}-{1 + n % 28:02}", 10, 7500 + n, basis="1000", basis_reported="true")
        for n in range(count)
    ]
    return open_case(
        mapping(
            [exercise("2022-01-03", "2023-06-13", 2000, 100, 900)],
            sales,
            {
                2023: {"filing_status": "single", "wages": "300000"},
                2024: {"filing_status": "single", "wages": "900000"},
            },
        )
    )


CASES = {"irs": irs, "stock_only": stock_only, "odd": odd, "many": many}


def view(session, year):
    return YearSchedules(session.household, session.household.years[year])


def pages(pdf):
    """The text of each page, a line for each line of the page."""
    data = pdf.read_bytes() if isinstance(pdf, Path) else pdf
    document = pdfium.PdfDocument(io.BytesIO(data))
    return [document[n].get_textpage().get_text_bounded().replace("\r", "") for n in range(len(document))]


def squeezed(text):
    """A text with single blanks, so that where its lines break does not matter."""
    return " ".join(text.split())
