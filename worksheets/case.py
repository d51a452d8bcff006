"""The case file as typed, immutable models: one household over a run of consecutive tax years.

The names are those that users write. Amounts are US dollars, prices and shares exact decimals, dates calendar days.
`worksheets.read.case_file.read_case` makes a `Case` and also checks what concerns several entries (`case_checks`);
the models alone check each value.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    SkipValidation,
    WithJsonSchema,
    WrapValidator,
    model_validator,
)
from pydantic.json_schema import SkipJsonSchema

from worksheets import case_fields as fields
from worksheets.case_fields import Acquired, Amount, Day, Flag, Id, Number, Origin, PrivateText, Shares, Text, choice

ZERO = Decimal(0)

Owner = Literal["taxpayer", "spouse"]
Term = Literal["short", "long", "ordinary"]
InformationReturn = Literal["1099-B", "1099-DA", "none"]
Kind = Literal["iso", "other"]
Disposition = Literal["sale", "related_party", "gift", "wash_sale", "death", "to_spouse"]
Rounding = Literal["dollars", "cents"]
FilingStatus = Literal["single", "married_joint", "married_separate", "head_of_household", "surviving_spouse"]
Chain = Literal["computed", "as_filed"]
FormName = Literal["1040", "6251", "8801", "schedule_d"]


class Entry(BaseModel):
    """A mapping of the case file: unknown keys are refused, empty values count as left out."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    never_empty: ClassVar[frozenset[str]] = frozenset()

    @model_validator(mode="before")
    @classmethod
    def _without_empty_values(cls, data: Any) -> Any:
        if not isinstance(data, dict) or not (None in data.values() or "" in data.values()):
            return data
        kept = cls.never_empty | (data.keys() - cls.model_fields.keys())
        return {key: value for key, value in data.items() if key in kept or (value is not None and value != "")}


class Row(Entry):
    """An entry that messages cite by the place it stands in."""

    origin: SkipJsonSchema[Annotated[Origin, PlainValidator(fields.origin)]] = Field(
        default=Origin("case", 0), exclude=True, repr=False, description="file and line; written by the reader"
    )


class Person(Entry):
    """Someone whose name stands on the return."""

    name: Text = Field(description="name as shown on the return")
    ssn: fields.SocialSecurityNumber | None = Field(default=None, repr=False, description="as 400-00-0001; optional")


class LotPart(Entry):
    """Shares of one exercise."""

    exercise: Id = Field(description="id of the exercise")
    shares: Shares = Field(description="how many of its shares")


class Vesting(Entry):
    """Shares that were unvested at exercise and the day they vested."""

    date: Day = Field(description="day they vest, after the exercise")
    shares: Shares = Field(description="shares that vest that day, counted as at exercise")
    fmv: Amount = Field(description="fair market value per share on that day, dollars")


class Exercise(Row):
    """One Form 3921: the exercise of an incentive stock option."""

    id: Id = Field(description="unique name of the row; E1, E2 … in file order when left out")
    owner: Annotated[Owner, choice(Owner)] = Field(default="taxpayer", description="who exercised")
    corporation: Text = Field(description="Form 3921 transferor, or box 6 when filled in")
    grant_date: Day = Field(description="Form 3921 box 1, date the option was granted")
    exercise_date: Day = Field(description="Form 3921 box 2, date the option was exercised")
    exercise_price: Amount = Field(description="Form 3921 box 3, exercise price per share, dollars")
    fmv: Amount = Field(description="Form 3921 box 4, fair market value per share on the exercise date, dollars")
    paid: Amount | None = Field(default=None, description="total dollars paid, where price × shares differs")
    shares: Shares = Field(description="Form 3921 box 5, shares transferred")
    account: PrivateText | None = Field(default=None, repr=False, description="account number, never printed in full")
    commission: Amount = Field(default=ZERO, description="dollars paid to exercise: part of both bases, not of line 2i")
    vesting: Annotated[tuple[Vesting, ...], fields.cells("date", "shares", "fmv")] = Field(
        default=(), description="early exercise: when the shares unvested at exercise vest"
    )
    section_83b: Flag | None = Field(
        default=None, description="with vesting: whether the election for the AMT was made within 30 days"
    )
    paid_with: Annotated[tuple[LotPart, ...], fields.cells("exercise", "shares")] = Field(
        default=(), description="stock swap: shares of earlier exercises given up to pay"
    )
    regular_basis: Amount | None = Field(
        default=None, description="total regular basis, dollars, changed before this file"
    )
    amt_basis: Amount | None = Field(default=None, description="total AMT basis, dollars, without line 2i of this file")
    held_from: Day | None = Field(default=None, description="day the holding period is counted from, where it differs")
    amt_held_from: Day | None = Field(default=None, description="the same for the AMT, where it differs from that")

    @property
    def cost(self) -> Decimal:
        """Total dollars paid for the shares, without commission."""
        return self.exercise_price * self.shares if self.paid is None else self.paid

    @property
    def unvested_shares(self) -> Decimal:
        """Shares that were unvested at exercise, counted as at exercise."""
        return sum((part.shares for part in self.vesting), ZERO)


class Sale(Row):
    """One row of Form 1099-B, or another way of parting with shares.

    `kind` is None where the row gives none: such a row is taken as ISO stock, also when no exercise is of its
    corporation, so that it becomes the finding `no_matching_exercise` and never silently passes through.
    """

    id: Id = Field(description="unique name of the row; S1, S2 … in file order when left out")
    owner: Annotated[Owner, choice(Owner)] = Field(default="taxpayer", description="who parted with the shares")
    broker: Text | None = Field(default=None, description="who sent the form")
    account: PrivateText | None = Field(default=None, repr=False, description="account number, never printed in full")
    corporation: Text = Field(
        description="the stock's corporation, or a description that contains exactly one corporation named in exercises"
    )
    description: Text | None = Field(default=None, description="box 1a; N sh CORPORATION when left out")
    shares: Shares = Field(description="box 1a, number of shares")
    sold: Day = Field(description="box 1c, trade date")
    acquired: Acquired | None = Field(default=None, description="box 1b, a date or various; empty: not shown")
    proceeds: Amount = Field(default=ZERO, description="box 1d, dollars; 0 or left out for gift, death, to_spouse")
    basis: Amount | None = Field(default=None, description="box 1e, dollars; empty: not shown, 0: shown as zero")
    wash_sale_disallowed: Amount = Field(default=ZERO, description="box 1g, dollars")
    term: Annotated[Term, choice(Term)] | None = Field(default=None, description="box 2; empty: not shown")
    basis_reported: Flag | None = Field(default=None, description="box 12, whether the basis was reported to the IRS")
    noncovered: Flag = Field(default=False, description="box 5")
    form: Annotated[InformationReturn, choice(InformationReturn)] = Field(default="1099-B", description="form received")
    selling_expenses: Amount = Field(default=ZERO, description="dollars paid and not already taken out of proceeds")
    lots: Annotated[tuple[LotPart, ...], fields.cells("exercise", "shares")] = Field(
        default=(), description="the shares identified to the broker, by exercise"
    )
    pay_reported: Amount | None = Field(default=None, description="dollars the Form W-2 shows as income from this sale")
    kind: Annotated[Kind, choice(Kind)] | None = Field(default=None, description="iso, or other: passed through")
    correct_basis: Amount | None = Field(default=None, description="kind other: the right regular basis, dollars")
    amt_basis: Amount | None = Field(default=None, description="kind other: the AMT basis, dollars")
    correct_acquired: Acquired | None = Field(default=None, description="kind other: the right date acquired")
    disposition: Annotated[Disposition, choice(Disposition)] = Field(default="sale", description="how the shares left")
    replaced_shares: Shares | None = Field(default=None, description="wash_sale: shares replaced")
    replacement: Id | None = Field(default=None, description="wash_sale: the exercise that replaced them")

    @property
    def is_iso(self) -> bool:
        """Whether the row is taken as ISO stock (see `kind`)."""
        return self.kind != "other"

    @property
    def box_1a(self) -> str:
        """The description, as the row gives it or as the default writes it."""
        return self.description or f"{self.shares.normalize():f} sh {self.corporation}"

    @property
    def basis_was_reported(self) -> bool:
        """Box 12, taken as checked where the row does not say, a basis is shown and box 5 is not checked."""
        if self.basis_reported is not None:
            return self.basis_reported
        return self.basis is not None and not self.noncovered

    @property
    def is_disposition_for_money(self) -> bool:
        """Whether proceeds belong to it: a sale, also one to a related party or a wash sale."""
        return self.disposition in {"sale", "related_party", "wash_sale"}


class Acquisition(Entry):
    """Other shares got, asked for because they can replace shares sold at a loss (IRC 1091)."""

    corporation: Text = Field(description="the stock's corporation")
    date: Day = Field(description="day they were got")
    shares: Shares = Field(description="how many")
    kind: Text | None = Field(default=None, description="such as RSU, ESPP, purchase")


class CorporateAction(Entry):
    """A stock split or reverse split."""

    corporation: Text = Field(description="the stock's corporation")
    date: Day = Field(description="first day the new number of shares trades")
    split: fields.SplitRatio = Field(description='new:old in quotes, such as "10:1"')

    @property
    def ratio(self) -> Fraction:
        """New shares for each old one."""
        return Fraction(self.split.new) / Fraction(self.split.old)


class Totals(Entry):
    """The totals that a broker prints for one account and year, to tie the rows to."""

    broker: Text | None = Field(default=None, description="who sent the form")
    account: PrivateText | None = Field(default=None, repr=False, description="account number, never printed in full")
    year: Annotated[int, PlainValidator(fields.year), WithJsonSchema(fields.YEAR_SCHEMA)] = Field(
        description="tax year"
    )
    proceeds: Amount | None = Field(default=None, description="sum of box 1d, dollars")
    basis: Amount | None = Field(default=None, description="sum of box 1e, dollars")
    wash_sale_disallowed: Amount | None = Field(default=None, description="sum of box 1g, dollars")


class Carryover(Entry):
    """A capital loss carried into a year, both parts as positives."""

    short: Amount = Field(description="short-term part (Schedule D line 6), dollars")
    long: Amount = Field(description="long-term part (Schedule D line 14), dollars")


class Itemized(Entry):
    """Itemized deductions."""

    itemized: Amount = Field(description="Schedule A total, dollars")
    taxes: Amount = Field(description="Schedule A line 7, dollars (Form 6251 line 2a)")


def _deduction(value: Any, _union: Any) -> Literal["standard"] | Itemized:
    if isinstance(value, dict | Itemized):
        return Itemized.model_validate(value)
    if isinstance(value, str) and value.strip().lower() == "standard":
        return "standard"
    return fields.refuse_read(value, "standard, or {itemized: total, taxes: Schedule A line 7}")


def _carryover(value: Any) -> Any:
    nothing = isinstance(value, str | int) and str(value).strip() == "0"
    return {"short": "0", "long": "0"} if nothing else value


CarriedLoss = Annotated[Carryover, BeforeValidator(_carryover)]


class ReturnFigures(Entry):
    """What a tax return holds besides the option stock, in dollars; zero or more unless said."""

    wages: Amount | None = Field(default=None, description="Form W-2 box 1, all of them, as printed")
    iso_income_in_wages: Amount | None = Field(
        default=None, description="how much of wages is pay from selling ISO shares early"
    )
    interest: Amount = Field(default=ZERO, description="Form 1040 line 2b")
    ordinary_dividends: Amount = Field(default=ZERO, description="Form 1040 line 3b")
    qualified_dividends: Amount = Field(default=ZERO, description="Form 1040 line 3a")
    capital_gain_distributions: Amount = Field(default=ZERO, description="Schedule D line 13")
    other_income: Number = Field(default=ZERO, description="every other line of income, net; may be negative")
    adjustments: Amount = Field(default=ZERO, description="Schedule 1 line 26")
    deduction: Annotated[Literal["standard"] | Itemized, WrapValidator(_deduction)] = Field(
        default="standard", description="standard, or {itemized: total, taxes: Schedule A line 7}"
    )
    age_65_or_blind: fields.BoxCount = Field(default=0, description="boxes for age 65 or blindness ticked")
    qbi_deduction: Amount = Field(default=ZERO, description="Form 1040 line 13 (13a)")
    schedule_1a: Amount = Field(default=ZERO, description="Form 1040 line 13b")
    senior_deduction: Amount = Field(default=ZERO, description="the part of schedule_1a that is Schedule 1-A line 37")
    other_short_term: Number = Field(default=ZERO, description="short-term gains from elsewhere; may be negative")
    other_long_term: Number = Field(default=ZERO, description="long-term gains from elsewhere; may be negative")
    unrecaptured_1250: Amount = Field(default=ZERO, description="Schedule D line 19")
    gain_28_percent: Amount = Field(default=ZERO, description="Schedule D line 18")
    amt_unrecaptured_1250: Amount | None = Field(default=None, description="AMT Schedule D line 19; as the regular")
    amt_gain_28_percent: Amount | None = Field(default=None, description="AMT Schedule D line 18; as the regular one")
    foreign_tax_credit: Amount = Field(default=ZERO, description="Schedule 3 line 1")
    amt_foreign_tax_credit: Amount | None = Field(default=None, description="Form 6251 line 8; as foreign_tax_credit")
    other_credits: Amount = Field(default=ZERO, description="other credits that come before Form 8801 line 22")
    tax_refund: Amount = Field(default=ZERO, description="Form 6251 line 2b, as a positive")
    amt_adjustments: dict[fields.AdjustmentLine, Number] = Field(
        default_factory=dict, description="other lines of Form 6251 Part I by name"
    )
    schedule_2_line_1z: Amount = Field(
        default=ZERO, description="excess advance premium tax credit (Form 6251 line 10)"
    )
    form_4972_tax: Amount = Field(default=ZERO, description="tax from Form 4972 (Form 6251 line 10)")

    @property
    def itemized(self) -> Itemized | None:
        """The itemized deductions, or None for the standard deduction."""
        return None if self.deduction == "standard" else self.deduction

    @property
    def amt_credit(self) -> Decimal:
        """The foreign tax credit for the AMT (Form 6251 line 8): the regular one where none is given."""
        return self.foreign_tax_credit if self.amt_foreign_tax_credit is None else self.amt_foreign_tax_credit


class PriorYear(ReturnFigures):
    """The year before the first, as far as Form 8801 Parts I and III read it."""

    filing_status: Annotated[FilingStatus, choice(FilingStatus)] | None = Field(
        default=None, description="filing status of that year; needed unless there was no AMT"
    )
    form_6251: dict[fields.Prior6251Line, Number] = Field(default_factory=dict, description="Form 6251 by line")
    schedule_d: dict[fields.PriorScheduleDLine, Number] = Field(default_factory=dict, description="Schedule D by line")

    @property
    def says_no_amt(self) -> bool:
        """Whether it only says that there was no AMT, as `{form_6251: {11: 0}}` does."""
        return self.form_6251.get("11") == 0 and not self.form_6251.keys() & {"1", "1b", "10"}


class Year(Row, ReturnFigures):
    """One tax year: whole with `wages`, otherwise stock only."""

    never_empty = frozenset({"wages"})

    filing_status: Annotated[FilingStatus, choice(FilingStatus)] = Field(description="filing status of the return")
    capital_loss_carryover: CarriedLoss | None = Field(default=None, description="into the first year: {short, long}")
    amt_capital_loss_carryover: CarriedLoss | None = Field(default=None, description="the same in the AMT book")
    prior_minimum_tax_credit: Amount | None = Field(
        default=None, description="Form 8801 line 26 of the year before; first year only"
    )
    prior_year: PriorYear | None = Field(default=None, description="the year before; first year only")
    as_filed: dict[Annotated[FormName, choice(FormName)], dict[fields.AnyLine, Number]] = Field(
        default_factory=dict, description="the return as filed, {form: {line: amount}}, compared with what is computed"
    )
    chain: Annotated[Chain, choice(Chain)] = Field(
        default="computed", description="as_filed: what this year hands the next comes from as_filed"
    )

    @property
    def whole(self) -> bool:
        """Whether the year is a whole return: `wages` is given, even as 0."""
        return self.wages is not None

    @property
    def carried_loss(self) -> Carryover:
        """The regular capital loss carried in (positives); nothing where none is given."""
        return self.capital_loss_carryover or Carryover(short=ZERO, long=ZERO)

    @property
    def amt_carried_loss(self) -> Carryover:
        """The AMT capital loss carried in (positives); the regular one where none is given."""
        return self.amt_capital_loss_carryover or self.carried_loss


def _in_order(years: dict[int, Year]) -> dict[int, Year]:
    return dict(sorted(years.items()))


class Case(Entry):
    """One household over a run of consecutive tax years. Make one with `worksheets.read.case_file.read_case`."""

    case: Annotated[int, PlainValidator(fields.version), WithJsonSchema({"enum": [1, "1"]})] = Field(
        description="version of this format: 1"
    )
    taxpayer: Person = Field(description="the taxpayer: {name, ssn}")
    spouse: Person | None = Field(default=None, description="the spouse: {name, ssn}")
    state: fields.State | None = Field(default=None, description="two letters; state tax is not computed")
    rounding: Annotated[Rounding, choice(Rounding)] = Field(default="dollars", description="dollars or cents")
    amounts: Text | None = Field(default=None, description="YAML file of hypothetical amounts laid over the law's")
    exercises: tuple[Exercise, ...] = Field(default=(), description="one entry per Form 3921, or the name of a CSV")
    sales: tuple[Sale, ...] = Field(default=(), description="one entry per Form 1099-B row, or the name of a CSV")
    acquisitions: tuple[Acquisition, ...] = Field(default=(), description="other shares got (RSU, ESPP, purchase)")
    corporate_actions: tuple[CorporateAction, ...] = Field(default=(), description="stock splits")
    totals: tuple[Totals, ...] = Field(default=(), description="totals the brokers print, to tie the rows to")
    exception_1: Flag = Field(
        default=False, description="rows without adjustment go straight to Schedule D lines 1a and 8a"
    )
    exception_2: Shares | None = Field(
        default=None, description="a broker with more rows than this in one box is listed on an attached statement"
    )
    years: Annotated[dict[int, Year], AfterValidator(_in_order)] = Field(description="every year from first to last")
    overlay: SkipJsonSchema[SkipValidation[Mapping[str, Any] | None]] = Field(
        default=None, exclude=True, description="what the file named by amounts holds, every scalar as text"
    )
    inputs: SkipJsonSchema[SkipValidation[Mapping[str, str]]] = Field(
        default_factory=dict, exclude=True, description="each file read, by its name in the case: sha256:…"
    )

    @property
    def first_year(self) -> int:
        """The first tax year of the run."""
        return min(self.years)

    @property
    def last_year(self) -> int:
        """The last tax year of the run."""
        return max(self.years)
