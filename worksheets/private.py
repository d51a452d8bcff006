"""Files that only their owner can read: cases and packets hold numbers and finances."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path


def write_private(target: Path, content: bytes, check: Callable[[Path], str] | None = None) -> str:
    """Write a file that only its owner can read, whole or not at all; what `check` says of it is handed back.

    The folders above it that are missing are made for the owner only.

    Raises:
        OSError: it cannot be written.
    """
    for folder in reversed([target.parent, *target.parent.parents]):
        if not folder.exists():
            folder.mkdir(mode=0o700, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        said = check(Path(name)) if check is not None else ""
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return said


def not_written(path: Path, fault: OSError, key: str = "-o") -> str:
    """What stands on standard error when a file cannot be written: `key` is the option or argument that names it."""
    reason = fault.strerror or type(fault).__name__
    return f"{path}:1: {key}: it cannot be written ({reason}), expected a place that you may write to"
