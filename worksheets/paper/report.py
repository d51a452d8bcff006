"""The audit report: what Forms 1099-B show, what is right, what the difference costs, as a page and on paper.

`audit_html` is one page for a browser: it needs no script, no network and no other file, and everything that comes
from the case is escaped. `audit_pdf` says the same on paper. The words stand in templates/audit*.j2.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

from markupsafe import Markup, escape

from worksheets import __version__
from worksheets.paper.front import FrontYear, front_years, spans
from worksheets.paper.markup import parse
from worksheets.paper.money import amount
from worksheets.paper.press import Chapter, Running, typeset
from worksheets.paper.render import render
from worksheets.paper.report_cards import Illustrator
from worksheets.paper.report_cost import Cost, cost
from worksheets.paper.report_findings import MOST_CARDS, Card, Counts, Deck, counts
from worksheets.paper.report_lots import MOST_LOTS, LotStory, stories
from worksheets.paper.report_rows import YearRows, year_rows
from worksheets.paper.report_ties import AccountTies, Filed, account_ties, filed
from worksheets.session import Session

PAGE: Final = "audit.html.j2"
PAPER: Final = "audit_paper.j2"
_DATE: Final = re.compile(r"(\d{4}-\d\d-\d\d)")


class Report:
    """Everything the audit report says; worked when first read.

    Args:
        session: the case, worked and audited.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.household = session.household
        self.rounding = session.household.rounding
        self.program = f"dualbasis {__version__}"

    @cached_property
    def years(self) -> list[FrontYear]:
        """Every year of the case, with its verdict."""
        return front_years(self.session, self.session.result(), self.household.years)

    @property
    def span(self) -> str:
        """The years in words: "2023–2025"."""
        return spans(self.household.years)

    @property
    def names(self) -> str:
        """The names on the return and the masked number."""
        return self.years[-1].view.names

    @cached_property
    def marks(self) -> list[str]:
        """What must be said of the figures of any year: drafts, hypothetical amounts."""
        return list(dict.fromkeys(mark for year in self.years for mark in year.view.marks))

    @cached_property
    def counts(self) -> Counts:
        """The headline's figures."""
        return counts(self.session)

    @cached_property
    def cost(self) -> Cost:
        """What filing as reported costs."""
        return cost(self.household)

    @cached_property
    def deck(self) -> Deck:
        """The maker of the cards."""
        return Deck(self.session, self.cost)

    @cached_property
    def cards(self) -> Mapping[int, Sequence[Card]]:
        """The findings by year."""
        return self.deck.cards()

    @cached_property
    def every_lot(self) -> list[LotStory]:
        """Every exercise with what became of its shares."""
        return stories(self.household)

    @cached_property
    def rows(self) -> list[YearRows]:
        """The reconciliation by year."""
        return year_rows(self.household, self.deck.views.values(), self.session.findings)

    @cached_property
    def accounts(self) -> list[AccountTies]:
        """Totals by account and year."""
        return account_ties(self.household)

    @cached_property
    def filed(self) -> list[tuple[int, list[Filed]]]:
        """The lines of the return as filed, by year."""
        return filed(self.session)

    def figure(self, value: Decimal | str | None) -> str:
        """A figure of a finding: dollars as the return rounds, or a word."""
        return amount(value, self.rounding) if isinstance(value, Decimal) else value or ""

    def html(self) -> str:
        """The report as one page for a browser."""
        return render(PAGE, self.rounding, **self._context())

    def pdf(self) -> bytes:
        """The report on paper."""
        draw = Illustrator(self.rounding)
        text = render(PAPER, self.rounding, **self._context(), draw=draw)
        running = Running(f"Audit of Forms 1099-B, {self.span}", self.names, self.marks)
        return typeset([Chapter(parse(text), running)], setter=draw.setter).pdf()

    @staticmethod
    def told(text: str) -> Markup:
        """A text for the page, escaped, its dates kept on one line."""
        return Markup(_DATE.sub(r'<span class="nb">\1</span>', str(escape(text))))  # noqa: S704 - escaped just here

    def _context(self) -> dict[str, Any]:
        return {
            "r": self,
            "figure": self.figure,
            "told": self.told,
            "most_cards": MOST_CARDS,
            "lots": self.every_lot[:MOST_LOTS],
        }


def audit_html(session: Session) -> str:
    """The audit report of a case as one self-contained HTML page.

    Args:
        session: the case, worked and audited.
    """
    return Report(session).html()


def audit_pdf(session: Session) -> bytes:
    """The audit report of a case as a PDF, from the same figures.

    Args:
        session: the case, worked and audited.
    """
    return Report(session).pdf()


def audit_files(session: Session) -> Mapping[str, bytes]:
    """Both at once, by file name: `audit.html` (UTF-8) and `audit.pdf`, from figures worked only once.

    Args:
        session: the case, worked and audited.
    """
    report = Report(session)
    return {"audit.html": report.html().encode(), "audit.pdf": report.pdf()}
