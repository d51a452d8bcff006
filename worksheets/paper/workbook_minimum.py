"""The arithmetic of Forms 6251 and 8801 and the worksheets behind them as formulas, in the way of `workbook_lines`.

`{rates.…}` is the law whose rates and thresholds the form uses: this year's for Form 6251, last year's for Form 8801.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from worksheets.paper.workbook_lines import BLANK, Step, fine, rounded, some, when


def two_rates(amount: str) -> str:
    """An amount at the two AMT rates, the form's way."""
    low = f"{amount}*{{rates.amt_rate_low}}"
    high = f"{amount}*{{rates.amt_rate_high}}-{{rates.high_rate_subtraction}}"
    return f"IF({amount}<={{rates.amt_breakpoint}},{low},{high})"


def _if(condition: str, expression: str) -> str:
    return f'IF({condition},{fine(expression)},"")'


SEPARATE_ADDITION: Final = (
    'IF(AND({rates.filing_status}="married_separate",{combined}>{rates.exemption_used_up}),'
    "MIN({rates.amt_exemption},{rates.amt_phaseout_rate}*({combined}-{rates.exemption_used_up})),0)"
)
_P, _B, _U = "{part_iii}", "{beyond_fifteen}", "{with_1250_gain}"
_CAPPED: Final = (
    "IF({used_schedule_d_tax_worksheet},MIN({preferential}+{unrecaptured_1250},{source_gain_limit}),{preferential})"
)

PART_III: Final[Mapping[str, str]] = {
    "amount_taxed": when(_P, "{source_taxed}"),
    "preferential": when(_P, "{source_preferential}"),
    "gains_at_special_rates": when(_P, _CAPPED),
    "special_part": when(_P, "MIN({amount_taxed},{gains_at_special_rates})"),
    "ordinary_part": when(_P, "{amount_taxed}-{special_part}"),
    "tax_on_ordinary_part": _if(_P, two_rates("{ordinary_part}")),
    "zero_rate_top": when(_P, "{rates.zero_rate_top}"),
    "regular_ordinary_for_zero": when(_P, "{source_ordinary_for_zero}"),
    "room_at_zero": when(_P, "MAX(0,{zero_rate_top}-{regular_ordinary_for_zero})"),
    "preferential_part": when(_P, "MIN({amount_taxed},{preferential})"),
    "taxed_at_zero": when(_P, "MIN({room_at_zero},{preferential_part})"),
    "preferential_above_zero": when(_P, "{preferential_part}-{taxed_at_zero}"),
    "fifteen_rate_top": when(_P, "{rates.fifteen_rate_top}"),
    "room_at_zero_again": when(_P, "{room_at_zero}"),
    "regular_ordinary_for_fifteen": when(_P, "{source_ordinary_for_fifteen}"),
    "used_below_fifteen_top": when(_P, "{room_at_zero_again}+{regular_ordinary_for_fifteen}"),
    "room_at_fifteen": when(_P, "MAX(0,{fifteen_rate_top}-{used_below_fifteen_top})"),
    "taxed_at_fifteen": when(_P, "MIN({preferential_above_zero},{room_at_fifteen})"),
    "tax_at_fifteen": _if(_P, "{taxed_at_fifteen}*{rates.gains_rate_middle}"),
    "taxed_at_zero_or_fifteen": when(_P, "{taxed_at_zero}+{taxed_at_fifteen}"),
    "taxed_at_twenty": when(_B, "{preferential_part}-{taxed_at_zero_or_fifteen}"),
    "tax_at_twenty": _if(_B, "{taxed_at_twenty}*{rates.gains_rate_top}"),
    "taxed_so_far": when(_U, "{ordinary_part}+{taxed_at_zero_or_fifteen}+{taxed_at_twenty}"),
    "taxed_at_twenty_five": when(_U, "{amount_taxed}-{taxed_so_far}"),
    "tax_at_twenty_five": _if(_U, "{taxed_at_twenty_five}*{rates.unrecaptured_1250_rate}"),
    "tax_with_rates": when(_P, "{tax_on_ordinary_part}+{tax_at_fifteen}+{tax_at_twenty}+{tax_at_twenty_five}"),
    "tax_without_rates": _if(_P, two_rates("{amount_taxed}")),
    "tax_part_iii": when(_P, "MIN({tax_with_rates},{tax_without_rates})"),
}
PART_III_STEPS: Final = (
    Step(
        "beyond_fifteen",
        "Part III goes on beyond the 15% rate",
        "AND({part_iii},{taxed_at_zero_or_fifteen}<>{amount_taxed})",
    ),
    Step("with_1250_gain", "Part III has gain at the 25% rate", "AND({beyond_fifteen},{unrecaptured_1250}<>0)"),
)


def _part_iii(sources: Mapping[str, str]) -> dict[str, str]:
    """Part III with what its lines start from in one form."""
    found = {}
    for name, text in PART_III.items():
        formula = text
        for source, cell in sources.items():
            formula = formula.replace(f"{{source_{source}}}", cell)
        found[name] = formula
    return found


_GIVEN_6251: Final = {
    "investment_interest": "2c",
    "depletion": "2d",
    "net_operating_loss": "2e",
    "alternative_net_operating_loss": "2f",
    "private_activity_bonds": "2g",
    "small_business_stock": "2h",
    "estates_and_trusts": "2j",
    "depreciation": "2l",
    "passive_activities": "2m",
    "loss_limitations": "2n",
    "circulation_costs": "2o",
    "long_term_contracts": "2p",
    "mining_costs": "2q",
    "research_costs": "2r",
    "installment_sales": "2s",
    "drilling_costs": "2t",
    "other_adjustments": "3",
}
_SUBTRACTED: Final = ("tax_refund", "alternative_net_operating_loss", "installment_sales")
_ADDED: Final = (
    "starting_income",
    "taxes_or_standard_deduction",
    "incentive_stock_options",
    "disposition_of_property",
    *(name for name in _GIVEN_6251 if name not in _SUBTRACTED),
)
_FOREIGN_CREDIT: Final = (
    'IF({facts.amt_foreign_tax_credit!}="",{facts.foreign_tax_credit},{facts.amt_foreign_tax_credit})'
)
_TAX: Final = "{f1040.tax}-{facts.form_4972_tax}+{facts.schedule_2_line_1z}"

F6251: Final[Mapping[str, str]] = {
    "starting_income": rounded("IF({f1040.taxable_income}>0,{f1040.taxable_income},{f1040.agi}-{f1040.deductions})"),
    "taxes_or_standard_deduction": rounded('IF({facts.itemized!}="",{f1040.deduction},{facts.itemized_taxes})'),
    "tax_refund": some("{facts.tax_refund}"),
    **{name: some(f"{{facts.line_{number}}}") for name, number in _GIVEN_6251.items()},
    "incentive_stock_options": fine("{stock.inclusion}"),
    "disposition_of_property": rounded("{line_2k.ordinary}+{line_2k.short}+{line_2k.long}+{line_2k.limit}"),
    "amti": fine("{combined}+" + SEPARATE_ADDITION),
    "exemption": rounded(
        "IF({amti}<={law.amt_phaseout_start},{law.amt_exemption},{exemption_worksheet.exemption_left})"
    ),
    "amti_less_exemption": rounded("MAX(0,{amti}-{exemption})"),
    "tax_before_credit": fine("IF({part_iii},{tax_part_iii}," + two_rates("{amti_less_exemption}") + ")"),
    "amt_foreign_tax_credit": when(f"AND({{regular_tax}}<{{tax_before_credit}},{_FOREIGN_CREDIT}<>0)", _FOREIGN_CREDIT),
    "tentative_minimum_tax": rounded("MAX(0,{tax_before_credit}-{amt_foreign_tax_credit})"),
    "regular_tax": rounded(f"MAX(0,{_TAX}-{{facts.foreign_tax_credit}})"),
    "amt": rounded("MAX(0,{tentative_minimum_tax}-{regular_tax})"),
    "unrecaptured_1250": when(
        "AND({part_iii},{schedule_d_amt.unrecaptured_1250}<>0)", "{schedule_d_amt.unrecaptured_1250}"
    ),
    **_part_iii(
        {
            "taxed": "{amti_less_exemption}",
            "preferential": (
                "IF({used_schedule_d_tax_worksheet},{schedule_d_tax_amt.gain_without_special},"
                "{gain_worksheet_amt.preferential})"
            ),
            "gain_limit": "{schedule_d_tax_amt.dividends_and_gain}",
        },
    ),
}
F6251_SENIOR_DEDUCTION: Final[Mapping[str, str]] = {
    **F6251,
    "deductions_without_senior": rounded("{f1040.deductions}-{facts.senior_deduction}"),
    "starting_income": rounded("{f1040.agi_carried_over}-{deductions_without_senior}"),
}


def _ordinary(worksheet_line: str) -> str:
    """The ordinary part of regular taxable income, from the worksheet that the regular tax used."""
    return (
        f"IF({{f1040.uses_schedule_d_tax_worksheet}},{{schedule_d_tax.{worksheet_line}}},"
        "IF({f1040.uses_gain_worksheet},{gain_worksheet.ordinary_part},{f1040.taxable_income}))"
    )


F6251_STEPS: Final = (
    Step(
        "combined",
        "Lines 1 through 3 combined",
        "+".join(f"{{{name}}}" for name in _ADDED) + "".join(f"-{{{name}}}" for name in _SUBTRACTED),
    ),
    Step(
        "part_iii",
        "Part III applies: dividends on Form 1040 line 3a, or gains on AMT Schedule D lines 15 and 16",
        "AND({amti_less_exemption}>0,OR({f1040.qualified_dividends}>0,{schedule_d_amt.both_gains}))",
    ),
    Step(
        "used_schedule_d_tax_worksheet",
        "Line 15: a Schedule D Tax Worksheet was completed, in either book",
        "OR({schedule_d.special_rates},{schedule_d_amt.special_rates})",
    ),
    Step("source_ordinary_for_zero", "What line 20 takes", _ordinary("ordinary_part")),
    Step("source_ordinary_for_fifteen", "What line 27 takes", _ordinary("taxed_at_ordinary_rates")),
    *PART_III_STEPS,
)

LINE_2K: Final[Mapping[str, str]] = {
    "ordinary": fine("{stock.amt_pay}-{stock.pay}"),
    "short": rounded("{schedule_d_amt.net_short_term}-{schedule_d.net_short_term}"),
    "long": rounded("{schedule_d_amt.net_long_term}-{schedule_d.net_long_term}"),
    "limit": rounded(
        "MAX(0,-{schedule_d_amt.net_gain})-MAX(0,-{schedule_d.net_gain})"
        "-({schedule_d_amt.allowed_loss}-{schedule_d.allowed_loss})"
    ),
}
EXEMPTION: Final[Mapping[str, str]] = {
    "exemption": rounded("{law.amt_exemption}"),
    "amti": rounded("{f6251.amti}"),
    "phaseout_start": rounded("{law.amt_phaseout_start}"),
    "excess": rounded("MAX(0,{amti}-{phaseout_start})"),
    "reduction": fine("{law.amt_phaseout_rate}*{excess}"),
    "exemption_left": rounded("MAX(0,{exemption}-{reduction})"),
}

_I, _T, _A = "{income_left}", "{taxed}", "{available}"
_EXCLUSION: Final = "+".join(
    f"{{prior.f6251.{name}}}"
    for name in (
        "taxes_or_standard_deduction",
        "investment_interest",
        "depletion",
        "private_activity_bonds",
        "small_business_stock",
        "other_adjustments",
    )
)
_LAST_CREDIT: Final = _FOREIGN_CREDIT.replace("{facts.", "{prior.facts.")

F8801: Final[Mapping[str, str]] = {
    "prior_starting_income": when("{part_i}", "{prior.f6251.starting_income}+{prior.f6251.net_operating_loss}"),
    "exclusion_items": when("{part_i}", _EXCLUSION + "-{prior.f6251.tax_refund}"),
    "net_operating_loss_deduction": when(
        "AND({part_i},{prior.f6251.alternative_net_operating_loss}<>0)",
        "{prior.f6251.alternative_net_operating_loss}",
    ),
    "exclusion_income": _if("{part_i}", "MAX(0,{combined}+" + SEPARATE_ADDITION + ")"),
    "exemption": when(_I, "{rates.amt_exemption}"),
    "phaseout_start": when(_I, "{rates.amt_phaseout_start}"),
    "excess": when(f"AND({_I},{{exclusion_income}}>{{phaseout_start}})", "{exclusion_income}-{phaseout_start}"),
    "reduction": _if(f"AND({_I},{{rates.amt_phaseout_rate}}*{{excess}}<>0)", "{rates.amt_phaseout_rate}*{excess}"),
    "exemption_left": when(_I, "MAX(0,{exemption}-{reduction})"),
    "income_less_exemption": when(_I, "MAX(0,{exclusion_income}-{exemption_left})"),
    "tax_before_credit": _if(_T, "IF({part_iii},{tax_part_iii}," + two_rates("{income_less_exemption}") + ")"),
    "exclusion_foreign_tax_credit": when(f"AND({_T},{_LAST_CREDIT}<>0)", _LAST_CREDIT),
    "exclusion_tentative_tax": when(_T, "{tax_before_credit}-{exclusion_foreign_tax_credit}"),
    "prior_regular_tax": when(_T, "{prior.f6251.regular_tax}"),
    "exclusion_minimum_tax": rounded("MAX(0,{exclusion_tentative_tax}-{prior_regular_tax})"),
    "prior_amt": rounded("{prior.f6251.amt}"),
    "exclusion_part": rounded("{exclusion_minimum_tax}"),
    "adjusted_minimum_tax": rounded("{prior_amt}-{exclusion_part}"),
    "carryforward_in": rounded("{carried.credit}"),
    "electric_vehicle_credit": BLANK,
    "credit_available": rounded("{adjusted_minimum_tax}+{carryforward_in}+{electric_vehicle_credit}"),
    "regular_tax_less_credits": when(_A, f"MAX(0,{_TAX}-{{facts.foreign_tax_credit}}-{{facts.other_credits}})"),
    "tentative_minimum_tax": when(_A, "{f6251.tentative_minimum_tax}"),
    "credit_limit": when(_A, "MAX(0,{regular_tax_less_credits}-{tentative_minimum_tax})"),
    "credit": when(_A, "MIN({credit_available},{credit_limit})"),
    "carryforward_out": when(_A, "{credit_available}-{credit}"),
    "unrecaptured_1250": when(
        "AND({part_iii},{used_schedule_d_tax_worksheet})", "{prior.schedule_d.unrecaptured_1250}"
    ),
    **_part_iii(
        {
            "taxed": "{income_less_exemption}",
            "preferential": (
                "IF({used_schedule_d_tax_worksheet},{prior.schedule_d_tax.gain_without_special},"
                "{prior.gain_worksheet.preferential})"
            ),
            "gain_limit": "{prior.schedule_d_tax.dividends_and_gain}",
            "ordinary_for_zero": "{prior.f6251.source_ordinary_for_zero}",
            "ordinary_for_fifteen": "{prior.f6251.source_ordinary_for_fifteen}",
        },
    ),
}
F8801_STEPS: Final = (
    Step("part_i", "There is a return of the year before to figure Part I from", "{prior.known}"),
    Step(
        "combined",
        "Lines 1, 2 and 3 combined",
        "{prior_starting_income}+{exclusion_items}-{net_operating_loss_deduction}",
    ),
    Step("income_left", "Line 4 is above zero", "AND({part_i},{exclusion_income}>0)"),
    Step("taxed", "Line 10 is above zero", "AND({income_left},{income_less_exemption}>0)"),
    Step(
        "part_iii",
        "Part III applies: dividends last year, or gains on last year's Schedule D lines 15 and 16",
        "AND({taxed},OR({prior.f1040.qualified_dividends}>0,{prior.schedule_d.both_gains!}))",
    ),
    Step(
        "used_schedule_d_tax_worksheet",
        "Line 30: last year's tax was figured with the Schedule D Tax Worksheet",
        "{prior.schedule_d.special_rates!}",
    ),
    Step("available", "Line 21 is above zero", "{credit_available}>0"),
    *PART_III_STEPS,
)
