"""A case to begin with: `dualbasis init` writes it, commented, with CSV headers and the JSON Schema for editors."""

from __future__ import annotations

import json
from pathlib import Path

from worksheets.data import folder
from worksheets.private import not_written, write_private
from worksheets.schema import case_schema

EXERCISE_HEADERS = (
    "id",
    "owner",
    "corporation",
    "grant_date",
    "exercise_date",
    "exercise_price",
    "fmv",
    "shares",
    "account",
)
SALE_HEADERS = (
    "id",
    "owner",
    "broker",
    "account",
    "corporation",
    "description",
    "shares",
    "acquired",
    "sold",
    "proceeds",
    "basis",
    "wash_sale_disallowed",
    "term",
    "basis_reported",
    "noncovered",
    "pay_reported",
)


class StarterError(Exception):
    """The folder is in use or cannot be written; the message says so."""


def write_starter(target: Path) -> list[Path]:
    """Write the files of a new case into a new or empty folder, readable by its owner only.

    Raises:
        StarterError: the folder holds files already, or cannot be written.
    """
    try:
        return _written(target)
    except OSError as fault:
        raise StarterError(not_written(target, fault, "DIR")) from fault


def _written(target: Path) -> list[Path]:
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise StarterError(f"{target}:1: DIR: it is not empty, expected a new folder")
    contents = {
        "case.yaml": (folder("templates") / "case.yaml").read_text(encoding="utf-8"),
        "3921.csv": ",".join(EXERCISE_HEADERS) + "\n",
        "1099b.csv": ",".join(SALE_HEADERS) + "\n",
        "case.schema.json": json.dumps(case_schema(), indent=2, ensure_ascii=False) + "\n",
    }
    for name, text in contents.items():
        write_private(target / name, text.encode())
    return [target / name for name in contents]
