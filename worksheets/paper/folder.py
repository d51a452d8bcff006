"""A folder that appears whole or not at all, readable by its owner only.

Files are written beside the goal and the finished folder takes its name at once. What is there already is replaced
only when asked, and only when it is a packet and holds nothing else.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

MARKER: Final = "results.json"
TOP: Final = frozenset(
    {"packet.pdf", MARKER, "carryforward.yaml", "audit.html", "audit.pdf", "workbook.xlsx", "letters"}
)
PROGRAM: Final = "dualbasis"
_OWNER_ONLY, _FOLDER = 0o600, 0o700


class PacketError(ValueError):
    """A packet cannot be written, or not at that place; the message says why and what to do."""


def check(goal: Path, *, force: bool) -> None:
    """Make sure that a folder may be made, or replaced, at `goal`.

    Raises:
        PacketError: something stands there that must not be replaced.
    """
    if not goal.exists() and not goal.is_symlink():
        return
    if goal.is_symlink() or not goal.is_dir():
        raise PacketError(f"{goal} is no folder: give another name with -o")
    if not force:
        raise PacketError(f"{goal} exists: give another name with -o, or replace it with --force")
    try:
        names = sorted(entry.name for entry in goal.iterdir())
    except OSError as fault:
        raise PacketError(f"{goal} cannot be read ({fault.strerror})") from fault
    if names:
        _check_packet(goal, names)


def _check_packet(goal: Path, names: Sequence[str]) -> None:
    if not _is_ours(goal / MARKER):
        raise PacketError(f"{goal} is no packet of this program (no {MARKER} of it): --force does not replace it")
    strange = [name for name in names if name not in TOP and not name.isdigit()]
    if strange:
        raise PacketError(f"{goal} holds {', '.join(strange[:3])}, which no packet has: move it away first")


def _is_ours(marker: Path) -> bool:
    try:
        found = json.loads(marker.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(found, dict) and str(found.get("program", "")).startswith(PROGRAM)


def write(goal: Path, files: Mapping[str, bytes], *, force: bool) -> list[Path]:
    """Write a folder at once: every file by its name in it, folders for names with a slash.

    Returns:
        The files as they now stand, in the order given.

    Raises:
        PacketError: something stands there that must not be replaced, or the place cannot be written to.
    """
    check(goal, force=force)
    try:
        goal.parent.mkdir(parents=True, exist_ok=True)
        with _beside(goal) as made:
            for name, data in files.items():
                _write_file(made, name, data)
            _take_place(made, goal)
    except OSError as fault:
        raise PacketError(f"{goal} cannot be written ({fault.strerror or type(fault).__name__})") from fault
    return [goal / name for name in files]


@contextlib.contextmanager
def _beside(goal: Path) -> Iterator[Path]:
    """A new folder beside the goal (made for its owner only), taken away again where it did not become the goal."""
    made = Path(tempfile.mkdtemp(prefix=f".{goal.name}-", dir=goal.parent))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _write_file(folder: Path, name: str, data: bytes) -> None:
    path = folder / name
    for parent in reversed(path.relative_to(folder).parents[:-1]):
        (folder / parent).mkdir(mode=_FOLDER, exist_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY), "wb") as file:  # noqa: PTH123 - the mode must be there from the start
        file.write(data)


def _take_place(made: Path, goal: Path) -> None:
    """Give the finished folder its name; one that stood there goes only when the new one is in place."""
    if not goal.exists():
        made.rename(goal)
        return
    aside = Path(tempfile.mkdtemp(prefix=f".{goal.name}-old-", dir=goal.parent))
    old = goal.rename(aside / goal.name)
    try:
        made.rename(goal)
    except OSError:
        old.rename(goal)
        raise
    finally:
        if goal.exists():
            shutil.rmtree(aside, ignore_errors=True)
