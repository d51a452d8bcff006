"""Reading a case file: YAML and the CSV tables it names become one checked `Case`, or every problem at once."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from worksheets.case import Case, Entry, Exercise, Row, Sale, Year
from worksheets.case_checks import Draft, row_faults
from worksheets.case_fields import Origin
from worksheets.case_years import year_faults
from worksheets.problems import CaseError, Problem, dotted, refuse, shown, unknown
from worksheets.read import rows, yaml_source
from worksheets.read.files import Document, inside, open_document
from worksheets.read.located import Rows, Table, from_python, locate
from worksheets.read.overlay import overlay_faults
from worksheets.read.table import read_table
from worksheets.read.translate import INTERNAL, KeyPath, known_keys, refusals

SomeEntry = TypeVar("SomeEntry", bound=Entry)
SomeRow = TypeVar("SomeRow", bound=Row)


def read_case(source: Path | str | Mapping[Any, Any]) -> Case:
    """The case that a file or an already loaded mapping holds.

    Args:
        source: the path of a YAML file, or a mapping with the same keys; files that a mapping names are looked for in
            the current folder and below it.

    Raises:
        CaseError: the input cannot be used; `.problems` holds every problem found. A file that cannot be parsed at all
            gives one.
    """
    if isinstance(source, Mapping):
        return _Reading(from_python(source), Path()).case()
    path = Path(source)
    document = open_document(path)
    tree, problems = yaml_source.load(document)
    if {"result", "program", "years"} <= tree.keys():
        raise refuse(document.file, "read a result of this program, expected the case file that it was worked from")
    reading = _Reading(tree, path.parent)
    reading.problems += problems
    reading.note(path.name, document)
    return reading.case()


class _Reading:
    """One case on its way from the tree of what was read to the checked models."""

    def __init__(self, tree: Table, folder: Path) -> None:
        self.tree = tree
        self.folder = folder
        self.problems: list[Problem] = []
        self._told: set[KeyPath] = set()
        self._spoiled: set[KeyPath] = set()
        self._inputs: dict[str, str] = {}
        self._short = {tree.file: tree.file}
        self._absent: dict[str | int, set[str]] = {}

    def note(self, name: str, document: Document) -> None:
        """Remember a file that was read, by the name the case has for it."""
        self._inputs[name] = document.digest
        self._short[document.file] = name

    def case(self) -> Case:
        """The case, once everything in it has been checked."""
        self._read_table("exercises", Exercise)
        self._read_table("sales", Sale)
        corporations = rows.Corporations(self.tree["exercises"])
        draft = Draft(has_spouse=self.tree.get("spouse") is not None)
        draft.exercises, draft.exercise_ids = self._rows("exercises", "E", Exercise, corporations)
        draft.sales, draft.sale_ids = self._rows("sales", "S", Sale, corporations)
        draft.has_splits = bool(self.tree.get("corporate_actions"))
        years = self._years(draft)
        case = self._whole(draft, years, corporations)
        for path, message in itertools.chain(year_faults(draft), row_faults(draft)):
            if path not in self._spoiled:
                self._tell(path, message)
        if case is None or self.problems:
            raise CaseError(sorted(self.problems, key=self._order))
        return case

    def _order(self, problem: Problem) -> tuple[bool, str, int]:
        return problem.file != self.tree.file, problem.file, problem.line

    def _tell(self, path: KeyPath, message: str) -> None:
        """Add a problem; of one key only the first, on which later ones would follow."""
        if path not in self._told:
            self._told.add(path)
            file, line = locate(self.tree, path)
            self.problems.append(Problem(file, line, dotted(path), message))

    def _read_table(self, name: str, model: type[Row]) -> None:
        """Put the rows in place of the name of a CSV, and an empty list in place of nothing."""
        given = self.tree.get(name)
        if isinstance(given, str) and given:
            self.tree[name] = self._csv(name, given, model)
        elif not isinstance(given, Rows):
            if given is not None and given != "":
                self._tell((name,), f"read {shown(given)}, expected the name of a CSV file, or a list of entries")
            self.tree[name] = Rows(self.tree.file, self.tree.line)

    def _csv(self, name: str, file: str, model: type[Row]) -> Rows:
        document = self._open(name, file)
        if document is None:
            return Rows(self.tree.file, self.tree.line)
        try:
            table, problems = read_table(document, name, known_keys(model))
        except CaseError as error:
            self.problems += error.problems
            return Rows(document.file, 1)
        self.problems += problems
        self._tell_absent_columns(name, table, model)
        return table

    def _open(self, key: str, file: str) -> Document | None:
        """A file that the case names under `key`, or None when it cannot be had."""
        try:
            document = open_document(inside(self.folder, file))
        except CaseError as error:
            self.problems += error.problems
        except ValueError as error:
            self._tell((key,), str(error))
        else:
            self.note(file, document)
            return document
        return None

    def _tell_absent_columns(self, name: str, table: Rows, model: type[Row]) -> None:
        have = table.columns or frozenset()
        needed = {key for key, field in model.model_fields.items() if field.is_required()} - {"id"}
        if "description" in have:
            needed.discard("corporation")
        self._absent[name] = needed - have
        for key in sorted(self._absent[name], key=list(model.model_fields).index):
            message = f"read no such column, expected one: {model.model_fields[key].description}"
            self.problems.append(Problem(table.file, table.line, dotted((name, key)), message))

    def _rows(
        self, name: str, letter: str, model: type[SomeRow], corporations: rows.Corporations
    ) -> tuple[dict[int, SomeRow], tuple[str, ...]]:
        """The rows that can be read by place, and the ids of all."""
        table: Rows = self.tree[name]
        entries = rows.prepared(table, letter, self._short.get(table.file, table.file), corporations)
        found = {}
        for place, entry in enumerate(entries):
            known = None if table.columns and entry is None else self._entry(model, entry, (name, place))
            if known is not None:
                found[place] = known
        return found, rows.ids(entries, letter)

    def _entry(self, model: type[SomeEntry], given: Any, path: KeyPath) -> SomeEntry | None:
        try:
            return model.model_validate(given)
        except ValidationError as error:
            for where, message in refusals(error, model, path):
                self._spoiled.update(where[:length] for length in range(3, len(where) + 1))
                if len(where) != 3 or where[2] not in self._absent.get(where[0], ()):
                    self._tell(where, message)
        return None

    def _years(self, draft: Draft) -> dict[int, Year]:
        """The years that can be read, into the draft too."""
        given = self.tree.get("years")
        if given and not isinstance(given, dict):
            self._tell(("years",), f"read {shown(given)}, expected a mapping of tax years")
        elif not given:
            self._tell(("years",), "read nothing, expected every tax year from the first to the last")
        table: Mapping[str, Any] = given if isinstance(given, dict) else {}
        listed = {key: int(key) for key in table if len(key) == 4 and key.isascii() and key.isdigit() and key[0] != "0"}
        for key in table.keys() - listed.keys():
            self._tell(("years", key), f"read {shown(key)}, expected a tax year in four digits")
        years = {number: self._entry(Year, self._marked(key), ("years", key)) for key, number in listed.items()}
        draft.listed_years = frozenset(years)
        sound = {number: year for number, year in years.items() if year is not None}
        draft.years = sound | {
            number: year for number in years.keys() - sound.keys() if (year := self._rest_of(number))
        }
        return sound

    def _marked(self, year: str) -> Any:
        """A year with the place it stands in."""
        given = self.tree["years"][year]
        file, line = locate(self.tree, ("years", year))
        return {"origin": Origin(self._short[file], line), **given} if isinstance(given, dict) else given

    def _rest_of(self, number: int) -> Year | None:
        """What a faulty year holds besides its faulty values, so that checks between the entries still see it."""
        given = self.tree["years"][str(number)]
        faulty = {path[2] for path in self._told if path[:2] == ("years", str(number)) and len(path) > 2}
        if not isinstance(given, dict) or not faulty <= given.keys() & Year.model_fields.keys():
            return None
        try:
            return Year.model_validate({key: value for key, value in given.items() if key not in faulty})
        except ValidationError:
            return None

    def _whole(self, draft: Draft, years: dict[int, Year], corporations: rows.Corporations) -> Case | None:
        """The case from its checked entries and the keys beside them."""
        for key in INTERNAL & self.tree.keys():
            self._tell((key,), unknown("key", key, known_keys(Case)))
        rest: dict[str, Any] = {key: value for key, value in self.tree.items() if key not in INTERNAL}
        for key in ("acquisitions", "corporate_actions"):
            if isinstance(rest.get(key), Rows):
                rest[key] = [corporations.spell(row) for row in rest[key]]
        rest |= {"exercises": tuple(draft.exercises.values()), "sales": tuple(draft.sales.values()), "years": years}
        rest |= {"overlay": self._overlay(), "inputs": self._inputs}
        return self._entry(Case, rest, ())

    def _overlay(self) -> Table | None:
        """The hypothetical amounts that `amounts` names."""
        name = self.tree.get("amounts")
        document = self._open("amounts", name) if isinstance(name, str) and name else None
        if document is None:
            return None
        try:
            overlay, problems = yaml_source.load(document)
        except CaseError as error:
            self.problems += error.problems
            return None
        self.problems += [*problems, *overlay_faults(overlay)]
        return overlay
