"""How a value of the case file is written: text in, `Decimal`, date or one of a few words out.

Each type here reads text (a YAML scalar, a CSV cell) or the Python value itself, and refuses all else with what was
read and what was expected. Amounts are US dollars, shares and prices exact decimals; nothing is rounded.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple, NoReturn, get_args

from pydantic import BeforeValidator, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from worksheets.problems import nearest, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

_PLAIN = re.compile(r"[0-9]{1,15}(?:\.[0-9]*)?|\.[0-9]+")
_SIGNED = re.compile(r"[-+]?(?:[0-9]{1,15}(?:\.[0-9]*)?|\.[0-9]+)")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEAR = re.compile("[1-9][0-9]{3}")
_LINE = re.compile("[0-9]{1,2}[a-z]?")
_SSN = re.compile(r"([0-9]{3})-?([0-9]{2})-?([0-9]{4})")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_MEANT = {"true": frozenset({"yes", "y", "on", "t", "x", "1"}), "false": frozenset({"no", "n", "off", "f", "0"})}
_DIGITS = 15
_LONGEST_TEXT = 200
_FIRST_DAY, _LAST_DAY = dt.date(1900, 1, 1), dt.date(2199, 12, 31)

_NUMBER_SCHEMA = {
    "anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^[-+]?([0-9]{1,15}(\.[0-9]*)?|\.[0-9]+)$"}]
}
_AMOUNT_SCHEMA = {
    "anyOf": [
        {"type": "number", "minimum": 0},
        {"type": "string", "pattern": r"^\+?([0-9]{1,15}(\.[0-9]*)?|\.[0-9]+)$"},
    ]
}
_SHARES_SCHEMA = {"anyOf": [{"type": "number", "exclusiveMinimum": 0}, _AMOUNT_SCHEMA["anyOf"][1]]}
_DATE_SCHEMA = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
YEAR_SCHEMA = {"type": ["integer", "string"], "pattern": "^[1-9][0-9]{3}$"}
_FLAG_SCHEMA = {"anyOf": [{"type": "boolean"}, {"enum": ["true", "false"]}]}
_TEXT_SCHEMA = {"type": ["string", "integer"], "minLength": 1, "maxLength": _LONGEST_TEXT}

# Form 6251, Part I: the lines that a case gives by name, and why the others are not among them.
AMT_ADJUSTMENT_LINES: Mapping[str, str] = {
    **dict.fromkeys(
        ("2c", "2d", "2e", "2f", "2g", "2h", "2j", "2l", "2m", "2n", "2o", "2p", "2q", "2r", "2s", "2t", "3"), ""
    ),
    "2a": "it left out: line 2a comes from `deduction`",
    "2b": "it left out: line 2b comes from `tax_refund`",
    "2i": "it left out: line 2i is worked from `exercises`",
    "2k": "it left out: line 2k is worked from `sales`",
    **dict.fromkeys(("1", "1a", "1b", "4"), "it left out: the line is worked from the return"),
}
# Form 6251 of the year before, as Form 8801 Parts I and III read it, and Schedule D of that year.
PRIOR_6251_LINES: Mapping[str, str] = dict.fromkeys(
    ("1", "1b", "2a", "2b", "2c", "2d", "2e", "2g", "2h", "3", "8", "9", "10", "11", "20", "27"), ""
)
PRIOR_SCHEDULE_D_LINES: Mapping[str, str] = dict.fromkeys(("15", "16", "18", "19"), "")


def refuse_value(message: str) -> NoReturn:
    """Refuse the value at hand with a message of ours (`message` may hold braces)."""
    raise PydanticCustomError("case", "{message}", {"message": message})


def refuse_read(value: object, expected: str) -> NoReturn:
    """Refuse a value: what was read, what was expected."""
    refuse_value(f"read {shown(value)}, expected {expected}")


def number(value: object) -> Decimal:
    """A plain decimal number, of either sign."""
    text = _number_text(value)
    if text is None or not _SIGNED.fullmatch(text):
        refuse_read(value, "a plain number such as 12345.67" + _hint(text or ""))
    found = Decimal(text)
    return found or abs(found)


def amount(value: object) -> Decimal:
    """A plain decimal number, zero or more."""
    if type(value) is str and _PLAIN.fullmatch(value):
        return Decimal(value)
    found = number(value)
    return found if found >= 0 else refuse_read(value, "zero or more")


def positive(value: object) -> Decimal:
    """A plain decimal number above zero."""
    return amount(value) or refuse_read(value, "more than zero")


def _number_text(value: object) -> str | None:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    if isinstance(value, int):
        return str(value) if abs(value) < 10**_DIGITS else "9" * (_DIGITS + 1)
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    printable = exact.is_finite() and -400 < exact.adjusted() <= _DIGITS
    return format(exact, "f") if printable else None


def _hint(text: str) -> str:
    if "," in text:
        return ", without thousands separators"
    if re.search("[0-9.][eE][-+]?[0-9]", text):
        return ", without an exponent"
    if re.match(r"\(.*\)|.*-$", text):
        return ", with the minus sign before a negative number"
    if re.match(r"[-+]?[$€£]", text):
        return ", without a currency sign"
    if re.match(f"[-+]?[0-9]{{{_DIGITS + 1}}}", text):
        return f", with at most {_DIGITS} digits before the point"
    return ""


def version(value: object) -> int:
    """The version of the case format."""
    return int(found) if (found := number(value)) == 1 else refuse_read(value, "1, the version of this format")


def year(value: object) -> int:
    """A tax year in four digits."""
    written = str(value).strip() if isinstance(value, str | int) else ""
    return int(written) if _YEAR.fullmatch(written) else refuse_read(value, "a tax year in four digits")


def count(value: object) -> int:
    """How many of the four boxes for age and blindness are ticked."""
    found = number(value)
    return int(found) if found in range(5) else refuse_read(value, "a whole number from 0 to 4")


def day(value: object) -> dt.date:
    """A real date, written as ISO 8601 does."""
    found = value if type(value) is dt.date else _date(value)
    if not _FIRST_DAY <= found <= _LAST_DAY:
        refuse_read(found.isoformat(), f"a date from {_FIRST_DAY} to {_LAST_DAY}")
    return found


def _date(value: object) -> dt.date:
    text = value.strip() if isinstance(value, str) else str(value) if isinstance(value, dt.datetime) else ""
    if not _DATE.fullmatch(text):
        refuse_read(text or value, "a date as YYYY-MM-DD")
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        refuse_read(text, "a date that the calendar has")


def day_or_various(value: object) -> dt.date | Literal["various"]:
    """A date, or `various`."""
    if isinstance(value, str) and value.strip().lower() == "various":
        return "various"
    if isinstance(value, str) and not _DATE.fullmatch(value.strip()):
        refuse_read(value, "a date as YYYY-MM-DD, or various")
    return day(value)


def flag(value: object) -> bool:
    """`true` or `false`."""
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower() if isinstance(value, str | int) else ""
    if word in {"true", "false"}:
        return word == "true"
    meant = next((plain for plain, words in _MEANT.items() if word in words), "")
    return refuse_read(value, "true or false" + (f": write {meant}" if meant else ""))


def text(value: object) -> str:
    """One line of text; runs of white space become one blank."""
    line = _line(value)
    if line is None:
        refuse_read(value, f"one line of text of at most {_LONGEST_TEXT} characters")
    return line


def private_text(value: object) -> str:
    """One line of text that no message repeats."""
    line = _line(value)
    if line is None:
        refuse_value(f"read a value that is not shown here, expected text of at most {_LONGEST_TEXT} characters")
    return line


def _line(value: object) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**40:
        return str(value)
    line = " ".join(value.split()) if isinstance(value, str) else ""
    return line if 0 < len(line) <= _LONGEST_TEXT and not _CONTROL.search(line) else None


def identifier(value: object) -> str:
    """A name for a row, without the signs that CSV cells put between ids and shares."""
    name = text(value)
    return name if not set(name) & set(":;,") else refuse_read(value, "an id without colon, semicolon or comma")


def ssn(value: object) -> str:
    """A social security number as 400-00-0001; no message repeats it."""
    found = _SSN.fullmatch(str(value).strip())
    if not found:
        refuse_value("read a number that is not shown here, expected nine digits such as 400-00-0001")
    return "-".join(found.groups())


def state_code(value: object) -> str:
    """A state's two letters."""
    code = value.strip().upper() if isinstance(value, str) else ""
    return code if re.fullmatch("[A-Z]{2}", code) else refuse_read(value, "a state's two letters in quotes, such as CA")


def choice(kind: Any) -> PlainValidator:
    """One of the words of a `Literal`, whatever their case."""
    words = get_args(kind)
    known = {word.lower(): word for word in words}

    def chosen(value: object) -> Any:
        """The word as the case file writes it."""
        given = value.strip().lower() if isinstance(value, str) else ""
        if given not in known:
            near = nearest(given, tuple(known))
            refuse_read(value, f"one of {', '.join(words)}" + (f" (did you mean {known[near]}?)" if near else ""))
        return known[given]

    return PlainValidator(chosen, json_schema_input_type=kind)


def cells(*names: str) -> BeforeValidator:
    """A list of mappings, or the CSV cell that stands for one: `E1:100;E2:50`."""
    form = ":".join(names)

    def parsed(value: object) -> object:
        """The entries of a cell; anything else as it is."""
        if not isinstance(value, str):
            return value
        entries = [[part.strip() for part in entry.split(":")] for entry in value.split(";") if entry.strip()]
        if any(len(entry) != len(names) for entry in entries):
            refuse_read(value, f"{form};{form}… or a list of {{{', '.join(names)}}}")
        return [dict(zip(names, entry, strict=True)) for entry in entries]

    return BeforeValidator(parsed)


def line_name(known: Mapping[str, str] | None = None) -> PlainValidator:
    """The name of a form's line; a line of `known` that has a text is refused with it.

    Args:
        known: the lines, each with an empty text, or with what is expected instead of it; None: any line.
    """
    named = [name for name, instead in (known or {}).items() if not instead]

    def checked(value: object) -> str:
        """The line's name in small letters."""
        name = str(value).strip().lower() if isinstance(value, str | int) else ""
        if name in named or (known is None and _LINE.fullmatch(name)):
            return name
        expected = f"one of the lines {', '.join(named)}" if named else "a line such as 2i"
        refuse_read(name, (known or {}).get(name, expected))

    return PlainValidator(checked)


def line_schema(known: Mapping[str, str]) -> WithJsonSchema:
    """The JSON Schema for the name of one of the lines."""
    return WithJsonSchema({"type": "string", "enum": [name for name, instead in known.items() if not instead]})


class Split(NamedTuple):
    """A stock split: for `old` shares one holds `new`."""

    new: Decimal
    old: Decimal


def split(value: object) -> Split:
    """A split as "new:old"."""
    parts = value.split(":") if isinstance(value, str) else ()
    if isinstance(value, int) or len(parts) != 2 or not all(_PLAIN.fullmatch(part.strip()) for part in parts):
        refuse_read(value, 'new:old in quotes, such as "10:1"')
    new, old = (Decimal(part.strip()) for part in parts)
    return Split(new, old) if new and old else refuse_read(value, "both parts above zero")


class Origin(NamedTuple):
    """Where a row stands: the file as the case names it, and the line (0 when given from Python)."""

    file: str
    line: int


def origin(value: object) -> Origin:
    """The reader's own mark on a row; nobody else writes one."""
    return value if isinstance(value, Origin) else refuse_value("read an unknown key, expected it left out")


Number = Annotated[Decimal, PlainValidator(number), WithJsonSchema(_NUMBER_SCHEMA)]
Amount = Annotated[Decimal, PlainValidator(amount), WithJsonSchema(_AMOUNT_SCHEMA)]
Shares = Annotated[Decimal, PlainValidator(positive), WithJsonSchema(_SHARES_SCHEMA)]
Day = Annotated[dt.date, PlainValidator(day), WithJsonSchema(_DATE_SCHEMA)]
Acquired = Annotated[
    dt.date | Literal["various"],
    PlainValidator(day_or_various),
    WithJsonSchema({"anyOf": [_DATE_SCHEMA, {"const": "various"}]}),
]
Flag = Annotated[bool, PlainValidator(flag), WithJsonSchema(_FLAG_SCHEMA)]
Text = Annotated[str, PlainValidator(text), WithJsonSchema(_TEXT_SCHEMA)]
PrivateText = Annotated[str, PlainValidator(private_text), WithJsonSchema(_TEXT_SCHEMA)]
Id = Annotated[str, PlainValidator(identifier), WithJsonSchema(_TEXT_SCHEMA)]
SocialSecurityNumber = Annotated[str, PlainValidator(ssn), WithJsonSchema({"type": ["string", "integer"]})]
State = Annotated[str, PlainValidator(state_code), WithJsonSchema({"type": "string", "pattern": "^[A-Za-z]{2}$"})]
AnyLine = Annotated[str, line_name(), WithJsonSchema({"type": "string", "minLength": 1, "maxLength": 3})]
BoxCount = Annotated[
    int,
    PlainValidator(count),
    WithJsonSchema({"type": ["integer", "string"], "enum": [*range(5), *map(str, range(5))]}),
]
SplitRatio = Annotated[Split, PlainValidator(split), WithJsonSchema({"type": "string", "pattern": "^[0-9.]+:[0-9.]+$"})]
AdjustmentLine = Annotated[str, line_name(AMT_ADJUSTMENT_LINES), line_schema(AMT_ADJUSTMENT_LINES)]
Prior6251Line = Annotated[str, line_name(PRIOR_6251_LINES), line_schema(PRIOR_6251_LINES)]
PriorScheduleDLine = Annotated[str, line_name(PRIOR_SCHEDULE_D_LINES), line_schema(PRIOR_SCHEDULE_D_LINES)]
