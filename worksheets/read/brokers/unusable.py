"""Layouts that are known but hold neither Form 1099-B rows nor exercises: what they are, and what to get instead."""

from __future__ import annotations

from worksheets.read.brokers.source import Source
from worksheets.read.brokers.table import Names, has_header

_GAINS = "get Gains & Losses (Expanded), or Form 1099-B as data"
_BENEFITS = "E*TRADE benefit history, which shows grants but neither exercises nor sales"
# Columns by which a file is known → what it is, and what to get in its place.
_TABLES: tuple[tuple[tuple[Names, ...], str], ...] = (
    (
        (("Execution Date",), ("Order Number",), ("Plan",), ("Net Share Proceeds",)),
        f"Morgan Stanley withdrawals, which show no basis and no date acquired: {_GAINS}",
    ),
    (
        (("Vest Date",), ("Order Number",), ("Plan",), ("Net Share Proceeds",)),
        f"Morgan Stanley releases, which are no sales: {_GAINS}",
    ),
    (
        (("Record Type",), ("Grant Date",), ("Exercisable Qty.",)),
        f"{_BENEFITS}: {_GAINS}, and Form 3921 for each exercise",
    ),
    (
        (("Trade Date",), ("Transaction Type",), ("Investment Name",), ("Principal Amount",)),
        "Vanguard transactions, which show no lots: get realized lots or Form 1099-B as data",
    ),
    (
        (("Currency Name",), ("Purchase Date",), ("Cost Basis",), ("Date Sold",)),
        "gains and losses of digital assets, which come from no stock option: leave the file out",
    ),
)
# Words of a form's own text: it was copied out of a PDF, where columns are lost.
_TEXTS = (
    ("Exercise of an Incentive Stock Option", "the text of Form 3921: type its boxes into 3921.csv"),
    ("Box A checked", "the text of Form 1099-B, whose columns are lost: get it as CSV, XLSX, TXF or OFX"),
    ("Box B checked", "the text of Form 1099-B, whose columns are lost: get it as CSV, XLSX, TXF or OFX"),
    ("Stock Plan Transactions Supplement", f"the text of a stock plan supplement, which is no Form 1099-B: {_GAINS}"),
)


def why_unusable(source: Source) -> str:
    """What a known but unusable file is and what to get instead, or ""."""
    found = next((what for columns, what in _TABLES if has_header(source, columns)), "")
    return found or next((what for words, what in _TEXTS if words in source.text), "")
