"""Hypothetical amounts, which a case lays over the law's, are told wherever a figure stands; so are draft figures."""

import csv
import io
import json

import pypdfium2 as pdfium
import pytest
import yaml
from blank_folder import BLANKS, NONE_HERE
from packets import irs_mapping

from worksheets.paper.packet import build
from worksheets.session import open_case
from worksheets.terminal import findings_json, findings_markdown, show_built, show_findings, show_result

HYPOTHETICAL = "hypothetical amounts"


def paper(folder):
    """Every page of every document of a packet, in small letters."""
    for path in sorted(folder.rglob("*.pdf")):
        for number, page in enumerate(pdfium.PdfDocument(path), start=1):
            yield (
                f"{path.relative_to(folder)} page {number}",
                " ".join(page.get_textpage().get_text_range().casefold().split()),
            )


@pytest.fixture(scope="module", params=["official", "drawn"])
def made(request, tmp_path_factory):
    """The packet of the IRS example with another exemption in 2024, the second of its three years."""
    if request.param == "official" and not BLANKS.is_dir():
        pytest.skip(NONE_HERE)
    folder = tmp_path_factory.mktemp("case")
    (folder / "what-if.yaml").write_text("amt_exemption: {2024: 80000}\n", encoding="utf-8")
    (folder / "case.yaml").write_text(yaml.safe_dump(irs_mapping(amounts="what-if.yaml")), encoding="utf-8")
    session = open_case(folder / "case.yaml")
    return session, build(session, folder / "packet", forms_dir=BLANKS if request.param == "official" else folder)


def test_every_page_says_so(made):
    found = list(paper(made[1].folder))
    assert len(found) > 60
    assert [where for where, words in found if HYPOTHETICAL not in words] == []


def test_no_page_asks_to_be_filed(made):
    for where, words in paper(made[1].folder):
        assert "): file on the official form" not in words, where  # under the title of a drawn form
    contents = [words for _, words in paper(made[1].folder) if words.startswith("contents")]
    assert any(f"{HYPOTHETICAL}: do not file" in words for words in contents)


def test_result_terminal_page_and_entry_sheet_say_so(made, capsys):
    session, built = made
    assert all(
        year["hypothetical_amounts"] and not year["ready_to_file"] for year in session.result()["years"].values()
    )
    show_result(session.result())
    assert capsys.readouterr().out.count("hypothetical amounts") == 3
    assert "HYPOTHETICAL AMOUNTS" in (built.folder / "audit.html").read_text(encoding="utf-8")
    for year in (2023, 2024, 2025):
        rows = list(csv.DictReader(io.StringIO((built.folder / f"{year}/entry_sheet.csv").read_text("utf-8-sig"))))
        assert [row["description"] for row in rows if row["kind"] == "note"] == ["HYPOTHETICAL AMOUNTS"]


def test_a_draft_year_says_so_on_every_page_of_its_own(tmp_path):
    case = irs_mapping()
    case["years"]["2026"] = {"filing_status": "single", "wages": "150000"}
    built = build(open_case(case), tmp_path / "packet", forms_dir=tmp_path)
    found = [(where, words) for where, words in paper(built.folder) if where.startswith("2026/")]
    assert len(found) > 10
    assert [where for where, words in found if "draft figures" not in words] == []
    assert "DRAFT FIGURES" in (built.folder / "2026/entry_sheet.csv").read_text("utf-8-sig")
    assert not any("draft figures" in words for where, words in paper(built.folder) if where.startswith("2025/"))


def test_check_says_what_the_figures_rest_on(made, capsys):
    session, built = made
    show_findings(session)
    show_built(built, session)
    assert capsys.readouterr().out.count("hypothetical amounts stand in place of the law's") == 6
    assert findings_markdown(session).count("hypothetical amounts stand in place of the law's") == 3
    assert all(year["hypothetical_amounts"] for year in json.loads(findings_json(session))["years"].values())
