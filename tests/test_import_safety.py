"""Importing what is hostile or damaged: nothing injects, nothing breaks the reader."""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal

import pytest
import yaml
from broker_samples import sample
from hypothesis import given, settings
from hypothesis import strategies as st

from worksheets.problems import CaseError
from worksheets.read.brokers import cells, draft
from worksheets.read.brokers.layout import Entry
from worksheets.read.brokers.spreadsheet import csv_text, harmless
from worksheets.read.importer import understand

hostile = st.text(alphabet=st.characters(blacklist_categories=["Cs"]), max_size=40) | st.sampled_from(
    [
        "x\n- {corporation: y}",
        "a: b",
        "# c",
        "'",
        '"',
        "*a",
        "&a",
        "!!python/object",
        "no",
        "1e5",
        "=1+1",
        "- x",
        "{",
        "%a",
    ]
)


@settings(deadline=None)
@given(hostile, hostile)
def test_texts_come_out_of_the_yaml_as_they_went_in(name, account):
    entry = Entry(
        "sales", "f.csv", 1, {"description": cells.words(name), "account": cells.words(account), "basis": "1.50"}
    )
    entry.unread["term"] = (cells.one_line(name), "Short or Long")
    entry.notes.append(name)
    entry.hints["corporation"] = name
    text = draft.case_yaml([entry], [name], [account], tables=False)
    (sale,) = yaml.load(text, Loader=yaml.BaseLoader)["sales"]  # noqa: S506 - the base loader makes nothing but text
    assert set(sale) == {"corporation", "description", "account", "basis", "term", "shares", "sold", "proceeds"}
    assert (sale["description"], sale["account"], sale["basis"]) == (cells.words(name), cells.words(account), "1.50")


@settings(deadline=None)
@given(hostile)
def test_csv_cells_that_a_program_could_run_are_made_harmless(text):
    (row,) = csv.reader(io.StringIO(csv_text([[text]]), newline=""))
    shown = row[0] if row else ""
    line = re.sub("[\r\n\x00\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", " ", text)
    assert shown in (line, f"'{line}")
    assert not shown.lstrip().startswith(("=", "+", "-", "@")) or re.fullmatch(r"[-+]?[0-9.]+", shown)


@pytest.mark.parametrize(
    "cell", ["=1+1", "+A1", "-A1", "@SUM(A1)", "\t=1", "\r=1", " =1", "-1+1", "--5", "=cmd|' /C calc'!A0"]
)
def test_formulas_get_an_apostrophe(cell):
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["-1900.00", "+5", "-.5", "12.", "Example - Widgets", "2025-03-10", ""])
def test_numbers_and_plain_text_stay_as_they_are(cell):
    assert harmless(cell) == cell


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("any") / "any.csv"
    path.write_bytes(content)
    try:
        understand([path])
    except CaseError as error:
        assert str(error).startswith(str(path))  # noqa: PT017 - either outcome is right


@settings(deadline=None)
@given(
    st.sampled_from(
        ["txf", "ofx", "ofx_sgml", "fdx_1099b", "shareworks", "robinhood", "fidelity_1099", "schwab_awards_json"]
    ),
    st.data(),
)
def test_damaged_files_never_break_the_reader(tmp_path_factory, name, data):
    content = sample(name).read_bytes()
    start = data.draw(st.integers(0, len(content)))
    cut = data.draw(st.integers(0, 40))
    junk = data.draw(
        st.binary(max_size=10) | st.sampled_from([b"NaN", b"1e999999999", b"^", b"<", b"-1", b'"', b"{", b"\r"])
    )
    path = tmp_path_factory.mktemp("damaged") / sample(name).name
    path.write_bytes(content[:start] + junk + content[start + cut :])
    try:
        found = understand([path])
    except CaseError:
        return
    assert yaml.load(found.case_yaml(), Loader=yaml.BaseLoader)  # noqa: S506 - the base loader makes nothing but text
    assert found.lines()
    for entry in found.sales:
        assert Decimal(entry.values.get("proceeds", "0")) >= 0
