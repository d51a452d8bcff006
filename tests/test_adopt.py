"""Maps proposed for a new year's form: against the reviewed file of that year, and on last years made up here."""

import re
from functools import cache

import pypdf
import pytest
import yaml
from official_blanks import FOLDER, blank, pinned
from pypdf.generic import NameObject
from typer.testing import CliRunner

from worksheets import adopt_words as words
from worksheets.adopt import draft, pair_lines, propose
from worksheets.adopt_text import edited, items, root, set_key, value
from worksheets.cli import app
from worksheets.data import folder
from worksheets.definitions import read_yaml
from worksheets.paper.geometry import Geometry, Paper, claims
from worksheets.paper.geometry_words import Word
from worksheets.paper.verify import Revision

run = CliRunner().invoke


def path_of(name, year):
    path = FOLDER / pinned()[name, year]
    if not path.is_file():
        pytest.skip(f"the official blank {path.name} is missing: {FOLDER} holds none")
    return path


@cache
def adopted(name, year):
    return propose(path_of(name, year), forms_dir=FOLDER)


@pytest.fixture
def no_last_year(tmp_path, monkeypatch):
    """A machine without last year's blank."""
    monkeypatch.setenv("DUALBASIS_FORMS", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def read(text):
    return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - BaseLoader builds text only


def boxes(data):
    return sorted(claims(data))


SECOND_YEARS = [*sorted(key for key in pinned() if (key[0], key[1] - 1) in pinned()), ("f8801", 2025)]


@pytest.mark.parametrize(("name", "year"), SECOND_YEARS)
def test_the_proposed_boxes_are_those_of_the_reviewed_file(name, year):
    # The reviewed file is not read for the proposal: it comes from the year before.
    proposal = adopted(name, year)
    assert (proposal.revision, proposal.base_year) == (Revision(name, year), year - 1)
    assert boxes(read(proposal.text)) == boxes(read_yaml(f"{year}/{name}.yaml"))
    assert read(proposal.text)["verified"] == "false"
    assert any(re.fullmatch(r"the proposal against the paper: \d+ boxes, no faults", note) for note in proposal.notes)


def test_the_two_lines_1_of_2025_are_found():
    proposal = adopted("f6251", 2025)
    data = {line["line"]: line for part in read(proposal.text)["parts"] for line in part["lines"]}
    assert "1" not in data
    assert (data["1a"]["box"], data["1a"]["name"]) == ("f1_3", "?")
    assert (data["1b"]["box"], data["1b"]["name"]) == ("f1_4", "starting_income")
    assert list(data)[:3] == ["1a", "1b", "2a"]
    assert "line 1a: new, box f1_3 on page 1" in proposal.notes
    assert "line 1b: was line 1; `how` and `when` of other lines may name it" in proposal.notes
    assert "structure f6251: lines are not those of last year, it may need another" in proposal.notes


# Forms 6251 of 2024 and 2025, line 5, as printed.
REPLACED = {
    "85,700": "88,100",
    "133,300": "137,000",
    "66,650": "68,500",
    "609,350": "626,350",
    "1,218,700": "1,252,700",
}


def test_amounts_are_listed_with_those_they_replace():
    notes = [note for note in adopted("f6251", 2025).notes if note.startswith("line 5: prints")]
    found = dict(re.fullmatch(r"line 5: prints (\S+), was (\S+) \(.*\)", note).groups()[::-1] for note in notes)
    assert found == REPLACED
    assert "line 5: prints 88,100, was 85,700 (amt_exemption, single 2024)" in notes


@pytest.mark.usefixtures("no_last_year")
def test_amounts_are_listed_without_last_years_blank_too():
    proposal = propose(path_of("f6251", 2025))
    notes = [note for note in proposal.notes if note.startswith("line 5: prints")]
    found = dict(re.fullmatch(r"line 5: prints (\S+), was (\S+) \(.*\)", note).groups()[::-1] for note in notes)
    assert found == REPLACED
    assert "lines are matched by number alone" in proposal.notes[1]
    assert boxes(read(proposal.text)) == boxes(read_yaml("2025/f6251.yaml"))


def test_every_amount_listed_is_printed_on_one_of_the_two_blanks():
    pattern = r"line (\S+): prints ([\d,]+), was ([\d,]+) .*"
    found = [match.groups() for note in adopted("f6251", 2026).notes if (match := re.fullmatch(pattern, note))]
    printed = {
        year: {word.text.strip("$().,") for page in (1, 2) for word in blank("f6251", year).words(page)}
        for year in (2025, 2026)
    }
    assert len(found) > 20
    assert {new for _, new, _ in found} <= printed[2026]
    assert {old for _, _, old in found} <= printed[2025]


def test_an_amount_that_nothing_is_held_of_has_the_nearest_one():
    assert words.before("86,000", (2024, 2050)) == "nearest held 85,700 (amt_exemption, single 2024)"
    assert words.before("85,700", (2024, 2050)) == ""  # has not changed
    assert words.before("28%", (2024, 2050)) == ""


def test_references_that_changed_are_listed():
    # Forms 6251: line 2a refers to Form 1040 line 12 in 2024, line 12e in 2025; Schedule D line 21: line 7, line 7a.
    assert "line 2a reads otherwise: '12' is '12e'" in adopted("f6251", 2025).notes
    assert "line 21 reads otherwise: '7' is '7a'" in adopted("f1040sd", 2025).notes


def test_the_rows_and_boxes_of_form_8949_of_2025():
    proposal = adopted("f8949", 2025)
    data = read(proposal.text)
    assert data["rows"] == "11"
    assert [len(part["row_boxes"]) for part in data["parts"]] == [11, 11]
    assert ["".join(part["boxes"]) for part in data["parts"]] == ["ABCGHI", "DEFJKL"]
    assert "rows of a page: 11, were 14" in proposal.notes
    assert {f"part II, boxes ({letter}): new" for letter in "JKL"} <= set(proposal.notes)


def test_a_draft_is_adopted_without_its_cover():
    proposal = adopted("f6251", 2026)
    data = read(proposal.text)
    assert data["draft"] == "true"
    assert "line 1a reads otherwise: '37' is '43'" in proposal.notes  # of Schedule 1-A
    assert {claim.page for claim in claims(data)} == {1, 2}


def test_the_difference_is_one_that_turns_last_years_file_into_the_proposal():
    # Applied by hand: hunks of a unified diff, their first lines given.
    for proposal in (adopted("f6251", 2025), adopted("f8949", 2025)):
        assert proposal.difference()[:2] == [
            f"--- forms/2024/{proposal.revision.form}.yaml",
            f"+++ forms/2025/{proposal.revision.form}.yaml",
        ]
        lines, result, at = proposal.base.splitlines(), [], 0
        for line in proposal.difference()[2:]:
            if line.startswith("@@"):
                begin = int(re.match(r"@@ -(\d+)", line)[1]) - 1
                result += lines[at:begin]
                at = begin
            elif line.startswith("+"):
                result.append(line[1:])
            else:
                assert lines[at] == line[1:]
                result += [line[1:]] if line.startswith(" ") else []
                at += 1
        assert "\n".join([*result, *lines[at:]]) + "\n" == proposal.text


def test_only_what_the_paper_contradicts_is_changed():
    # 2023 to 2024: Form 6251 kept its boxes.
    changed = [line for line in adopted("f6251", 2024).difference()[2:] if line[0] in "+-"]
    assert [re.sub(r"\d{4}", "YEAR", line) for line in changed] == [
        "-# Form YEAR (YEAR). Lines, boxes and figures compared with the official PDF of the year.",
        "+# Form YEAR (YEAR), proposed from fYEAR--YEAR.pdf and the file of YEAR: not reviewed.",
        "-verified: true",
        "+verified: false",
    ]


class Renumbered:
    """The paper of a year as if its page 2 had counted one line more before: each number there is one higher."""

    def __init__(self, paper):
        self.paper, self.fields = paper, paper.fields

    def words(self, page):
        found = self.paper.words(page)
        return [self.higher(word) for word in found] if page == 2 else found

    def higher(self, word):
        beside_a_box = 470 < word.left < 510
        number = word.text.isdecimal() and (word.left < 60 or beside_a_box)
        return Word(str(int(word.text) + 1), *word[1:]) if number else word


def one_higher(text):
    """The file of a form with its Part III, lines 12 to 40, numbered 13 to 41."""
    head, tail = text.split("  - part: III\n")
    return head + "  - part: III\n" + re.sub(r'line: "(\d+)"', lambda found: f'line: "{int(found[1]) + 1}"', tail)


def test_lines_that_moved_to_other_numbers_keep_their_meaning():
    # By number, 28 of these lines would be taken for their neighbours.
    base = one_higher((folder("forms") / "2024" / "f6251.yaml").read_text(encoding="utf-8"))
    last = Geometry(Renumbered(Paper(path_of("f6251", 2024))))
    assert last.faults(claims(read(base))) == []
    paper = Paper(path_of("f6251", 2025))
    proposal = draft(path_of("f6251", 2025), paper, Revision("f6251", 2025), (2024, base), last)

    def names(data):
        return {line["line"]: line["name"] for part in data["parts"] for line in part["lines"]}

    expected = names(read_yaml("2025/f6251.yaml"))
    proposed = names(read(proposal.text))
    assert {number: proposed[number] for number in expected if number != "1a"} == {
        number: name for number, name in expected.items() if number != "1a"
    }
    assert boxes(read(proposal.text)) == boxes(read_yaml("2025/f6251.yaml"))
    assert sum("was line" in note for note in proposal.notes) == 30  # 12 to 40, and 1b


def test_a_line_that_is_gone_is_taken_out():
    base = (folder("forms") / "2025" / "f6251.yaml").read_text(encoding="utf-8")
    entry = '      - {line: "2u", name: old, caption: "Old", how: "line 4", box: f1_99}\n'
    at = base.index('      - {line: "3"')
    proposal = draft(
        path_of("f6251", 2025),
        Paper(path_of("f6251", 2025)),
        Revision("f6251", 2025),
        (2024, base[:at] + entry + base[at:]),
        None,
    )
    assert "line 2u: no longer there" in proposal.notes
    assert "f1_99" not in proposal.text
    assert boxes(read(proposal.text)) == boxes(read_yaml("2025/f6251.yaml"))


def test_parentheses_columns_and_pages_follow_the_paper():
    # A last year that had them all otherwise.
    base = (folder("forms") / "2025" / "f1040sd.yaml").read_text(encoding="utf-8")
    base = base.replace("box: f1_22}", "box: f1_22, parens: true}").replace(
        ", box: f1_21, parens: true}", ", box: f1_1}"
    )
    base = base.replace("boxes: {d: f1_3, e: f1_4, h: f1_6}", "box: f1_77, page: 2")
    path = path_of("f1040sd", 2025)
    proposal = draft(path, Paper(path), Revision("f1040sd", 2026), (2025, base), None)
    assert boxes(read(proposal.text)) == boxes(read_yaml("2025/f1040sd.yaml"))
    assert "the proposal against the paper: 53 boxes, no faults" in proposal.notes


def test_a_box_that_no_line_claims_is_a_fault_of_the_proposal(tmp_path):
    # A blank whose box of line 2c was moved where nothing is printed.
    writer = pypdf.PdfWriter(clone_from=path_of("f6251", 2025))
    for reference in writer.pages[0]["/Annots"]:
        if str(reference.get_object().get("/T")) == "f1_7[0]":
            numbers = [pypdf.generic.FloatObject(side) for side in (300, 770, 340, 780)]
            reference.get_object()[NameObject("/Rect")] = pypdf.generic.ArrayObject(numbers)
    writer.write(tmp_path / "f.pdf")
    proposal = propose(tmp_path / "f.pdf", forms_dir=FOLDER)
    assert "line 2c: no longer there" in proposal.notes
    assert any("box f1_7: in no map" in note for note in proposal.notes)


def test_what_blanks_yaml_needs_is_said_for_a_file_it_does_not_have(tmp_path):
    pypdf.PdfWriter(clone_from=path_of("f6251", 2025)).write(tmp_path / "f.pdf")
    assert re.fullmatch(
        "forms/blanks.yaml, f6251 2025: title: 2025 Form 6251, fields: 62, sha256: [0-9a-f]{64}",
        propose(tmp_path / "f.pdf", forms_dir=FOLDER).notes[-1],
    )
    assert "blanks.yaml" not in adopted("f6251", 2025).notes[-1]


def test_a_map_without_lines_gets_them_all():
    pairs = list(pair_lines([], Geometry(Paper(path_of("f8801", 2025))), None))
    assert [pair.line.number for pair in pairs] == [str(number) for number in range(1, 56)]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("abc", "abc", ["aa", "bb", "cc"]),
        ("abc", "axbc", ["aa", "-x", "bb", "cc"]),
        ("abc", "ac", ["aa", "b-", "cc"]),
        ("abc", "xyz", ["a-", "b-", "c-", "-x", "-y", "-z"]),
        ("", "ab", []),  # no line of last year: nothing to pair
        ("ab", "", ["a-", "b-"]),
    ],
)
def test_lines_are_paired_in_order(old, new, expected):
    found = words.paired([[float(one == other) for other in new] for one in old])
    assert [
        ("-" if a is None else old[a]) + ("-" if b is None else new[b]) for a, b in found
    ] == expected  # fmt: skip


def test_wording_leaves_out_what_changes_every_year():
    old = "2 l Post-1986 and long- term of 2023, $1,000 or 28% . . . . 2l"
    new = "l Post-1986 and long-term of 2024, $2,000 or 28%. . . 2l"
    assert words.reworded(old, new, (2024, 2025)) == []
    assert words.reworded(old, new, (2024, 2026)) == ["'year-1' is 'year-2'"]
    assert words.reworded("1 Add b c d", "1 Take b y d z", (2024, 2025)) == [
        "'Add' is 'Take'",
        "'c' is 'y'",
        "now 'z'",
    ]


def test_keys_are_set_in_place_and_the_rest_stays():
    text = 'parts:\n  - lines:\n      - {line: "1", box: f1_1, parens: true}  # as printed\n'

    def after(key, said):
        entry = items(items(root(text).value[0][1])[0].value[0][1])[0]
        assert value(entry, "line") == "1"
        return edited(text, set_key(entry, key, said)).splitlines()[-1].strip()

    assert after("box", "f1_2") == '- {line: "1", box: f1_2, parens: true}  # as printed'
    assert after("parens", None) == '- {line: "1", box: f1_1}  # as printed'
    assert after("page", "2") == '- {line: "1", box: f1_1, parens: true, page: 2}  # as printed'
    assert after("page", None) == text.splitlines()[-1].strip()


def test_the_command_prints_notes_and_difference_and_writes_a_new_file(tmp_path):
    arguments = ["forms", "adopt", str(path_of("f6251", 2025)), "--forms-dir", str(FOLDER)]
    result = run(app, [*arguments, "-o", str(tmp_path / "f6251.yaml")])
    proposal = adopted("f6251", 2025)
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [*proposal.notes, *proposal.difference()]
    assert (tmp_path / "f6251.yaml").read_text(encoding="utf-8") == proposal.text
    (tmp_path / "f6251.yaml").write_text("mine")
    again = run(app, [*arguments, "-o", str(tmp_path / "f6251.yaml")])
    assert (again.exit_code, (tmp_path / "f6251.yaml").read_text()) == (2, "mine")
    assert "--out: File exists, expected a new file" in again.stderr


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--form", "f1040"], "--form: read f1040, expected one of f1040sd, f6251, f8801, f8949"),
        (["--year", "1990"], "there is no map of f6251 before 1990 to begin with"),
    ],
)
def test_what_cannot_be_adopted_is_refused_in_a_line(more, said):
    path = path_of("f6251", 2025)
    result = run(app, ["forms", "adopt", str(path), *more])
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines() == [f"{path}:0: {said}"]


def test_a_file_that_is_no_form_is_refused_in_a_line(tmp_path):
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7 none")
    for name in ("a.pdf", "none.pdf"):
        result = run(app, ["forms", "adopt", str(tmp_path / name)])
        assert result.exit_code == 2
        assert len(result.stderr.splitlines()) == 1
