"""The JSON Schema for editors: it takes what the reader takes, and names every key with what it means."""

from __future__ import annotations

import copy
import json
import re

import pytest
from case_samples import CASE

from worksheets.case import Case, Exercise, ReturnFigures, Sale, Year
from worksheets.read.translate import known_keys
from worksheets.schema import DIALECT, case_schema

# The case that the contract prints, as an editor sees it: YAML's own numbers and dates as text.
PRINTED = {
    "case": 1,
    "taxpayer": {"name": "Sample Taxpayer", "ssn": "400-00-0001"},
    "spouse": {"name": "Sample Spouse"},
    "state": "CA",
    "rounding": "dollars",
    "amounts": "what-if.yaml",
    "exercises": "3921.csv",
    "sales": "1099b.csv",
    "acquisitions": [],
    "corporate_actions": [{"corporation": "Example Corp", "date": "2024-06-10", "split": "10:1"}],
    "years": {
        "2023": {"filing_status": "single", "wages": 150000, "deduction": {"itemized": 20000, "taxes": 10000}},
        "2024": {"filing_status": "single", "wages": 215000, "amt_adjustments": {"2g": 1200, "2l": -300}},
    },
}
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}


def fits(value, schema, root):  # noqa: PLR0911 - one line a keyword
    """Whether a value fits a schema: the keywords that ours uses."""
    if "$ref" in schema:
        return fits(value, root["$defs"][schema["$ref"].rpartition("/")[2]], root)
    if "anyOf" in schema and not any(fits(value, part, root) for part in schema["anyOf"]):
        return False
    if "enum" in schema and value not in schema["enum"]:
        return False
    if "const" in schema and value != schema["const"]:
        return False
    if "type" in schema and not _typed(value, schema["type"]):
        return False
    if isinstance(value, str):
        return bool(re.search(schema.get("pattern", ""), value)) and len(value) >= schema.get("minLength", 0)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value >= schema.get("minimum", value) and value > schema.get("exclusiveMinimum", value - 1)
    if isinstance(value, list):
        return all(fits(part, schema.get("items", {}), root) for part in value)
    return not isinstance(value, dict) or _mapping_fits(value, schema, root)


def _typed(value, types):
    names = types if isinstance(types, list) else [types]
    number = isinstance(value, int | float) and not isinstance(value, bool)
    whole = number and isinstance(value, int)
    return any(
        number if name == "number" else whole if name == "integer" else isinstance(value, TYPES[name]) for name in names
    )


def _mapping_fits(value, schema, root):
    known, other = schema.get("properties", {}), schema.get("additionalProperties", True)
    if not set(schema.get("required", ())) <= value.keys() or len(value) < schema.get("minProperties", 0):
        return False
    if not all(fits(key, schema.get("propertyNames", {}), root) for key in value):
        return False
    return all(
        fits(part, known[key], root)
        if key in known
        else other is not False and (other is True or fits(part, other, root))
        for key, part in value.items()
    )


SCHEMA = case_schema()


def test_the_printed_case_fits():
    assert fits(PRINTED, SCHEMA, SCHEMA)


def test_a_case_with_rows_fits_all_of_it_quoted():
    assert fits(CASE, SCHEMA, SCHEMA)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("case", 2), ("rounding", "euros"), ("roundin", "cents"), ("taxpayer", {}), ("state", "California"),
        ("years", {}), ("years.24", {"filing_status": "single"}), ("years.2024.wages", "12O000"), ("years.2024.wages", -1),
        ("years.2024.wages", "1e5"), ("years.2024.wages", True), ("years.2024.filing_status", "maried"),
        ("years.2024.amt_adjustments", {"2i": 1}), ("years.2024.deduction", "both"), ("years.2024.wagess", 1),
        ("exercises", [{"corporation": "Example Corp"}]), ("exercises", 5), ("corporate_actions", [{"split": "10:1"}]),
        ("years.2023.prior_year", {"form_6251": {"2i": 0}}), ("years.2024.as_filed", {"1041": {"1": 0}}),
        ("sales", [{**CASE["sales"][0], "term": "shrt"}]), ("sales", [{**CASE["sales"][0], "shares": 0}]),
        ("sales", [{**CASE["sales"][0], "origin": "x"}]), ("overlay", {}),
    ],
)  # fmt: skip
def test_what_the_reader_refuses_does_not_fit(path, value):
    case = copy.deepcopy(PRINTED)
    here = case
    *way, last = path.split(".")
    for part in way:
        here = here[part]
    here[last] = value
    assert not fits(case, SCHEMA, SCHEMA)


def test_it_names_its_dialect_and_is_json():
    assert SCHEMA["$schema"] == DIALECT == "https://json-schema.org/draft/2020-12/schema"
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA


@pytest.mark.parametrize("model", [Case, Exercise, Sale, ReturnFigures, Year])
def test_every_key_says_what_it_means(model):
    properties = SCHEMA["properties"] if model is Case else SCHEMA["$defs"].get(model.__name__, {}).get("properties")
    if properties is None:  # the base of Year and PriorYear has no definition of its own
        properties = SCHEMA["$defs"]["Year"]["properties"]
    for key in known_keys(model):
        assert properties[key]["description"], key


def test_the_models_of_the_years_share_one_set_of_keys():
    prior, year = (SCHEMA["$defs"][name]["properties"] for name in ("PriorYear", "Year"))
    assert set(known_keys(ReturnFigures)) <= prior.keys() & year.keys()
