"""What pydantic refuses, said as the case's problems: what was read, what was expected."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel, ValidationError

from worksheets.case import Case, Year
from worksheets.problems import shown, unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

INTERNAL = frozenset({"origin", "overlay", "inputs"})

# What returns may hold that the program does not work: the line it would change, and what to do.
_FOREIGN_INCOME = "Form 2555 (foreign earned income), which has its own worksheet for Form 6251 line 7"
_AVERAGING = "Schedule J (income averaging), which changes the tax on Form 6251 line 10"
_NONRESIDENT = "a Form 1040-NR or dual-status return, whose Form 6251 lines 1 and 4 to 11 differ"
_ESTATE = "an estate or trust, which files Schedule I of Form 1041 in place of Form 6251"
_CHILD = "Form 8615 (a child's unearned income), which changes the tax on Form 6251 line 10"
_INVESTMENT_INTEREST = (
    "Form 4952 with gains taken as investment income (line 4g), which changes Form 6251 lines 13 and 20"
)
_BUSINESS_SALE = "business property or a casualty with an AMT figure of its own, part of Form 6251 line 2k"
_BUSINESS_CREDIT = (
    "a general business credit, which has its own limit beside Form 6251 line 9; give it in other_credits only"
)
_VEHICLE_CREDIT = "an unallowed electric vehicle credit, which is Form 8801 line 20"
_PARTNER = "Form 8978 (a partner's tax of an audited year), which lowers Form 6251 line 10"
_REMIC = "a residual interest in a REMIC, which sets a floor under Form 6251 line 4"
_NOT_WORKED = {
    "form2555": _FOREIGN_INCOME,
    "foreignearnedincome": _FOREIGN_INCOME,
    "schedulej": _AVERAGING,
    "form4952": _INVESTMENT_INTEREST,
    "nonresident": _NONRESIDENT,
    "form1040nr": _NONRESIDENT,
    "dualstatus": _NONRESIDENT,
    "estateortrust": _ESTATE,
    "estate": _ESTATE,
    "trust": _ESTATE,
    "form1041": _ESTATE,
    "form8615": _CHILD,
    "kiddietax": _CHILD,
    "form4797": _BUSINESS_SALE,
    "form4684": _BUSINESS_SALE,
    "form3800": _BUSINESS_CREDIT,
    "generalbusinesscredit": _BUSINESS_CREDIT,
    "form8834": _VEHICLE_CREDIT,
    "electricvehiclecredit": _VEHICLE_CREDIT,
    "form8978": _PARTNER,
    "remic": _REMIC,
}

_AFTER_A_COMMA = re.compile(r"[0-9]{3}(?:\.[0-9]*)?")  # what {shares: 1,000} leaves of its number

KeyPath = tuple[str | int, ...]


def refusals(error: ValidationError, model: type[BaseModel], path: KeyPath = ()) -> Iterator[tuple[KeyPath, str]]:
    """Where and why a model refused what was read.

    Args:
        error: what pydantic raised.
        model: the model that refused, which knows its own names.
        path: where in the case it stands.
    """
    for detail in error.errors(include_url=False):
        inside = tuple(part for part in detail["loc"] if part != "[key]")
        yield (*path, *inside), _message(detail, inside, model)


def _message(detail: Any, inside: Sequence[str | int], model: type[BaseModel]) -> str:
    kind, value = detail["type"], detail["input"]
    if kind == "case":
        return str(detail["ctx"]["message"])
    if kind == "extra_forbidden":
        return _unknown_key(str(inside[-1]), model_at(model, inside[:-1]))
    if kind == "missing":
        return f"read nothing, expected {_description(model, inside)}"
    if kind == "model_type":
        return f"read {shown(value)}, expected a mapping with {_some(known_keys(model_at(model, inside)))}"
    return f"read {shown(value)}, expected {_EXPECTED.get(kind, _description(model, inside))}"


def _some(names: tuple[str, ...]) -> str:
    return ", ".join(names) if len(names) <= 4 else f"{', '.join(names[:3])} …"


_EXPECTED = {"tuple_type": "a list of entries", "dict_type": "a mapping"}


def _unknown_key(name: str, model: type[BaseModel]) -> str:
    plain = "".join(filter(str.isalnum, name.lower()))
    reason = _NOT_WORKED.get(plain) if issubclass(model, Case | Year) else None
    if reason:
        return f"read {reason}: not worked here, expected a return without it (have such a one prepared by hand)"
    if _AFTER_A_COMMA.fullmatch(name.strip()):
        return f"read '{name.strip()}' after a comma, as a key, expected numbers without thousands separators"
    return unknown("key", name, known_keys(model))


def known_keys(model: type[BaseModel]) -> tuple[str, ...]:
    """The keys that users may write in a model's mapping."""
    return tuple(name for name in model.model_fields if name not in INTERNAL)


def model_at(model: type[BaseModel], inside: Sequence[str | int]) -> type[BaseModel]:
    """The model of what stands at a path inside a model: the nearest one that holds it."""
    for part in inside:
        field = model.model_fields.get(str(part))
        model = next(_models(field.annotation), model) if field else model
    return model


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


def _description(model: type[BaseModel], inside: Sequence[str | int]) -> str:
    holder = model_at(model, inside[:-1])
    field = holder.model_fields.get(str(inside[-1])) if inside else None
    return (field.description if field else None) or "a mapping"
