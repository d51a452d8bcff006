"""Every paragraph of the law on option stock and on Form 8949 is named by a test, or said to be out of the forms' reach."""

import ast
import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
REFERENCE = TESTS.parent.parent / "shared" / "law" / "REFERENCE.md"

# How many numbered paragraphs each section has; 0: it has none, and is named as a whole.
SECTIONS = {
    "A.1": 5,
    "A.2": 9,
    "A.3": 12,
    "A.4": 10,
    "A.5": 3,
    "A.6": 12,
    "A.7": 6,
    "A.8": 0,
    "C.1": 0,
    "C.2": 0,
    "C.3": 0,
    "C.4": 0,
}
LABEL = re.compile(r"\b[AC]\.\d+(?:\.\d+)?\b")

# What no entry of a case can say, so that the program has nothing to get right or wrong.
OUT_OF_REACH = {
    "A.1.3": "whether the plan and the grant make an option an ISO: the employer's matter, settled by Form 3921",
    "A.4.3": "joint tenancy with survivorship: nothing is parted with, and its ending is entered as what it is",
    "A.4.5": "insolvency of the owner, certificates of divestiture: no key of a case",
    "A.4.8": "short sales and constructive sales: no authority was found",
    "A.5.3": "which shares of one grant are above the limit: the employer's matter, settled by Form 3921",
}


def paragraphs():
    """The labels of all paragraphs."""
    return [
        label
        for section, count in SECTIONS.items()
        for label in ([f"{section}.{number}" for number in range(1, count + 1)] or [section])
    ]


def constants(node):
    return (one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str))


def named():
    """The labels that the docstring or the parameters of a test name."""
    found = set()
    for path in TESTS.glob("test_*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                said = [
                    ast.get_docstring(node) or "",
                    *(text for mark in node.decorator_list for text in constants(mark)),
                ]
                found |= {label for text in said for label in LABEL.findall(text)}
    return found


def test_every_paragraph_is_named_by_a_test():
    missing = set(paragraphs()) - named() - OUT_OF_REACH.keys()
    assert not missing, f"no test names {', '.join(sorted(missing))}"


def test_tests_name_paragraphs_that_there_are():
    assert named() | OUT_OF_REACH.keys() <= {*paragraphs(), *SECTIONS}
    assert not OUT_OF_REACH.keys() & named()


def test_the_list_is_that_of_the_reference():
    if not REFERENCE.exists():
        pytest.skip("the reference is not beside this project")
    sections = dict.fromkeys(re.findall(r"^## ([AC]\.\d+) ", REFERENCE.read_text(encoding="utf-8"), re.MULTILINE), 0)
    for label in re.findall(r"^- ([AC]\.\d+)\.\d+ ", REFERENCE.read_text(encoding="utf-8"), re.MULTILINE):
        sections[label] += 1
    assert sections == SECTIONS
