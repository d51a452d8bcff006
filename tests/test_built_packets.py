"""Packets as they are written, official forms read back page by page: every line of the result, and nothing else."""

import io
import json
import re
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pypdf
import pypdfium2 as pdfium
import pytest
from blank_folder import BLANKS, NONE_HERE
from forms_read import ATTRIBUTES, expected, in_decimals, read_8949, read_form, schedule_rows, sums
from households import exercise, sale
from packets import irs, irs_mapping, many, mapping, odd, stock_only
from pypdf.generic import ArrayObject, DictionaryObject, NameObject

from worksheets.attach import attach_6251, attach_8801
from worksheets.paper.blanks import official
from worksheets.paper.money import header
from worksheets.paper.official import AMT
from worksheets.paper.packet import PacketError, build
from worksheets.session import open_case

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
TITLE = re.compile(r"(?P<amt>AMT copy of )?(?P<form>Form 6251|Form 8801|Form 8949|Schedule D), ")
KEYS = {"Form 6251": "6251", "Form 8801": "8801", "Schedule D": "schedule_d"}
FILES = {"Form 6251": "f6251", "Form 8801": "f8801", "Form 8949": "f8949", "Schedule D": "f1040sd"}


def separate():
    """A married-separate return with an exemption phased out, a loss and other income, in cents."""
    year = {"filing_status": "married_separate", "wages": "700000.40", "tax_refund": "1200"}
    return open_case(
        mapping(
            [exercise("2021-01-04", "2022-03-14", 3000, "10.25", "160.75")],
            [
                sale("2023-02-01", 1000, 90000, basis="10250", basis_reported="true", acquired="2022-03-14"),
                sale("2023-06-01", 1000, "95000.50", basis="0", basis_reported="true", acquired="2022-03-14"),
            ],
            {2022: year, 2023: year | {"qualified_dividends": "900", "ordinary_dividends": "1000.99"}, 2024: year},
            rounding="cents",
        )
    )


def head_of_household():
    """Gain at special rates and a foreign tax credit, over two years of the newest forms."""
    year = {"filing_status": "head_of_household", "wages": "220000", "unrecaptured_1250": "4000"}
    year |= {"other_long_term": "30000", "qualified_dividends": "700", "ordinary_dividends": "800"}
    return open_case(
        mapping(
            [exercise("2022-01-03", "2024-03-13", 1000, 20, 180)],
            [sale("2025-04-22", 400, 90000, basis="8000", basis_reported="true", acquired="2024-03-13")],
            {2024: year, 2025: year},
        )
    )


CASES = {
    "irs": irs,
    "many": many,
    "odd": odd,
    "stock only": stock_only,
    "separate": separate,
    "head of household": head_of_household,
    **{
        path.parent.name: lambda path=path: open_case(path)
        for path in sorted(FIXTURES.glob("*/case.yaml"))
        if path.parent.name != "irs-line-2k"
    },
}


@pytest.fixture(scope="module", params=CASES)
def packet(request, tmp_path_factory):
    if not BLANKS.is_dir():
        pytest.skip(NONE_HERE)
    session = CASES[request.param]()
    built = build(session, tmp_path_factory.mktemp("packet") / "packet", forms_dir=BLANKS)
    pdf = (built.folder / "packet.pdf").read_bytes()
    result = json.loads((built.folder / "results.json").read_text(encoding="utf-8"))
    return SimpleNamespace(session=session, result=result, forms=list(forms_in(pdf, session)))


def forms_in(pdf, session):
    """The official forms of a packet: year, form, whether an AMT copy, and its pages as a document."""
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    entries = list(pdfium.PdfDocument(pdf).get_toc())
    starts = [entry.get_dest().get_index() for entry in entries]
    year = None
    for entry, start, end in zip(entries, starts, [*starts[1:], len(reader.pages)], strict=True):
        if entry.level == 0:
            year = int(entry.get_title()) if entry.get_title().isdigit() else None
        found = TITLE.match(entry.get_title())
        if found and year and official(FILES[found["form"]], year, BLANKS):
            assert year in session.household.years
            writer = pypdf.PdfWriter()
            for page in reader.pages[start:end]:
                writer.add_page(page)
            writer.root_object[NameObject("/AcroForm")] = DictionaryObject({NameObject("/Fields"): ArrayObject()})
            out = io.BytesIO()
            writer.write(out)
            yield SimpleNamespace(year=year, form=found["form"], amt=bool(found["amt"]), pdf=out.getvalue())


def test_every_line_of_the_result_stands_in_its_row_and_nothing_else(packet):
    for made in packet.forms:
        if made.form == "Form 8949":
            continue
        key = KEYS[made.form] + ("_amt" if made.amt else "")
        books = packet.session.household.years[made.year]
        form = getattr(books.tax_return, ATTRIBUTES[key])
        lines, headings = read_form(made.pdf)
        assert lines == expected(form), (made.year, key)
        head = header(packet.session.household.case, books.facts.filing_status)
        assert sorted(headings[0].split()) == sorted(f"{head.name} {head.ssn} {AMT if made.amt else ''}".split())
        told = packet.result["years"][str(made.year)]["forms"][key]
        if not made.amt:
            assert {number: as_decimals(value) for number, value in told.items() if number != "attach"} == lines


def as_decimals(value):
    return {key: Decimal(str(part)) for key, part in value.items()} if isinstance(value, dict) else Decimal(str(value))


def test_every_row_of_form_8949_stands_under_its_box_and_adds_up_to_schedule_d(packet):
    for made in packet.forms:
        if made.form != "Form 8949":
            continue
        household = packet.session.household
        books = household.years[made.year]
        head = header(household.case, books.facts.filing_status)
        read, totals = {}, {}
        for box, rows in read_8949(made.pdf, head, AMT if made.amt else None):
            read.setdefault(box, []).extend(rows[:-1])
            totals.setdefault(box, []).append(rows[-1])
        told = {}
        for row in packet.result["years"][str(made.year)]["forms"]["8949_amt" if made.amt else "8949"]:
            told.setdefault(row["box"], []).append(in_decimals({key: row[key] for key in row if key in "abcdefgh"}))
        assert read == told, made.year
        if books.tax_return is not None:
            done = books.tax_return
            assert sums(totals) == schedule_rows(done.schedule_d_amt if made.amt else done.schedule_d)


def test_every_form_of_the_result_is_in_the_packet(packet):
    """Official blanks are read above; each form that the result holds must be among them where its blank is at hand."""
    found = {(made.year, made.form, made.amt) for made in packet.forms}
    for year, books in packet.session.household.years.items():
        wanted = set()
        if books.rows:
            wanted |= {("Form 8949", False)}
        done = books.tax_return
        if done is not None:
            wanted |= {("Form 6251", False)}
            wanted |= {("Form 8801", False)} if done.f8801 is not None else set()
            wanted |= {("Schedule D", False)} if not done.schedule_d.empty else set()
            wanted |= {("Schedule D", True)} if not done.schedule_d_amt.empty else set()
        if books.amt_rows:
            wanted |= {("Form 8949", True)}
        at_hand = {(form, amt) for form, amt in wanted if official(FILES[form], year, BLANKS)}
        assert {(form, amt) for one, form, amt in found if one == year} == at_hand
        told = packet.result["years"][str(year)]["forms"]
        if done is not None:
            assert told["6251"]["attach"] == attach_6251(done)
            assert "8801" not in told or told["8801"]["attach"] == attach_8801(done)


def test_names_that_the_forms_cannot_print_are_refused_in_one_line(tmp_path):
    session = open_case(irs_mapping(taxpayer={"name": "株式 太郎"}))
    with pytest.raises(PacketError, match=r"U\+682A") as refused:
        build(session, tmp_path / "packet", forms_dir=tmp_path)
    assert "太郎" not in str(refused.value)
    assert list(tmp_path.iterdir()) == []
