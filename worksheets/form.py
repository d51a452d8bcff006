"""What a form is: lines worked once, their reads recorded, rounded in one place.

A form is a class with one method a line, named for what it means and marked `@line`. Reading a line works it once and
records who read it, so that the trail printed in a schedule is the computation itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal, DefaultContext, getcontext
from functools import cache
from typing import Any, Generic, NamedTuple, TypeVar, overload

from worksheets.amounts import Citation, Law
from worksheets.definitions import Definition, LineDefinition, definition

DIGITS = 50  # of every figure: a price times shares, of 15 digits before the point each, keeps its cents
getcontext().prec = DefaultContext.prec = DIGITS  # of this thread, and of those begun later

ZERO = Decimal(0)
T = TypeVar("T")


class Read(NamedTuple):
    """A figure that a line was worked from: where it stands, under which name, and how much it was."""

    source: Source
    name: str
    value: Any


class Trail:
    """The lines being worked, the innermost last, each with the list of what it has read so far."""

    __slots__ = ("working",)

    def __init__(self) -> None:
        self.working: list[list[Read | Citation]] = []


class CircularError(Exception):
    """A line reads itself, directly or through others: a fault of the program."""


class Columns(NamedTuple):
    """A row of Schedule D: proceeds, basis, adjustment and gain (columns (d), (e), (g) and (h), dollars)."""

    d: Decimal
    e: Decimal
    g: Decimal
    h: Decimal


class Source:
    """Anything a line can be worked from: another form, the case, the year's stock."""

    key: str
    year: int
    trail: Trail

    def label(self, name: str) -> str:
        """How a person finds the figure called `name`."""
        raise NotImplementedError

    def tell(self, name: str, value: T) -> T:
        """Record that the line being worked read `value` here."""
        if self.trail.working:
            self.trail.working[-1].append(Read(self, name, value))
        return value


def over(amount: Decimal, limit: Decimal) -> Decimal:
    """What `amount` has above `limit`, or zero ("subtract; if zero or less, enter -0-")."""
    return max(ZERO, amount - limit)


class Rounding:
    """How this return rounds: to whole dollars or to cents, halves away from zero, the one place that does."""

    __slots__ = ("step",)

    def __init__(self, rounding: str) -> None:
        self.step = Decimal("0.01") if rounding == "cents" else Decimal(1)

    def __call__(self, value: Any) -> Any:
        """The value rounded; a row of columns is rounded column by column."""
        if isinstance(value, Columns):
            return Columns(*(self(part) for part in value))
        return value.quantize(self.step, ROUND_HALF_UP) + ZERO  # adding zero turns -0 into 0


class _Line(Generic[T]):
    """A line of a form: worked on first reading, then kept. A method that returns None leaves the line blank."""

    blank: Any = ZERO

    def __init__(self, work: Callable[[Any], T | None]) -> None:
        self.work = work
        self.__doc__ = work.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, form: None, owner: type) -> _Line[T]: ...
    @overload
    def __get__(self, form: Form, owner: type) -> T: ...
    def __get__(self, form: Form | None, owner: type) -> _Line[T] | T:
        if form is None:
            return self
        read = form.told.get(self.name) or form.work(self)
        if working := form.trail.working:
            working[-1].append(read)
        value: T = read.value
        return value


class line(_Line[Decimal]):  # noqa: N801 - a decorator reads as a word
    """Marks the method that works one line of a form, in dollars."""


class columns(_Line[Columns]):  # noqa: N801 - a decorator reads as a word
    """Marks the method that works one row of Schedule D."""

    blank = Columns(ZERO, ZERO, ZERO, ZERO)


class MismatchError(Exception):
    """A form file and its class do not name the same lines: a fault of the program's data."""


@cache
def worked_lines(form: type[Any]) -> Mapping[str, _Line[Any]]:
    """The lines that a form class works, by name."""
    return {name: entry for name in dir(form) if isinstance(entry := getattr(form, name, None), _Line)}


@cache
def matched(form: type[Form], year: int) -> Definition:
    """The year's definition of a form, checked against its class.

    Raises:
        MismatchError: a line of the file has no method, or a method no line.
    """
    found = definition(year, form.file)
    printed, worked = set(found.lines), set(worked_lines(form))  # type: ignore[arg-type]  # a class is hashable
    if printed != worked:
        raise MismatchError(f"{found.label} ({year}): {', '.join(sorted(printed ^ worked))} stands on one side only")
    return found


class Form(Source):
    """A form or worksheet of one year.

    Args:
        law: what the law fixes for the year and status of this form.
        rounding: how this return rounds.
        trail: shared by all forms of a household.
        given: lines whose amount is given (typed, or as filed) instead of worked, by name.
    """

    file: str = ""

    def __init__(self, law: Law, rounding: Rounding, trail: Trail, given: Mapping[str, Decimal] | None = None) -> None:
        self.law = law
        self.year = law.year
        self.rounding = rounding
        self.trail = trail
        self.definition = matched(type(self), law.year)  # type: ignore[arg-type]  # a class is hashable
        self.key = self.definition.form
        self.given = given or {}
        self.worked: dict[str, Any] = {}
        self.told: dict[str, Read] = {}
        self.reads: dict[str, list[Read | Citation]] = {}

    def work(self, entry: _Line[Any]) -> Read:
        """Work a line that is not worked yet; its amount as other lines read it, zero where it is blank.

        Raises:
            CircularError: the line is being worked.
        """
        name, working = entry.name, self.trail.working
        if name in self.reads:
            raise CircularError(self.label(name))
        reads = self.reads[name] = []
        working.append(reads)
        try:
            value = self.given[name] if name in self.given else entry.work(self)
        except BaseException:
            del self.reads[name]
            raise
        finally:
            working.pop()
        self.worked[name] = value = None if value is None else self.rounding(value)
        self.told[name] = read = Read(self, name, entry.blank if value is None else value)
        return read

    def read(self, entry: _Line[T]) -> T:
        """The amount on a line, worked if need be; a blank line reads as zero."""
        found: T = getattr(self, entry.name)
        return found

    def blank(self, name: str) -> bool:
        """Whether the form leaves the line called `name` blank."""
        getattr(self, name)
        return self.worked[name] is None

    def amounts(self) -> dict[str, Any]:
        """Every line that is not blank, by name, in the order printed."""
        for name in self.definition.lines:
            if name not in self.told:
                getattr(self, name)
        return {name: self.worked[name] for name in self.definition.lines if self.worked[name] is not None}

    def printed(self) -> dict[str, Any]:
        """Every line of the result that is not blank, by printed number."""
        lines: Mapping[str, LineDefinition] = self.definition.lines
        return {lines[name].number: value for name, value in self.amounts().items() if not lines[name].working}

    def label(self, name: str) -> str:
        """The form and the number of a line: "Form 6251 line 4"."""
        return f"{self.definition.label} line {self.definition.lines[name].number}"
