"""What a finding is: something on a Form 1099-B, a W-2 or in the facts that a person should know or decide."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

CORRECTED, ERROR, WARNING, NOTE = "corrected", "error", "warning", "note"
ADJUST_8949, ASK_BROKER, ASK_EMPLOYER, ASK_OWNER, NO_REMEDY = (
    "adjust_8949",
    "ask_broker",
    "ask_employer",
    "ask_owner",
    "none",
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding.

    Attributes:
        code: one of the codes that users' scripts depend on.
        severity: corrected, error, warning or note.
        remedy: adjust_8949, ask_broker, ask_employer, ask_owner or none.
        message: what the form shows, what is right, why, and what to do.
        sale, exercise: ids of the row concerned, "" where there is none.
        reported, correct: the figures side by side, where it is about one.
    """

    code: str
    severity: str
    remedy: str
    message: str
    sale: str = ""
    exercise: str = ""
    reported: Decimal | str | None = None
    correct: Decimal | str | None = None
    cite: str = ""
    details: dict[str, Decimal | str] = field(default_factory=dict)

    @property
    def blocks_filing(self) -> bool:
        """Whether the packet must not call itself ready to file while this stands."""
        return self.severity in {ERROR, WARNING}
