"""A seeded corpus: correct rows stay silent, and each way of spoiling one gives exactly its codes."""

import os
from collections import Counter

import pytest
from audited import codes
from corpus import SHAPES, SPOILINGS, Maker

from worksheets.audit import audit
from worksheets.case import Case
from worksheets.findings import NOTE
from worksheets.household import work

SEEDS = range(3)
JUDGED: Counter[str] = Counter()


def audited(case):
    return [one for listed in audit(work(Case.model_validate(case))).values() for one in listed]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_a_correct_row_is_silent(shape):
    for seed in SEEDS:
        assert [one for one in audited(Maker(shape, seed).correct()) if one.severity != NOTE] == []
        JUDGED["(correct)"] += 1


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_a_spoiled_row_gives_its_codes_and_the_others_none(shape):
    for seed in SEEDS:
        for spoiled in Maker(shape, seed).spoiled():
            listed = audited(spoiled.case)
            found = [codes(listed, sale=f"S{n}") for n in range(1, len(spoiled.expected) + 1)]
            if spoiled.superset:
                assert set(spoiled.expected[0]) <= set(found[0]), (shape.name, seed, spoiled.code)
            else:
                assert found == spoiled.expected, (shape.name, seed, spoiled.code)
            assert not [one for one in listed if "Sample" in one.message or "A1" in one.message]
            JUDGED.update({code for row in spoiled.expected for code in row} or {"(asked nothing)"})


def test_every_code_was_judged_in_many_shapes():
    print("\nrows judged right, by code:")  # noqa: T201 - the counts are to be seen (pytest -rP)
    for code, number in sorted(JUDGED.items()):
        print(f"  {code:36} {number:5}")  # noqa: T201 - likewise
    alone = os.environ.get("PYTEST_XDIST_WORKER") is None  # several workers each count only their own part
    if alone and sum(JUDGED.values()) > len(SHAPES):  # the whole file was run
        assert all(JUDGED[code] >= len(SEEDS) for code in (*SPOILINGS, "amt_wash_sale_possible"))
