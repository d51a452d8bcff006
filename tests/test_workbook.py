"""The Excel workbook: every line is a formula whose cached value is ours, nothing of the law is typed into one, facts
that are changed flow as the program says, and nothing of a case becomes a formula. `recalculate.py` does the same in
LibreOffice, on more cases.
"""

from __future__ import annotations

import io
import re
import sys
import zipfile
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

import openpyxl
import pytest
from openpyxl.formula import Tokenizer
from recalculate import change, formulas_of, same
from recalculated_cases import EXERCISE, NAMES, SOLD, WHOLE, case, named_cases
from recalculated_changes import changes
from spreadsheet import Spreadsheet, cached_figures

from worksheets.amounts import STATUSES, Law
from worksheets.household import Household, work
from worksheets.paper.workbook import workbook
from worksheets.paper.workbook_law import AMOUNTS
from worksheets.paper.workbook_scope import PREFIXES, cell_name
from worksheets.paper.workbook_sheet import INPUT, ROLES, TYPED
from worksheets.paper.workbook_table import HEAD
from worksheets.results import forms, lines

STRUCTURE = {0.0, 1.0, 2.0}  # numbers that formulas may hold: nothing, one day, "above zero", half for the even cent
SHOWN_TO = {  # forms whose later lines lead to the typed tax alone
    "gain_worksheet": "ordinary_part",
    "schedule_d_tax": "taxed_at_ordinary_rates",
}
RECALCULATED = ("hard-household", "swap-order", "pay-total", "wash-sales", "typed-gains", "stock-only")
DEEP = 20_000


MOST_CHARACTERS = 8192  # that a formula may have
ROWS_A_SALE = 6  # sheets with a row for each: the fact, what it took, both books, pay, Form 8949 twice


def _small(exercises, sales, *years, status="single", **more):
    year = {**WHOLE, "filing_status": status}
    return lambda: case(exercises, sales, dict.fromkeys(years, year), **more)


OTHER = {"kind": "other", "corporation": "Other Inc", "shares": "10", "sold": "2024-03-05", "term": "long"}
EARLIER = {**EXERCISE, "grant_date": "2017-01-04", "exercise_date": "2018-03-13", "fmv": "9000"}
GIVEN = {**SOLD, "disposition": "to_spouse", "proceeds": "0", "basis": "0"}
SMALL = {
    "no exercises": _small([], [{**OTHER, "proceeds": "9", "basis": "8"}], 2024),
    "no sales": _small([EXERCISE], [], 2023),
    "nothing": lambda: case([], [], {2024: {"filing_status": "single"}}),
    "the first year held, separately": _small(
        [EARLIER], [{**SOLD, "sold": "2018-09-03"}], 2018, status="married_separate"
    ),
    "a draft year": _small([{**EXERCISE, "exercise_date": "2026-01-13"}], [{**SOLD, "sold": "2026-09-03"}], 2026),
    "two spouses": _small(
        [EXERCISE, {**EXERCISE, "owner": "spouse", "fmv": "80"}],
        [SOLD, GIVEN, {**SOLD, "owner": "spouse", "sold": "2024-05-06", "shares": "400", "basis": "4000"}],
        *(2023, 2024),
        status="married_joint",
        spouse={"name": "Sample Spouse"},
    ),
    "more sold than held": _small([EXERCISE], [{**SOLD, "shares": "1000"}], 2023, 2024),
}


@cache
def household(name) -> Household:
    return work(named_cases()[name])


@cache
def written(name) -> bytes:
    return workbook(household(name))


@cache
def opened(name, *, values=False):
    return openpyxl.load_workbook(io.BytesIO(written(name)), data_only=values)


@cache
def shown(name):
    """What the formula cells of a workbook hold."""
    return dict(cached_figures(written(name)))


def figure(name, at):
    """What the formula cell that a name leads to holds; an error where it is none."""
    sheet, _, place = opened(name).defined_names[at].attr_text.rpartition("!")
    return shown(name)[sheet.strip("'"), place.replace("$", "")]


def named(book, name):
    """The cell that a name leads to."""
    sheet, _, place = book.defined_names[name].attr_text.rpartition("!")
    return book[sheet.strip("'")][place.replace("$", "")]


def whole_years(found):
    return [(year, books.tax_return) for year, books in found.years.items() if books.tax_return is not None]


def printed_lines(year, done):
    """Every amount that a whole year's sheets show: its name, and what we computed, "" where it is blank."""
    for key, line, amount in _lines(done):
        at = cell_name(key, year, line.name)
        if line.is_row:
            for letter in "degh":
                yield f"{at.removesuffix('_h')}_{letter}", "" if amount is None else float(getattr(amount, letter))
        else:
            yield at, "" if amount is None else float(amount)


def _lines(done):
    for key in PREFIXES:
        form = getattr(done, key)
        if form is None:
            continue
        form.amounts()
        for line in form.definition.lines.values():
            yield key, line, form.worked[line.name]
            if line.name == SHOWN_TO.get(key):
                break


@pytest.mark.parametrize("name", ["irs-line-2k", "three-year-credit", "every-year"])
def test_every_line_is_a_formula_with_our_figure(name):
    for year, done in whole_years(household(name)):
        printed = dict(printed_lines(year, done))
        assert len(printed) >= 235  # Form 8801 of the first year held is left out
        for at, amount in printed.items():
            assert same(figure(name, at), amount), at


@pytest.mark.parametrize("name", NAMES)
def test_figures_are_those_of_the_result(name):
    values = opened(name, values=True)
    found = household(name)
    for year, books in found.years.items():
        result = forms(found, books)
        parts = {"line_2k": lines(books.tax_return.line_2k.printed())}
        for key, told in {"f6251": result["6251"], "f8801": result["8801"], **parts}.items():
            for number, amount in told.items():
                if number != "attach":
                    assert named(values, f"{PREFIXES[key]}_{year}_{number}").value == amount, (key, year, number)
        for key in ("8949", "8949_amt"):
            sheet = values["Form 8949" if key == "8949" else "Form 8949 AMT"]
            rows = [row for row in sheet.iter_rows(min_row=4, values_only=True) if row[0] == year]
            shown = [(row[1], row[2], row[7], row[8], row[9] or None, row[10], row[11]) for row in rows]
            assert shown == [
                (row["box"], row["sale"], row["d"], row["e"], row.get("f"), row.get("g"), row["h"])
                for row in result[key]
            ]


@pytest.mark.parametrize("name", RECALCULATED)
def test_formulas_give_the_cached_figures(name):
    assert differences(opened(name), shown(name)) == []


def differences(book, figures):
    """Formula cells whose formula gives another figure than they hold."""
    sheet = Spreadsheet(book)
    worked = {(of, place): sheet.cell(of, place).value for of, place in figures}
    return [(key, worked[key], held) for key, held in figures.items() if not same(worked[key], held)]


@pytest.fixture(autouse=True)
def _deep_chains():
    """A line may hang on a hundred others, each some calls deep in our arithmetic."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(DEEP)
    yield
    sys.setrecursionlimit(before)


CHANGED = [found for found in changes() if found[1] in {"irs-line-2k", "hard-household"}][::6]


@pytest.mark.parametrize("found", CHANGED, ids=lambda found: found[0])
def test_a_changed_fact_flows_to_where_the_program_puts_it(found):
    _, name, edit, changed = found
    after, book = work(changed), openpyxl.load_workbook(io.BytesIO(written(name)))
    change(book, edit, after)
    sheet = Spreadsheet(book)
    moved = 0
    for year, done in whole_years(after):
        before = dict(printed_lines(year, dict(whole_years(household(name)))[year]))
        for at, amount in printed_lines(year, done):
            of, _, cell = sheet.names[at].rpartition("!")
            assert same(sheet.cell(of.strip("'"), cell).value, amount), at
            moved += amount != before[at]
    assert moved


@pytest.mark.parametrize("name", SMALL)
def test_a_household_of_any_shape_has_its_workbook(name):
    raw = workbook(work(SMALL[name]()))
    figures = dict(cached_figures(raw))
    assert figures
    assert differences(openpyxl.load_workbook(io.BytesIO(raw)), figures) == []


def test_three_hundred_sales_make_three_hundred_rows_of_bounded_formulas():
    day = date(2023, 6, 1)
    sales = [{**SOLD, "shares": "1", "proceeds": "60.07", "sold": str(day + timedelta(n))} for n in range(300)]
    years = {2023: {**WHOLE, "iso_income_in_wages": "9000"}, 2024: WHOLE}
    raw = workbook(work(case([EXERCISE], sales, years)))
    sheets = [content for name, content in parts(raw).items() if "worksheets/sheet" in name]
    assert [sheet.count(b"<row ") for sheet in sheets].count(HEAD + 300) == ROWS_A_SALE
    formulas = re.findall(rb"<f>([^<]*)</f>", b"".join(sheets))
    assert max(map(len, formulas)) < MOST_CHARACTERS


@pytest.mark.parametrize("name", ["irs-line-2k", "wash-sales", "stock-only"])
def test_no_amount_of_the_law_is_typed_into_a_formula(name):
    for (sheet, place), formula in formulas_of(opened(name)).items():
        numbers = [float(token.value) for token in Tokenizer(formula).items if token.subtype == "NUMBER"]
        assert set(numbers) <= STRUCTURE, (sheet, place, formula)


def test_the_law_sheet_holds_the_amounts_with_their_sources():
    found, values = household("three-year-credit"), opened("three-year-credit", values=True)
    sheet = values["Law"]
    for year in found.years:
        for amount in AMOUNTS:
            cell = named(values, f"Law_{year}_{amount}")
            row = sheet[cell.row]
            law = [Law(year, status) for status in STATUSES]
            assert [Decimal(str(one.value)) for one in row[2:7]] == [one.amount(amount) for one in law]
            assert cell.value == float(law[0].amount(amount))  # single
            assert row[9].value == law[0].known[amount].source


def test_every_name_in_a_formula_is_there():
    book = opened("every-year")
    for formula in formulas_of(book).values():
        for token in Tokenizer(formula).items:
            if token.subtype == "RANGE" and "!" not in token.value and re.search("_|[a-z]", token.value):
                assert token.value in book.defined_names, formula
    assert {"F6251_2024_2k", "F6251_2024_11", "F8801_2024_26", "SD_2024_8b_h", "SDAMT_2024_16"} <= set(
        book.defined_names
    )


def test_facts_are_blue_and_the_typed_tax_is_amber():
    book = opened("irs-line-2k")

    def colour(cell):
        assert cell.data_type != "f"
        return f"#{cell.fill.fgColor.rgb[2:]}"

    facts, tax = book["Facts exercises"], named(book, "Facts_2024_tax")
    assert {colour(facts.cell(4, column)) for column in (6, 7, 8)} == {ROLES[INPUT]["bg_color"]}
    assert colour(book["Facts sales"]["J4"]) == ROLES[INPUT]["bg_color"]
    assert colour(named(book, "Facts_2024_wages")) == ROLES[INPUT]["bg_color"]
    assert colour(tax) == ROLES[TYPED]["bg_color"]
    assert tax.value == 49315
    assert named(book, "F1040_2024_16").value == "=ROUND(Facts_2024_tax,Places)"


def test_the_typed_tax_is_called_stale_when_taxable_income_moves():
    book = openpyxl.load_workbook(io.BytesIO(written("irs-line-2k")))
    named(book, "Facts_2024_wages").value = 215_001
    sheet = Spreadsheet(book)
    for year, word in ((2023, "yes"), (2024, "no: type the tax again")):
        of, _, place = sheet.names[f"Facts_{year}_tax_fits"].rpartition("!")
        assert sheet.cell(of.strip("'"), place).value == word


HOSTILE = ("=1+1", "+1+1", "-2+3", "@SUM(1)", "{=1+1}", "http://example.com", '=HYPERLINK("x")', "<a>&\"'", "_x0041_")


def test_text_of_a_case_stays_text():
    exercises = [{**EXERCISE, "corporation": text} for text in HOSTILE]
    sales = [{**SOLD, "corporation": text, "broker": text, "description": text} for text in HOSTILE]
    years = {2023: {**WHOLE, "wages": "900000"}, 2024: {**WHOLE, "wages": "900000"}}
    raw = workbook(work(case(exercises, sales, years, taxpayer={"name": HOSTILE[0]})))
    book, values = openpyxl.load_workbook(io.BytesIO(raw)), openpyxl.load_workbook(io.BytesIO(raw), data_only=True)
    for row, text in enumerate(HOSTILE, start=4):
        for sheet, column in (
            ("Facts exercises", "C"),
            ("Facts sales", "C"),
            ("Facts sales", "E"),
            ("Facts sales", "F"),
        ):
            cell = book[sheet][f"{column}{row}"]
            assert (cell.value, cell.data_type) == (text, "s")
        assert values["Form 8949"][f"E{row}"].value == text
        assert not any(text in formula for formula in formulas_of(book).values())
    links = [content for name, content in parts(raw).items() if name.endswith(".rels")]
    assert not any(b"http://example.com" in content for content in links)


def test_a_name_with_an_ampersand_heads_the_page_and_no_warning_tells_it(recwarn):
    joint = {**WHOLE, "filing_status": "married_joint"}
    years = {2023: joint, 2024: joint}
    people = {"taxpayer": {"name": "Sample&Gx"}, "spouse": {"name": "&" * 150}}
    inside = parts(workbook(work(case([EXERCISE], [SOLD], years, **people))))
    sheets = [content for name, content in inside.items() if "worksheets/sheet" in name]
    assert all(b"<oddHeader>&amp;L&amp;8Sample &amp;&amp; Gx" in sheet for sheet in sheets)
    assert not [one for one in recwarn if "xlsxwriter" in one.filename]


def parts(raw):
    """The files inside the workbook."""
    with zipfile.ZipFile(io.BytesIO(raw)) as found:
        return {name: found.read(name) for name in found.namelist()}


def test_no_social_security_number_account_or_macro_is_in_the_file():
    raw = written("hard-household")
    inside = parts(raw)
    for hidden in (b"400-00-0001", b"400000001", b"400-00-0002", b"SAMPLE-1111", b"SAMPLE-3333"):
        assert not any(hidden in content for content in inside.values()), hidden
    everything = b"".join(inside.values()).decode("utf-8", "replace")
    assert "***-**-0001" in everything
    assert not any("vba" in name.casefold() or "external" in name.casefold() for name in inside)
    assert "sheetProtection" not in everything
    assert "workbookProtection" not in everything


@pytest.mark.parametrize("name", ["irs-line-2k", "stock-only"])
def test_every_sheet_prints_wide_and_keeps_its_head(name):
    for sheet in opened(name):
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        if sheet.title != "Read me":
            assert sheet.freeze_panes
            assert sheet.print_title_rows


def test_the_same_household_gives_the_same_bytes(monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    first = workbook(work(named_cases()["irs-line-2k"]))
    assert workbook(work(named_cases()["irs-line-2k"])) == first
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    made = openpyxl.load_workbook(io.BytesIO(workbook(household("irs-line-2k")))).properties.created
    assert made.isoformat() == "2023-11-14T22:13:20"


def test_a_draft_year_is_called_one_wherever_its_figures_stand():
    book = openpyxl.load_workbook(io.BytesIO(workbook(work(SMALL["a draft year"]()))))
    first = [str(cell.value) for row in book["Read me"].iter_rows() for cell in row]
    assert "Figures of a draft: not for filing." in first
    assert book["Summary"]["C3"].value == "2026 (figures of a draft) now"
    for sheet in book:
        if sheet.title.startswith("2026"):
            assert "figures of a draft" in sheet["A2"].value
    assert "2026: figures of a draft" in [cell.value for cell in book["Law"]["A"]]


@pytest.mark.parametrize(("of", "sale", "words"), [("hard-household", "S4", "no exercise"), ("excess", "S1", "700 sh")])
def test_what_the_forms_leave_out_is_said_first(of, sale, words):
    raw = written(of) if of in NAMES else workbook(work(SMALL["more sold than held"]()))
    front = openpyxl.load_workbook(io.BytesIO(raw))["Read me"]
    said = {row[0].value: str(row[1].value) for row in front.iter_rows(max_row=9)}
    assert words in said[sale]
    assert "in no figure" in said[sale].casefold()


def test_hypothetical_amounts_are_marked_and_used():
    amounts = {"amt_exemption": {2024: {"single": "1000"}}}
    known = named_cases()["irs-line-2k"].model_copy(update={"overlay": amounts})
    book = openpyxl.load_workbook(io.BytesIO(workbook(work(known))), data_only=True)
    assert named(book, "Law_2024_amt_exemption").value == 1000
    assert named(book, "F6251_2024_5").value == 1000
    assert "hypothetical" in book["2024 6251"]["A2"].value
