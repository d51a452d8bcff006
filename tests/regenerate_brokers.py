"""Shows what each broker fixture would now give, and writes it when told to.

    python -m tests.regenerate_brokers            shows every difference, changes nothing
    python -m tests.regenerate_brokers --write    shows them, then writes each case.yaml

Read the differences against the sample before writing: the tests hold the readers to these files.
"""

from __future__ import annotations

import difflib
import sys
from pathlib import Path

from worksheets.read.importer import understand

FIXTURES = Path(__file__).parents[1] / "fixtures" / "brokers"


def sample_of(folder: Path) -> Path:
    """The one sample in a fixture's folder."""
    (sample,) = folder.glob("sample.*")
    return sample


def main(arguments: list[str]) -> int:
    """Show the differences; the exit code is 1 while there are any that were not written."""
    open_ones = 0
    for folder in sorted(FIXTURES.iterdir()):
        expected = folder / "case.yaml"
        before = expected.read_text(encoding="utf-8") if expected.exists() else ""
        after = understand([sample_of(folder)]).case_yaml()
        if before == after:
            continue
        lines = difflib.unified_diff(before.splitlines(), after.splitlines(), str(expected), "now", lineterm="")
        sys.stdout.write("\n".join(lines) + "\n")
        if "--write" in arguments:
            expected.write_text(after, encoding="utf-8")
        else:
            open_ones += 1
    return 1 if open_ones else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
