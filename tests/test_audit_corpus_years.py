"""The corpus for codes that hang on more than one row: each is found where it must be, and nowhere else."""

import os
from collections import Counter

import pytest
from corpus import SHAPES, SPOILINGS, Maker
from corpus_years import JUDGINGS, judged
from test_audit_corpus import audited

from worksheets.audit import BASIS_CODES, ROW_CODES

SEEDS = range(2)
JUDGED: Counter[str] = Counter()
SHAPES_OF: dict[str, set[str]] = {}


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_each_code_is_found_where_it_must_be_and_not_beside(shape):
    for seed in SEEDS:
        for one in judged(Maker(shape, seed)):
            codes = [finding.code for finding in audited(one.case)]
            assert (one.code in codes) is one.found, (shape.name, seed, one.code, one.found)
            JUDGED[f"{one.code} {'found' if one.found else '(silent)'}"] += 1
            SHAPES_OF.setdefault(one.code, set()).add(shape.name)


def test_every_code_was_judged_both_ways_in_several_shapes():
    print("\ncases judged right, by code:")  # noqa: T201 - the counts are to be seen (pytest -rP)
    for code, number in sorted(JUDGED.items()):
        print(f"  {code:36} {number:5}")  # noqa: T201 - likewise
    alone = os.environ.get("PYTEST_XDIST_WORKER") is None  # several workers each count only their own part
    if alone and len(JUDGED) > len(JUDGINGS):  # the whole file was run
        for code in JUDGINGS:
            assert min(JUDGED[f"{code} found"], JUDGED[f"{code} (silent)"]) >= len(SEEDS)
            assert len(SHAPES_OF[code]) >= 6


def test_every_code_is_in_one_of_the_two_corpora():
    of_years = {"spread_negative", "state_not_computed", "tie_out_difference"}
    known = {*BASIS_CODES, *ROW_CODES, *of_years} - {"wash_sale_outside"}  # an addition of ours, tested by itself
    assert known == {*SPOILINGS, *JUDGINGS, "amt_wash_sale_possible"}
