"""Whatever is in a case file or a table, reading gives a case or a `CaseError` whose problems stand on one line each."""

from __future__ import annotations

import random
import re

import pytest
from case_samples import EXERCISE, HEAD, SALE, YEARS, written
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from worksheets.problems import CaseError
from worksheets.read.case_file import read_case

CASE_TEXT = f"""{HEAD}spouse: {{name: Sample Spouse, ssn: 400-00-0002}}
exercises:
  - {{{", ".join(f"{key}: {value}" for key, value in EXERCISE.items())}}}
  - {{corporation: Example Corp, grant_date: 2022-01-03, exercise_date: 2023-09-13, exercise_price: 1, fmv: 2, shares: 3,
     vesting: [{{date: 2024-03-13, shares: 1, fmv: 5}}], section_83b: true}}
sales:
  - {{{", ".join(f"{key}: {value}" for key, value in SALE.items())}, lots: "E1:100"}}
corporate_actions:
  - {{corporation: Example Corp, date: 2024-06-10, split: "10:1"}}
years:
  2023: {{filing_status: single, wages: 150000, deduction: {{itemized: 5, taxes: 3}}, amt_adjustments: {{2g: 5}}}}
  2024: {{filing_status: single, wages: 215000, as_filed: {{6251: {{2i: 5}}}}}}
"""
CSV_TEXT = f"{','.join(SALE)}\n{','.join(SALE.values())}\n"
SPLICES = [
    "", "0", "-1", "1e5", "nan", "null", "~", "x", "[", "{", "}", ": ", "\n", "\t", "'", '"', "&a ", "*a", "!!x ", "- ",
    "2024", "2024-02-30", "10:1", "true", "\x00", "\u2028", "é", "🙂", "9" * 400, "? ", "| ", "# ", "%", "@", "---\n", "...",
]  # fmt: skip
QUICK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
LINE = re.compile(r".+:[0-9]+: [^\n]+: [^\n]+")


def read_or_refuse(source):
    """Any other exception than CaseError fails the test."""
    found = []
    try:
        read_case(source)
    except CaseError as error:
        found = [str(problem) for problem in error.problems] or ["no problem told"]
    assert [text for text in found if not (LINE.fullmatch(text) and text.isprintable())] == []


@QUICK
@given(
    st.one_of(st.binary(max_size=300), st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass")))
)
def test_any_bytes(tmp_path, content):
    path = tmp_path / "case.yaml"
    path.write_bytes(content)
    read_or_refuse(path)


def test_the_text_that_is_spoiled_below_is_sound(tmp_path):
    assert len(read_case(written(tmp_path, CASE_TEXT)).exercises) == 2


@QUICK
@given(st.lists(st.tuples(st.integers(0, len(CASE_TEXT)), st.integers(0, 12), st.sampled_from(SPLICES)), max_size=4))
def test_a_sound_case_with_anything_spliced_in(tmp_path, splices):
    text = CASE_TEXT
    for place, cut, splice in splices:
        text = text[:place] + splice + text[place + cut :]
    path = tmp_path / "case.yaml"
    path.write_text(text, encoding="utf-8", newline="")
    read_or_refuse(path)


@QUICK
@given(
    st.lists(
        st.tuples(st.integers(0, len(CSV_TEXT)), st.integers(0, 12), st.sampled_from([*SPLICES, ",", ";"])), max_size=4
    )
)
def test_a_sound_table_with_anything_spliced_in(tmp_path, splices):
    text = CSV_TEXT
    for place, cut, splice in splices:
        text = text[:place] + splice + text[place + cut :]
    (tmp_path / "1099b.csv").write_text(text, encoding="utf-8", newline="")
    read_or_refuse(written(tmp_path, f"{HEAD}sales: 1099b.csv\n{YEARS}"))


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.decimals(), st.dates(), st.datetimes(), st.text(),
              st.binary(max_size=5), st.sampled_from(SPLICES)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.one_of(st.text(), st.integers()), inner, max_size=3)),
    max_leaves=5,
)  # fmt: skip


def spots(value, way=()):
    """Every place in a mapping or list."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in parts:
        yield (*way, key)
        yield from spots(inner, (*way, key))


def plain(read):
    """A sound mapping with every key that the models have somewhere."""
    return read.model_dump(mode="python", exclude_none=True)


@QUICK
@given(st.data())
def test_any_python_value_anywhere(tmp_path, data):
    case = _lists(plain(read_case(written(tmp_path, CASE_TEXT))))
    way = data.draw(st.sampled_from(sorted(spots(case), key=repr)))
    here = case
    for part in way[:-1]:
        here = here[part]
    here[way[-1]] = data.draw(VALUES)
    read_or_refuse(case)


def _lists(value):
    if isinstance(value, dict):
        return {key: _lists(inner) for key, inner in value.items()}
    return [_lists(inner) for inner in value] if isinstance(value, list | tuple) else value


@pytest.mark.parametrize("rows", [20_000])
def test_a_long_table_is_read_in_seconds(tmp_path, rows):
    # 20,000 rows over 200 exercises; a quadratic check would take minutes
    rng = random.Random(5)  # noqa: S311 - any rows will do
    lots = "".join(f"{','.join(EXERCISE.values())}\n" for _ in range(200))
    written(tmp_path, f"{','.join(EXERCISE)}\n{lots}", "3921.csv")
    sales = "".join(
        f"Example Corp,10,2024-0{rng.randint(1, 9)}-18,2023-03-13,{rng.randint(1, 9999)}.25,1000.50,short,E{rng.randint(1, 200)}:10\n"
        for _ in range(rows)
    )
    written(tmp_path, f"{','.join(SALE)},lots\n{sales}", "1099b.csv")
    read = read_case(written(tmp_path, f"{HEAD}exercises: 3921.csv\nsales: 1099b.csv\n{YEARS}"))
    assert len(read.sales) == rows
