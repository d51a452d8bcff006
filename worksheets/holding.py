"""Holding periods, by the day.

Sources: IRC 422(a)(1), 1222, 1223; Rev. Rul. 70-598 and 66-97 (the first day is left out, the last one counted; trade
dates); Rev. Rul. 66-7 (an asset acquired on the last day of a month is held more than n months from the first day of
the month after the last of them).
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

DAY = timedelta(days=1)
GRANT_YEARS = 2
EXERCISE_YEARS = 1
FEBRUARY_28 = 28


def anniversary(day: date, years: int) -> date:
    """The last day of a period of so many years after `day`; that of 29 February is 28 February in a common year."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=FEBRUARY_28)


@lru_cache(maxsize=4096)
def first_qualifying_day(granted: date, exercised: date) -> date:
    """The first day on which a sale is no disqualifying disposition (IRC 422(a)(1)): after both anniversaries."""
    return max(anniversary(granted, GRANT_YEARS), anniversary(exercised, EXERCISE_YEARS)) + DAY


@lru_cache(maxsize=4096)
def first_long_term_day(acquired: date) -> date:
    """The first day on which a sale is long-term (IRC 1222): held more than one year, month ends as Rev. Rul. 66-7."""
    after = acquired + DAY
    if after.day == 1:
        return after.replace(year=after.year + 1)
    return anniversary(acquired, 1) + DAY


def is_long_term(acquired: date, sold: date) -> bool:
    """Whether an asset acquired and sold on these trade dates was held more than one year."""
    return sold >= first_long_term_day(acquired)


def month_end_differs(acquired: date) -> bool:
    """Whether the month-end rule and the plain anniversary give different days (28 February before a leap year)."""
    return first_long_term_day(acquired) != anniversary(acquired, 1) + DAY
