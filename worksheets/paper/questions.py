"""The questions of Schedule D that are answered by check boxes, in the order in which its Part III leads through them.

Line 16 a gain: line 17; both lines 15 and 16 gains: line 20, which ends it; else line 22. Line 16 a loss or zero: line
22. The question above Part I, whether an investment in a qualified opportunity fund was disposed of, is a fact the
case does not hold: it stays blank.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from worksheets.schedule_d import ScheduleD

OPPORTUNITY_FUND = "qof"
CAPTIONS: Mapping[str, str] = {
    OPPORTUNITY_FUND: "Investment in a qualified opportunity fund disposed of this year",
    "17": "Lines 15 and 16 both gains",
    "20": "Lines 18 and 19 both zero or blank",
    "22": "Qualified dividends on Form 1040 line 3a",
}
OPPORTUNITY_FUND_NOTE = (
    "Schedule D asks above Part I whether an investment in a qualified opportunity fund was disposed of: the case does "
    "not say, so both boxes are blank. Check one."
)


def answers(schedule: ScheduleD) -> Mapping[str, bool]:
    """The questions that are answered, by line number; those that the form skips are absent."""
    if schedule.empty:
        return {}
    dividends = {"22": schedule.parent.f1040.qualified_dividends > 0}
    if schedule.net_gain <= 0:
        return dividends
    if not schedule.both_gains:
        return {"17": False, **dividends}
    return {"17": True, "20": not schedule.special_rates}
