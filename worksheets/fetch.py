"""Bringing the official blank forms from irs.gov: the only code that touches the network.

A blank is written only after it checks: its sha256 is the one in forms/blanks.yaml or, where that holds none, its
title, its year, its fields and the place of every box are those of the form file. Anything else is refused and nothing
is kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException, HTTPMessage
from pathlib import Path
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from worksheets.paper.blanks import Known, catalogue
from worksheets.paper.verify import verify
from worksheets.private import write_private
from worksheets.problems import printable

SITE = "https://www.irs.gov"
LARGEST_BLANK = 10_000_000  # bytes
SECONDS = 30  # without a byte
_NEWEST = "/pub/irs-pdf/{form}.pdf"  # where a revision stands until the next one comes
_PIECE = 65_536
_HEAD = 1024  # a PDF says so within its first bytes (ISO 32000-2, annex I)
Progress = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one blank: `present`, `fetched`, `unpinned` (kept with a warning) or `refused`, and why."""

    blank: Known
    state: str
    reason: str = ""

    @property
    def kept(self) -> bool:
        """Whether the blank is in the folder."""
        return self.state != "refused"


class FetchError(Exception):
    """A blank could not be brought; the message says why in one line."""


class NoNetworkError(FetchError):
    """The site cannot be reached at all: there is no use in asking for the next blank."""


class _NotFoundError(FetchError):
    """The site has nothing at that address."""


def official_blanks(year: int | None = None) -> list[Known]:
    """The blanks that packets are filled on, oldest year first; drafts are never filled."""
    found = [known for known in catalogue().values() if not known.draft and year in {None, known.year}]
    return sorted(found, key=lambda known: (known.year, known.form))


def digest(content: bytes) -> str:
    """The sha256 of a file's content, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def fetch(blank: Known, folder: Path, progress: Progress | None = None, site: str = SITE) -> Outcome:
    """Bring one blank into the folder, unless a good one is there; a file there is replaced only by a good one.

    Args:
        blank: which, from `official_blanks`.
        folder: where it is kept; made, for its owner only, if it is missing.
        progress: told how many bytes have come, and of how many if the site says so.
        site: the scheme and host asked in place of irs.gov's.

    Raises:
        NoNetworkError: the site cannot be reached.
    """
    target = folder / Path(blank.file).name
    try:
        if (warning := _present(blank, target)) is not None:
            return Outcome(blank, "present", warning)
        content = _first_found(list(addresses(blank, site)), progress)
        _check_digest(blank, content)
        warning = write_private(target, content, None if blank.sha256 else lambda path: _check_boxes(blank, path))
    except NoNetworkError:
        raise
    except FetchError as error:
        return Outcome(blank, "refused", f"{error}: nothing was kept")
    except OSError as error:
        return Outcome(blank, "refused", f"{folder} cannot be written to ({_reason(error)}): nothing was kept")
    return Outcome(blank, "unpinned" if warning else "fetched", warning)


def addresses(blank: Known, site: str = SITE) -> Iterator[str]:
    """Where a blank may be: with the prior revisions and, if it is its form's newest, where the newest stands."""
    yield site + urlsplit(blank.address).path
    if blank.year == max(known.year for known in official_blanks() if known.form == blank.form):
        yield site + _NEWEST.format(form=blank.form)


def _present(blank: Known, target: Path) -> str | None:
    """The warning that goes with a good blank that is there, empty for a known one; None where there is none."""
    if not target.is_file():
        return None
    if blank.sha256:
        return "" if digest(target.read_bytes()) == blank.sha256 else None
    try:
        return _check_boxes(blank, target)
    except FetchError:
        return None


def _check_digest(blank: Known, content: bytes) -> None:
    if b"%PDF-" not in content[:_HEAD]:
        raise FetchError("what came is no PDF")
    if blank.sha256 and digest(content) != blank.sha256:
        raise FetchError(f"its sha256 is {digest(content)[:16]}…, expected {blank.sha256[:16]}…")


def _check_boxes(blank: Known, path: Path) -> str:
    """The warning that goes with a blank whose digest is not known but whose title, fields and boxes agree."""
    try:
        verdict = verify(path, blank.form, blank.year)
    except ValueError as fault:
        raise FetchError(f"it cannot be read as {blank.title} ({str(fault).partition(': ')[2] or fault})") from None
    if verdict.faults:
        first = "; ".join(map(str, verdict.faults[:3]))
        raise FetchError(f"it is not {blank.title} as its map has it: {first}; {len(verdict.faults)} faults")
    return (
        f"no digest is known for it; title, year, fields and the places of all {verdict.boxes} boxes agree: "
        "compare its figures with the schedules"
    )


class _SameSite(HTTPRedirectHandler):
    """Follows the site to another of its own addresses, never to another site or out of HTTPS."""

    def redirect_request(  # noqa: PLR0913, PLR0917 - the signature is urllib's
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        """The request for the new address; FetchError where it is elsewhere."""
        if urlsplit(newurl.lower())[:2] != urlsplit(req.full_url.lower())[:2]:
            raise FetchError(f"the site sends it on to {urlsplit(newurl).hostname or 'another site'}")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _first_found(places: list[str], progress: Progress | None) -> bytes:
    for place in places[:-1]:
        try:
            return download(place, progress)
        except _NotFoundError:
            continue
    return download(places[-1], progress)


def download(address: str, progress: Progress | None = None) -> bytes:
    """The content at an address, at most `LARGEST_BLANK` bytes.

    Raises:
        NoNetworkError: the site cannot be reached.
        FetchError: an answer other than 200, one that leads to another site, is cut short or too long; or no address.
    """
    if not address.startswith(("https://", "http://")):
        raise FetchError(f"{address} is no address of a site")
    request = Request(address, headers={"User-Agent": "dualbasis (forms fetch)"})  # noqa: S310 - just looked at
    try:
        with build_opener(_SameSite).open(request, timeout=SECONDS) as answer:
            return _read(answer, progress)
    except HTTPError as error:
        kind = _NotFoundError if error.code == HTTPStatus.NOT_FOUND else FetchError
        raise kind(f"the site answered {error.code}{_phrase(error.code)}") from None
    except URLError as error:
        raise NoNetworkError(
            f"no connection to {urlsplit(address).hostname} ({_reason(error.reason)}): "
            "`dualbasis forms fetch` is the one command that needs the network"
        ) from None
    except (HTTPException, OSError) as error:
        raise FetchError(f"the connection was lost ({_reason(error)})") from None


def _phrase(code: int) -> str:
    """What a status means, in HTTP's words rather than the site's."""
    return f" ({HTTPStatus(code).phrase})" if code in set(HTTPStatus) else ""


def _reason(error: BaseException | str) -> str:
    """An error in the system's words, on one line."""
    words = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return printable(" ".join(str(words).split()))


def _read(answer: Any, progress: Progress | None) -> bytes:
    length = answer.headers.get("Content-Length", "")
    expected = int(length) if length.isdecimal() else None
    content = bytearray()
    _check_size(expected or 0)
    while piece := answer.read(_PIECE):
        content += piece
        _check_size(len(content))
        if progress is not None:
            progress(len(content), expected)
    if expected is not None and len(content) != expected:
        raise FetchError(f"it was cut short: {len(content):,} of {expected:,} bytes")
    return bytes(content)


def _check_size(size: int) -> None:
    if size > LARGEST_BLANK:
        raise FetchError(f"it is larger than {LARGEST_BLANK:,} bytes")
