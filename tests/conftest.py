"""What all tests share: their helpers, and how hypothesis runs (the same examples each time, no clock)."""

import sys
from pathlib import Path

import pytest
from hypothesis import settings

from worksheets import cli

sys.path.insert(0, str(Path(__file__).parent))
settings.register_profile("house", deadline=None, derandomize=True)
settings.load_profile("house")


@pytest.fixture
def run(monkeypatch, capsys):
    """The command line, called with words: exit code, what it printed, and what it said of errors."""

    def command(*words):
        monkeypatch.setattr("sys.argv", ["dualbasis", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsys.readouterr()
        return ended.value.code or 0, out, err

    return command
