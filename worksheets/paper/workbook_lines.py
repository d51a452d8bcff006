"""The arithmetic of Form 1040, Schedule D and the worksheets as formulas, by form and by the names that lines have.

One formula a line, for all years, beside the methods of `f1040`, `schedule_d`, `regular_tax`, `schedule_d_tax`
and `carryover`. A name in braces is a cell: `{agi}` a line or step of the same form, `{f1040.agi}` of another,
`{law.…}` an amount of the law, `{facts.…}` a fact of the year, `{stock.…}` what the year's stock hands over,
`{prior.…}` any of these a year before, `{carried.…}` what comes in from the year before. A line that may be blank is
read as zero; with an exclamation mark (`{net_gain!}`) it is read as it stands. `Places` is how the return rounds;
`Fine` takes the noise of binary fractions away first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple


class Step(NamedTuple):
    """What a form decides or adds up between its lines: its name, what it is, and its formula."""

    name: str
    caption: str
    formula: str


def rounded(expression: str) -> str:
    """A line: an expression of rounded amounts."""
    return f"ROUND({expression},Places)"


def fine(expression: str) -> str:
    """A line with a product, or a sum of unrounded amounts."""
    return f"ROUND(ROUND({expression},Fine),Places)"


def some(expression: str) -> str:
    """A line that stays blank where there is nothing."""
    return f'IF({expression}=0,"",{rounded(expression)})'


def when(condition: str, expression: str) -> str:
    """A line that stays blank unless the form calls for it."""
    return f'IF({condition},{rounded(expression)},"")'


def special_gain_amt(key: str) -> str:
    """Line 18 or 19 of the AMT Schedule D: the AMT's own amount, or the regular one where its cell is empty."""
    given = f'IF({{facts.amt_{key}!}}="",{{facts.{key}}},{{facts.amt_{key}}})'
    return when(f"AND({{both_gains}},{given}<>0)", given)


BLANK: Final = '""'

F1040: Final[Mapping[str, str]] = {
    "wages": rounded("{facts.wages}"),
    "interest": some("{facts.interest}"),
    "qualified_dividends": some("{facts.qualified_dividends}"),
    "ordinary_dividends": some("{facts.ordinary_dividends}"),
    "capital_gain": 'IF({schedule_d.net_gain!}="","",{schedule_d.amount_in_income})',
    "other_income": some("({facts.other_income}+{stock.pay_elsewhere})"),
    "adjustments": some("{facts.adjustments}"),
    "agi": rounded("{wages}+{interest}+{ordinary_dividends}+{capital_gain}+{other_income}-{adjustments}"),
    "agi_carried_over": rounded("{agi}"),
    "deduction": (
        'IF({facts.itemized!}="",'
        + rounded("{law.standard_deduction}+{facts.age_65_or_blind}*{law.additional_standard_deduction}")
        + ","
        + rounded("{facts.itemized}")
        + ")"
    ),
    "qbi_deduction": some("{facts.qbi_deduction}"),
    "schedule_1a": some("{facts.schedule_1a}"),
    "deductions": rounded("{deduction}+{qbi_deduction}"),
    "taxable_income": rounded("MAX(0,{agi}-{deductions})"),
    "tax": rounded("{facts.tax}"),
}
F1040_SCHEDULE_1A: Final[Mapping[str, str]] = {
    **F1040,
    "deductions": rounded("{deduction}+{qbi_deduction}+{schedule_1a}"),
    "taxable_income": rounded("MAX(0,{agi_carried_over}-{deductions})"),
}

_SHORT_ROWS: Final = (
    "short_term_reported_unadjusted",
    "short_term_reported",
    "short_term_not_reported",
    "short_term_no_form",
)
_LONG_ROWS: Final = tuple(name.replace("short_term", "long_term") for name in _SHORT_ROWS)
_SHORT: Final = (*_SHORT_ROWS, "other_short_term", "short_term_from_entities", "short_term_carryover")
_LONG: Final = (
    *_LONG_ROWS,
    "other_long_term",
    "long_term_from_entities",
    "capital_gain_distributions",
    "long_term_carryover",
)


def _net(names: tuple[str, ...]) -> str:
    """Lines 7 and 15: all but the carryover added, less the carryover, blank where all of them are."""
    *added, carried = names
    cells = ",".join(f"{{{name}!}}" for name in added)
    return f'IF(COUNT({cells},{{{carried}!}})=0,"",{rounded(f"SUM({cells})-{{{carried}}}")})'


SCHEDULE_D: Final[Mapping[str, str]] = {
    "other_short_term": some("{facts.other_short_term}"),
    "short_term_from_entities": BLANK,
    "short_term_carryover": some("{carried.short}"),
    "net_short_term": _net(_SHORT),
    "other_long_term": some("{facts.other_long_term}"),
    "long_term_from_entities": BLANK,
    "capital_gain_distributions": some("{facts.capital_gain_distributions}"),
    "long_term_carryover": some("{carried.long}"),
    "net_long_term": _net(_LONG),
    "net_gain": (
        'IF(AND({net_short_term!}="",{net_long_term!}=""),"",' + rounded("{net_short_term}+{net_long_term}") + ")"
    ),
    "gain_28_percent": when("AND({both_gains},{facts.gain_28_percent}<>0)", "{facts.gain_28_percent}"),
    "unrecaptured_1250": when("AND({both_gains},{facts.unrecaptured_1250}<>0)", "{facts.unrecaptured_1250}"),
    "allowed_loss": when("{net_gain}<0", "MIN(-{net_gain},{law.capital_loss_limit})"),
}

_DIVIDENDS_AND_GAIN: Final = {
    "qualified_dividends": rounded("{f1040.qualified_dividends}"),
    "net_capital_gain": rounded("MAX(0,MIN({schedule_d.net_long_term},{schedule_d.net_gain}))"),
    "dividends_and_gain": rounded("{qualified_dividends}+{net_capital_gain}"),
    "investment_interest_election": BLANK,
    "net_preferential": rounded("MAX(0,{dividends_and_gain}-{investment_interest_election})"),
}
GAIN_WORKSHEET: Final[Mapping[str, str]] = {
    **_DIVIDENDS_AND_GAIN,
    "taxable_income": rounded("{f1040.taxable_income}"),
    "ordinary_part": rounded("MAX(0,{taxable_income}-{preferential})"),
}

_SPECIAL_GAINS: Final = {
    "qualified_dividends": rounded("{f1040.qualified_dividends}"),
    "investment_income_elected": BLANK,
    "investment_gain_elected": BLANK,
    "dividends_elected": rounded("MAX(0,{investment_income_elected}-{investment_gain_elected})"),
    "dividends_left": rounded("MAX(0,{qualified_dividends}-{dividends_elected})"),
    "net_capital_gain": rounded("MIN({schedule_d.net_long_term},{schedule_d.net_gain})"),
    "gain_elected": rounded("MIN({investment_income_elected},{investment_gain_elected})"),
    "gain_left": rounded("MAX(0,{net_capital_gain}-{gain_elected})"),
    "dividends_and_gain": rounded("{dividends_left}+{gain_left}"),
    "special_gain": rounded("{schedule_d.gain_28_percent}+{schedule_d.unrecaptured_1250}"),
    "special_gain_included": rounded("MIN({gain_left},{special_gain})"),
    "gain_without_special": rounded("{dividends_and_gain}-{special_gain_included}"),
}
SCHEDULE_D_TAX: Final[Mapping[str, str]] = {
    **_SPECIAL_GAINS,
    "taxable_income": rounded("{f1040.taxable_income}"),
    "ordinary_part": rounded("MAX(0,{taxable_income}-{gain_without_special})"),
    "zero_rate_top": rounded("{law.zero_rate_top}"),
    "income_below_zero_rate_top": rounded("MIN({taxable_income},{zero_rate_top})"),
    "ordinary_below_zero_rate_top": rounded("MIN({ordinary_part},{income_below_zero_rate_top})"),
    "income_without_gain": rounded("MAX(0,{taxable_income}-{dividends_and_gain})"),
    "income_below_middle_bracket": rounded("MIN({taxable_income},{law.middle_bracket_top})"),
    "ordinary_below_middle_bracket": rounded("MIN({ordinary_part},{income_below_middle_bracket})"),
    "taxed_at_ordinary_rates": rounded("MAX({income_without_gain},{ordinary_below_middle_bracket})"),
}

CARRYOVER: Final[Mapping[str, str]] = {
    "income_before_floor": when("{needed}", "{f1040.agi}-{f1040.deductions}"),
    "loss_allowed": when("{schedule_d.allowed_loss}<>0", "{schedule_d.allowed_loss}"),
    "income_with_loss_added": when("{needed}", "MAX(0,{income_before_floor}+{loss_allowed})"),
    "loss_used": when("{needed}", "MIN({loss_allowed},{income_with_loss_added})"),
    "short_term_loss": when("{needed}", "MAX(0,-{schedule_d.net_short_term})"),
    "long_term_gain": when("{has_short_loss}", "MAX(0,{schedule_d.net_long_term})"),
    "used_against_short": when("{has_short_loss}", "{loss_used}+{long_term_gain}"),
    "short_term_carryover": when("{has_short_loss}", "MAX(0,{short_term_loss}-{used_against_short})"),
    "long_term_loss": when("AND({needed},{schedule_d.net_long_term}<0)", "-{schedule_d.net_long_term}"),
    "short_term_gain": when("{has_long_loss}", "MAX(0,{schedule_d.net_short_term})"),
    "used_beyond_short": when("{has_long_loss}", "MAX(0,{loss_used}-{short_term_loss})"),
    "used_against_long": when("{has_long_loss}", "{short_term_gain}+{used_beyond_short}"),
    "long_term_carryover": when("{has_long_loss}", "MAX(0,{long_term_loss}-{used_against_long})"),
}


def amt_copy(lines: Mapping[str, str]) -> Mapping[str, str]:
    """The AMT copy of a form: the same lines on the AMT Schedule D."""
    return {name: text.replace("{schedule_d.", "{schedule_d_amt.") for name, text in lines.items()}


F1040_STEPS: Final = (
    Step(
        "uses_schedule_d_tax_worksheet",
        "The tax is figured with the Schedule D Tax Worksheet",
        "AND({taxable_income}>0,{schedule_d.special_rates})",
    ),
    Step(
        "uses_gain_worksheet",
        "Else with the Gain Worksheet",
        "AND({taxable_income}>0,OR({qualified_dividends}>0,{schedule_d.both_gains}))",
    ),
)
TOTAL_STEP: Final = Step("deductions", "All deductions", "{deduction}+{qbi_deduction}")
SCHEDULE_D_STEPS: Final = (
    Step("both_gains", "Line 17: lines 15 and 16 are both gains", "AND({net_long_term}>0,{net_gain}>0)"),
    Step("special_rates", "Line 20, no: line 18 or 19 is filled in", "OR({gain_28_percent}>0,{unrecaptured_1250}>0)"),
    Step("amount_in_income", "What reaches income", "IF({net_gain}>=0,{net_gain},-{allowed_loss})"),
)
PREFERENTIAL_STEPS: Final = {
    "dividends_and_gain": Step("preferential", "What the gains rates apply to", "{dividends_and_gain}"),
    "net_preferential": Step("preferential", "What the gains rates apply to", "{net_preferential}"),
}
CARRYOVER_STEPS: Final = (
    Step("needed", "Line 2 holds a loss", "{loss_allowed}>0"),
    Step("has_short_loss", "Line 5 holds a loss", "{short_term_loss}>0"),
    Step("has_long_loss", "Line 9 holds a loss", "{long_term_loss}>0"),
)
