"""TXF, version 042 (Tax Exchange Format): the basis as reported, because the format has no field for an adjustment.

Source: the TXF specification, version 042, and its mapping of reference numbers to the boxes of Form 8949. ASCII, one
field a line, no tabs; cost before proceeds; the third amount is the wash sale loss disallowed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from worksheets.read.brokers.txf import SALES
from worksheets.write.corrected import Corrected, dollars
from worksheets.write.target import Batch, Target, month_day_year

# Box of Form 8949 → reference number: A, B, C and, long-term, D, E, F.
NUMBERS = {{"short": box, "long": chr(ord(box) + 3)}[term]: number for number, (term, box) in SALES.items() if term}


def one_field(text: str) -> str:
    """Text that keeps to its line: ASCII, without control characters."""
    letters = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    ascii_text = letters.encode("ascii", "replace").decode()
    return " ".join("".join(sign if sign.isprintable() else " " for sign in ascii_text).split())


def _record(one: Corrected) -> Iterator[str]:
    row = one.row
    yield "TD"
    yield f"N{NUMBERS[row.box]}"
    yield "C1"
    yield "L1"
    yield f"P{one_field(row.a)}"
    yield f"D{month_day_year(row.b, 'VARIOUS')}"
    yield f"D{month_day_year(row.c)}"
    yield f"${dollars(row.e)}"
    yield f"${dollars(row.d)}"
    yield f"${dollars(one.codes['W'])}" if one.codes.get("W") else "$"
    yield "^"


def _compose(batch: Batch) -> bytes:
    lines = ["V042", "Adualbasis", f"D{month_day_year(batch.today)}", "^"]
    lines += [line for one in batch.rows for line in _record(one)]
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")


TARGET = Target(
    name="txf",
    title="TXF",
    filename="dualbasis-{year}.txf",
    boxes="ABCDEF",
    carries_amt=False,
    carries_codes="W",
    compose=_compose,
    notes=(
        "TXF has no field for code B: under boxes A and D the basis is the one that Form 1099-B shows",
        "TXF has no field for the AMT basis and none for Form 3921",
    ),
)
