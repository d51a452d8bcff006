"""Schedule D (Form 1040): capital gains and losses, one copy for the regular tax and one refigured for the AMT."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from worksheets.form import ZERO, Columns, Form, columns, line
from worksheets.stock import BoxTotals

if TYPE_CHECKING:
    from worksheets.tax_return import TaxReturn

SHORT_TERM_ROWS = (
    "short_term_reported_unadjusted",
    "short_term_reported",
    "short_term_not_reported",
    "short_term_no_form",
)
SHORT_TERM_LINES = ("other_short_term", "short_term_from_entities", "short_term_carryover")
LONG_TERM_ROWS = (
    "long_term_reported_unadjusted",
    "long_term_reported",
    "long_term_not_reported",
    "long_term_no_form",
)
LONG_TERM_LINES = (
    "other_long_term",
    "long_term_from_entities",
    "capital_gain_distributions",
    "long_term_carryover",
)


class ScheduleD(Form):
    """Schedule D, for the regular tax."""

    file = "f1040sd"
    amt = False
    boxes = ("A", "B", "C", "D", "E", "F")

    def __init__(self, parent: TaxReturn) -> None:
        super().__init__(parent.law, parent.rounding, parent.trail, parent.given_lines(self.file, amt=self.amt))
        self.facts = parent.facts
        self.parent = parent
        stock = parent.stock
        self.rows = BoxTotals(self.year, self.trail, stock.amt_boxes if self.amt else stock.boxes)
        if self.amt:
            self.key += "_amt"

    @property
    def empty(self) -> bool:
        """Whether nothing reaches Schedule D, so that it need not be filed."""
        return self.blank("net_gain")

    @columns
    def short_term_reported_unadjusted(self) -> Columns | None:
        """Line 1a: rows that go straight to Schedule D (Form 8949 instructions, Exception 1)."""
        return self.rows.box("a")

    @columns
    def short_term_reported(self) -> Columns | None:
        """Line 1b."""
        return self.rows.box(self.boxes[0])

    @columns
    def short_term_not_reported(self) -> Columns | None:
        """Line 2."""
        return self.rows.box(self.boxes[1])

    @columns
    def short_term_no_form(self) -> Columns | None:
        """Line 3."""
        return self.rows.box(self.boxes[2])

    @line
    def other_short_term(self) -> Decimal | None:
        """Line 4, with what would be on line 5."""
        return self.facts.amount("other_short_term") or None

    @line
    def short_term_from_entities(self) -> Decimal | None:
        """Line 5: what the case gives in one figure stands on line 4."""
        return None

    @line
    def short_term_carryover(self) -> Decimal | None:
        """Line 6, printed in parentheses: a positive amount."""
        return self.parent.carried_in("short", amt=self.amt) or None

    @line
    def net_short_term(self) -> Decimal | None:
        """Line 7."""
        gains = sum((getattr(self, row).h for row in SHORT_TERM_ROWS), ZERO)
        net = gains + self.other_short_term + self.short_term_from_entities - self.short_term_carryover
        return net if self._filled(*SHORT_TERM_ROWS, *SHORT_TERM_LINES) else None

    @columns
    def long_term_reported_unadjusted(self) -> Columns | None:
        """Line 8a: rows that go straight to Schedule D (Form 8949 instructions, Exception 1)."""
        return self.rows.box("d")

    @columns
    def long_term_reported(self) -> Columns | None:
        """Line 8b."""
        return self.rows.box(self.boxes[3])

    @columns
    def long_term_not_reported(self) -> Columns | None:
        """Line 9."""
        return self.rows.box(self.boxes[4])

    @columns
    def long_term_no_form(self) -> Columns | None:
        """Line 10."""
        return self.rows.box(self.boxes[5])

    @line
    def other_long_term(self) -> Decimal | None:
        """Line 11, with what would be on line 12."""
        return self.facts.amount("other_long_term") or None

    @line
    def long_term_from_entities(self) -> Decimal | None:
        """Line 12: what the case gives in one figure stands on line 11."""
        return None

    @line
    def capital_gain_distributions(self) -> Decimal | None:
        """Line 13."""
        return self.facts.amount("capital_gain_distributions") or None

    @line
    def long_term_carryover(self) -> Decimal | None:
        """Line 14, printed in parentheses: a positive amount."""
        return self.parent.carried_in("long", amt=self.amt) or None

    @line
    def net_long_term(self) -> Decimal | None:
        """Line 15."""
        gains = sum((getattr(self, row).h for row in LONG_TERM_ROWS), ZERO)
        others = self.other_long_term + self.long_term_from_entities + self.capital_gain_distributions
        net = gains + others - self.long_term_carryover
        return net if self._filled(*LONG_TERM_ROWS, *LONG_TERM_LINES) else None

    @line
    def net_gain(self) -> Decimal | None:
        """Line 16."""
        if self.blank("net_short_term") and self.blank("net_long_term"):
            return None
        return self.net_short_term + self.net_long_term

    @property
    def both_gains(self) -> bool:
        """Line 17: whether lines 15 and 16 are both gains."""
        return self.net_long_term > 0 and self.net_gain > 0

    @line
    def gain_28_percent(self) -> Decimal | None:
        """Line 18, only where line 17 is answered with yes."""
        return (self._special("gain_28_percent") or None) if self.both_gains else None

    @line
    def unrecaptured_1250(self) -> Decimal | None:
        """Line 19, only where line 17 is answered with yes."""
        return (self._special("unrecaptured_1250") or None) if self.both_gains else None

    @line
    def allowed_loss(self) -> Decimal | None:
        """Line 21, printed in parentheses: the loss that reduces income this year (IRC 1211(b))."""
        if self.net_gain >= 0:
            return None
        return min(-self.net_gain, self.law.capital_loss_limit)

    @property
    def amount_in_income(self) -> Decimal:
        """What reaches Form 1040: line 16 if a gain, else less line 21."""
        return self.net_gain if self.net_gain >= 0 else -self.allowed_loss

    @property
    def special_rates(self) -> bool:
        """Line 20 answered with no: whether line 18 or line 19 holds an amount."""
        return self.gain_28_percent > 0 or self.unrecaptured_1250 > 0

    def _special(self, key: str) -> Decimal:
        return self.facts.refigured(key) if self.amt else self.facts.amount(key)

    def _filled(self, *names: str) -> bool:
        return any(self.worked[name] is not None for name in names)  # all of them just read


class ScheduleDAMT(ScheduleD):
    """Schedule D refigured for the AMT (Form 6251 instructions, line 2k); kept, not filed."""

    amt = True


class ScheduleDWithDigitalAssets(ScheduleD):
    """Schedule D from the year on in which Form 8949 has boxes for digital assets."""

    boxes = ("AG", "BH", "CI", "DJ", "EK", "FL")


class ScheduleDAMTWithDigitalAssets(ScheduleDWithDigitalAssets):
    """The same, refigured for the AMT."""

    amt = True
