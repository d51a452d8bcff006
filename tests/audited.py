"""Findings of small households, for tests."""

from households import worked

from worksheets.audit import audit
from worksheets.findings import NOTE, Finding


def findings(*args, **more) -> list[Finding]:
    """All findings of a household in order."""
    return [one for listed in audit(worked(*args, **more)).values() for one in listed]


def codes(listed, *, notes=False, sale=None) -> list[str]:
    """The codes of findings above `note` (or all of them), of one sale or of all."""
    wanted = (one for one in listed if sale is None or one.sale == sale)
    return [one.code for one in wanted if notes or one.severity != NOTE]


def only(listed, code) -> Finding:
    """The one finding with this code."""
    (found,) = (one for one in listed if one.code == code)
    return found
