"""What people are really sent, understood: files of brokers and issuers become exercises and sales in our names.

Nothing is guessed. A layout is recognised by its header or refused with the headers found; a cell that cannot be read
stays as it stands, marked; what no file says is listed as missing. Rows that look alike are told, never dropped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from worksheets.problems import CaseError, Problem, printable, refuse, unknown
from worksheets.read.brokers import LAYOUTS, draft
from worksheets.read.brokers.cells import hidden_digits, masked
from worksheets.read.brokers.layout import CONFIDENCE, WORDS, Entry, Left, Reading, Table
from worksheets.read.brokers.plain import ALL_NAMES, Plain
from worksheets.read.brokers.settle import Missing, missing_facts, settle
from worksheets.read.brokers.source import Line, Source, open_source
from worksheets.read.brokers.table import folded
from worksheets.read.brokers.unusable import why_unusable

MANY_ROWS = 25
CORPORATION = "corporation:"
_MOST_HEADERS = 60
_SHOWN_KEYS = (
    *("description", "corporation", "shares", "grant_date", "exercise_date", "exercise_price", "fmv", "acquired"),
    *("date", "year", "sold", "proceeds", "basis", "wash_sale_disallowed", "term", "kind", "account"),
)


@dataclass(frozen=True, slots=True)
class Import:
    """What the files held.

    Attributes:
        readings: file by file: the recognised layout, the entries, the rows not understood.
        missing: facts that a case needs and no file gives.
        notes: what a person should know about the files together.
    """

    readings: tuple[Reading, ...]
    missing: tuple[Missing, ...] = ()
    notes: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = field(default=(), repr=False)

    def rows(self, table: Table) -> list[Entry]:
        """The entries of one table, in file order."""
        return [entry for entry in self.entries if entry.table == table]

    @property
    def exercises(self) -> list[Entry]:
        """One entry per Form 3921, as far as the files say."""
        return self.rows("exercises")

    @property
    def sales(self) -> list[Entry]:
        """One entry per Form 1099-B row."""
        return self.rows("sales")

    @property
    def left(self) -> list[Left]:
        """Every row or cell that was not understood."""
        return [left for reading in self.readings for left in reading.left]

    @property
    def has_many_rows(self) -> bool:
        """Whether CSV tables beside the case read better than lists in it."""
        return len(self.exercises) > MANY_ROWS or len(self.sales) > MANY_ROWS

    def case_yaml(self, *, tables: bool | None = None) -> str:
        """A commented case to complete.

        Args:
            tables: whether exercises and sales go to CSV files beside it (`csv_tables`); by default when many.
        """
        in_csv = self.has_many_rows if tables is None else tables
        titles = [title for one in self.readings for title in (_title(one), *one.notes)]
        left = [f"{Path(one.file).name}:{one.line}: {one.why}" for one in self.left]
        return draft.case_yaml(self.entries, [*titles, *self.notes], left, tables=in_csv)

    def csv_tables(self) -> Mapping[str, str]:
        """The text of 3921.csv and 1099b.csv, by name; a table without rows is left out."""
        return draft.csv_tables(self.entries)

    def files(self, case_name: str, *, tables: bool | None = None) -> Mapping[str, str]:
        """Every file to write, by name: the case, and the CSV tables where rows are many."""
        in_csv = self.has_many_rows if tables is None else tables
        return {case_name: self.case_yaml(tables=in_csv), **(self.csv_tables() if in_csv else {})}

    def lines(self) -> list[str]:
        """What was understood, row by row, what was not, and what is missing; account numbers are masked."""
        listed = [line for reading in self.readings for line in _reading_lines(reading)]
        return [
            *listed,
            *_titled("to know", self.notes),
            *_titled("not understood", map(str, self.left)),
            *_titled("still missing", map(str, self.missing)),
        ]


def _title(reading: Reading) -> str:
    return f"{Path(reading.file).name}: {reading.layout.title} ({CONFIDENCE[reading.layout.confidence]})"


def _reading_lines(reading: Reading) -> Iterable[str]:
    yield f"{reading.file}: {reading.layout.title} ({CONFIDENCE[reading.layout.confidence]})"
    for entry in reading.entries:
        yield f"  line {entry.line}: {WORDS[entry.table]}: {_shown(entry)}"
        yield from (f"    {note}" for note in entry.notes)
    yield from (f"  {note}" for note in reading.notes)


def _shown(entry: Entry) -> str:
    values = {**entry.values, **{key: value for key, (value, _) in entry.aside.items()}}
    values |= {"account": masked(values["account"])} if "account" in values else {}
    parts = [f"{key} {values[key]}" for key in _SHOWN_KEYS if key in values]
    return ", ".join([*parts, *(f"{key} ?" for key in (*entry.unread, *entry.missing) if key not in entry.values)])


def _titled(title: str, texts: Iterable[str]) -> list[str]:
    found = [f"  {text}" for text in texts]
    return [f"{title}:", *found] if found else []


def understand(paths: Iterable[str | Path], mapping: Mapping[str, str] | None = None) -> Import:
    """What files of brokers and issuers hold.

    Args:
        paths: the files.
        mapping: column → name of the case file for tables of an unknown layout ("" leaves a column aside);
            `corporation:NAME` → the corporation as the exercises spell it, for rows that call it NAME (often a symbol);
            `corporation:` the same for rows that name none.

    Raises:
        CaseError: a file cannot be read or its layout is not known, or the mapping names what is not there; all
            problems at once.
    """
    columns, names = _mapping(mapping or {})
    listed = [Path(path) for path in paths]
    problems = _given_twice(listed)
    readings = []
    plain = Plain(columns)
    used: set[str] = set()
    for path in listed:
        try:
            source = open_source(path)
            if columns:
                used |= {folded(cell) for sheet in source.sheets for line in sheet.lines for cell in line.cells}
            readings.append(_read(source, plain))
        except CaseError as error:
            problems += error.problems
    problems += [_not_there(column) for column in columns if folded(column) not in used]
    if problems:
        raise CaseError(problems)
    return _together(readings, names)


def _given_twice(paths: Iterable[Path]) -> list[Problem]:
    """A file named twice would give each of its rows twice."""
    counts = Counter(path.resolve() for path in paths)
    message = "read the same file twice, expected it once"
    return [Problem(str(path), 0, "file", message) for path, number in counts.items() if number > 1]


def _mapping(mapping: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The mapping of columns, and that of corporations."""
    columns, names, problems = {}, {}, []
    for column, name in mapping.items():
        if column.lower().startswith(CORPORATION):
            names[folded(column[len(CORPORATION) :])] = name.strip()
        elif name.strip().lower() in {*ALL_NAMES, ""}:
            columns[column] = name
        else:
            problems.append(Problem("--map", 0, printable(column), unknown("name", printable(name), ALL_NAMES)))
    if problems:
        raise CaseError(problems)
    return columns, names


def _not_there(column: str) -> Problem:
    return Problem("--map", 0, printable(column), "read no such column in any file, expected one of their headers")


def _read(source: Source, plain: Plain) -> Reading:
    if plain.mapping and plain.maps(source):
        if plain.recognise(source):
            return plain.layout.read(source)
        message = "read no table with the columns as mapped, expected one of exercise_date or sold to be among them"
        raise refuse(source.file, message)
    for layout in (*LAYOUTS, Plain({}).layout):
        if layout.recognise(source):
            return layout.read(source)
    what = why_unusable(source)
    raise refuse(source.file, f"read {what}", line=1) if what else _unknown_layout(source)


def _unknown_layout(source: Source) -> CaseError:
    """The refusal of a layout that nobody knows, with its headers and how to map them."""
    line = _likely_header(source)
    if line is None:
        reason = f" ({printable(source.fault)})" if source.fault else ""
        expected = "expected a broker's CSV, XLSX, TXF, OFX or JSON"
        return refuse(source.file, f"read no table with a header and no known layout{reason}, {expected}")
    headers = [printable(hidden_digits(cell.strip())) for cell in line.cells if cell.strip()][:_MOST_HEADERS]
    message = (
        f"read a layout that is not known, with the headers {', '.join(headers)}; expected a known one, or each column "
        f'named: --map "{headers[0]}=NAME", where NAME is one of {", ".join(ALL_NAMES)}'
    )
    return refuse(source.file, message, line=line.number)


def _likely_header(source: Source) -> Line | None:
    """The row that is most likely the header: of those that look like one, the first with the most cells filled."""
    lines = [line for sheet in source.sheets for line in sheet.lines if _looks_like_header(line)]
    return max(lines, key=lambda line: sum(map(bool, map(str.strip, line.cells))), default=None)


def _looks_like_header(line: Line) -> bool:
    """Whether a row has three names or more, nearly all of them without digits."""
    filled = [cell.strip() for cell in line.cells if cell.strip()]
    named = [cell for cell in filled if cell[0].isalpha() and not any(map(str.isdigit, cell))]
    return len(filled) >= 3 and len(named) * 5 >= len(filled) * 4


def _together(readings: list[Reading], names: Mapping[str, str]) -> Import:
    """All entries with their corporations settled, and what is missing."""
    notes = settle(readings, names)
    entries = tuple(entry for reading in readings for entry in reading.entries)
    return Import(tuple(readings), missing_facts(entries, draft.years(entries)), notes, entries)
