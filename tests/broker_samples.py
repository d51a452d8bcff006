"""The broker samples for the tests that read them: where they are, and how to read an edited one."""

from __future__ import annotations

from pathlib import Path

from worksheets.read.importer import Import, understand

FIXTURES = Path(__file__).parents[1] / "fixtures" / "brokers"


def sample(name: str) -> Path:
    (found,) = (FIXTURES / name).glob("sample.*")
    return found


def read(path: Path, text: str | bytes, name: str = "sample.csv", mapping: dict[str, str] | None = None) -> Import:
    file = path / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return understand([file], mapping)


def edited(name: str, *changes: tuple[str, str]) -> str:
    text = sample(name).read_bytes().decode("utf-8-sig")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text
