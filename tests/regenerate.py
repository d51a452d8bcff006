"""Show how the fixtures' expected results differ from what the program gives now; with --write, take the new ones.

python tests/regenerate.py            # the difference, nothing written
python tests/regenerate.py --write    # the difference, then written
"""

import difflib
import json
import sys
from pathlib import Path

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
sys.path.insert(0, str(FIXTURES.parent))


def cases() -> list[Path]:
    """The case files whose expected results stand beside them."""
    return sorted(path for path in FIXTURES.glob("*/case.yaml"))


def current(case: Path) -> str:
    """What the program gives for a case now, without what changes with every version."""
    import worksheets

    result = worksheets.compute(case)
    del result["program"]
    return json.dumps(result, indent=2, ensure_ascii=False) + "\n"


def main() -> int:
    write = "--write" in sys.argv[1:]
    changed = 0
    for case in cases():
        expected = case.with_name("results.json")
        before = expected.read_text(encoding="utf-8") if expected.exists() else ""
        after = current(case)
        if before != after:
            changed += 1
            name = str(expected.relative_to(FIXTURES.parent))
            sys.stdout.writelines(
                difflib.unified_diff(before.splitlines(keepends=True), after.splitlines(keepends=True), name, name)
            )
            if write:
                expected.write_text(after, encoding="utf-8")
    sys.stdout.write(f"{changed} of {len(cases())} differ{', written' if write and changed else ''}\n")
    return 1 if changed and not write else 0


if __name__ == "__main__":
    sys.exit(main())
