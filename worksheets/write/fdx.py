"""FDX tax record of Form 1099-B as JSON, version 6: what the form shows, with the corrected basis beside it.

An adjustment of code B is what is added to costBasis to give correctedCostBasis: the opposite sign of Form 8949 column
(g). Other codes have the sign of column (g). Source: the FDX entities Tax1099B, SecurityDetail.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from worksheets.case import Sale
from worksheets.write.corrected import Corrected, dollars
from worksheets.write.target import ALL_CODES, Batch, Target


def _amount(value: Decimal) -> Decimal:
    return Decimal(dollars(value))


def _detail(one: Corrected) -> dict[str, Any]:
    row = one.row
    detail: dict[str, Any] = {
        "checkboxOnForm8949": row.box,
        "securityName": one.sale.corporation,
        "numberOfShares": one.shares,
        "saleDescription": row.a,
        **_acquired(one),
        "dateOfSale": row.c.isoformat(),
        "salesPrice": _amount(row.d),
        "costBasis": _amount(row.e),
        "longOrShort": one.term.upper(),
        "noncoveredSecurity": one.sale.noncovered,
        "basisReported": row.box in "AD",
    }
    if one.codes.get("W"):
        detail["washSaleLossDisallowed"] = _amount(one.codes["W"])
    if one.codes:
        detail["adjustmentCodes"] = [
            {"code": code, "amount": _signed(code, one.codes[code])} for code in sorted(one.codes)
        ]
    if "B" in one.codes:
        detail["correctedCostBasis"] = _amount(one.right_basis)
    return detail


def _acquired(one: Corrected) -> dict[str, Any]:
    if isinstance(one.row.b, str):
        return {"variousDatesAcquired": True} if one.row.b else {}
    return {"dateAcquired": one.row.b.isoformat()}


def _signed(code: str, amount: Decimal) -> Decimal:
    """An adjustment in the format's sign: code B raises the basis, column (g) lowers the gain by it."""
    return _amount(-amount if code == "B" else amount)


def _form(year: int, sale: Sale, rows: list[Corrected]) -> dict[str, Any]:
    form: dict[str, Any] = {"taxYear": year, "corrected": False, "taxFormType": "Tax1099B"}
    if sale.account:
        form["accountNumber"] = sale.account
    if sale.broker:
        form["issuer"] = {"partyType": "BUSINESS", "businessName": {"name1": sale.broker}}
    return {"tax1099B": {**form, "securityDetails": [_detail(one) for one in rows]}}


def _compose(batch: Batch) -> bytes:
    """One record for each broker, account and owner, in the order of their first rows."""
    groups: dict[tuple[str | None, ...], list[Corrected]] = {}
    for one in batch.rows:
        groups.setdefault((one.sale.broker, one.sale.account, one.sale.owner), []).append(one)
    forms = [_form(batch.year, rows[0].sale, rows) for rows in groups.values()]
    return (_json({"forms": forms}, "") + "\n").encode()


def _json(value: Any, pad: str) -> str:
    """JSON with decimals exactly as they are: they never pass through binary fractions."""
    inner = pad + "  "
    if isinstance(value, dict):
        parts = [f"{json.dumps(key)}: {_json(part, inner)}" for key, part in value.items()]
    elif isinstance(value, list):
        parts = [_json(part, inner) for part in value]
    else:
        return f"{value:f}" if isinstance(value, Decimal) else json.dumps(value)
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    body = f",\n{inner}".join(parts)
    return f"{opening}\n{inner}{body}\n{pad}{closing}" if parts else opening + closing


TARGET = Target(
    name="fdx",
    title="FDX",
    filename="fdx-tax1099b-{year}.json",
    boxes="ABDE",
    carries_amt=False,
    carries_codes=ALL_CODES,
    compose=_compose,
    notes=(
        "the amount of code B is what costBasis lacks to correctedCostBasis: column (g) has the opposite sign",
        "the account number stands in the file in full; names and TINs of payer and recipient are not in it",
    ),
)
