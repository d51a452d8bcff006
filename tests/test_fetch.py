"""Bringing blanks from a site: a server on this machine that answers as irs.gov would, and as it should not."""

import dataclasses
import hashlib
import os
import socket
import stat
import threading

import pypdf
import pytest
from local_site import CONTENT, serving
from official_blanks import FOLDER
from pypdf.generic import NameObject
from typer.testing import CliRunner

from worksheets import fetch as fetching
from worksheets.cli import app
from worksheets.fetch import FetchError, NoNetworkError, addresses, download, fetch, official_blanks, write_private
from worksheets.paper.blanks import catalogue, official
from worksheets.terminal_forms import fetch_all

PRIOR = "/pub/irs-prior/"
run = CliRunner().invoke


@pytest.fixture
def site(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with serving() as found:
        yield found


@pytest.fixture
def other_site():
    with serving() as found:
        yield found


def pinned_to(content, form="f6251", year=2023):
    return dataclasses.replace(catalogue()[form, year], sha256=hashlib.sha256(content).hexdigest())


BLANK = pinned_to(CONTENT)


def left_in(folder):
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def refused(outcome, folder):
    assert outcome.state == "refused"
    assert not outcome.kept
    assert left_in(folder) == []
    assert "\n" not in outcome.reason
    assert outcome.reason.endswith(": nothing was kept")
    return outcome.reason.removesuffix(": nothing was kept")


def test_the_right_file_is_kept_for_its_owner_only(site, tmp_path):
    site.serve(PRIOR + BLANK.file)
    folder = tmp_path / "cache" / "forms"
    seen = []
    outcome = fetch(BLANK, folder, lambda *of: seen.append(of), site=site.base)
    assert (outcome.state, outcome.reason, outcome.kept) == ("fetched", "", True)
    assert (folder / BLANK.file).read_bytes() == CONTENT
    assert left_in(folder) == [BLANK.file]
    assert seen[-1] == (len(CONTENT), len(CONTENT))
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    if os.name == "posix":
        modes = [stat.S_IMODE(path.stat().st_mode) for path in (folder / BLANK.file, folder, folder.parent)]
        assert modes == [0o600, 0o700, 0o700]


def test_a_good_file_that_is_there_is_not_asked_for(site, tmp_path):
    (tmp_path / BLANK.file).write_bytes(CONTENT)
    assert fetch(BLANK, tmp_path, site=site.base).state == "present"
    assert site.asked == []


def test_a_bad_file_that_is_there_is_replaced_by_a_good_one_alone(site, tmp_path):
    target = tmp_path / BLANK.file
    target.write_bytes(b"mine")
    site.serve(PRIOR + BLANK.file, b"%PDF-1.7 another")
    assert fetch(BLANK, tmp_path, site=site.base).state == "refused"
    assert target.read_bytes() == b"mine"
    site.serve(PRIOR + BLANK.file)
    assert fetch(BLANK, tmp_path, site=site.base).state == "fetched"
    assert target.read_bytes() == CONTENT


def test_a_wrong_digest_is_refused(site, tmp_path):
    site.serve(PRIOR + BLANK.file, CONTENT + b" ")
    reason = refused(fetch(BLANK, tmp_path / "forms", site=site.base), tmp_path / "forms")
    got, expected = (hashlib.sha256(text).hexdigest()[:16] for text in (CONTENT + b" ", CONTENT))
    assert reason == f"its sha256 is {got}…, expected {expected}…"


def test_a_file_cut_short_is_refused(site, tmp_path):
    site.serve(PRIOR + BLANK.file, CONTENT[:-100], Content_Length=str(len(CONTENT)))
    reason = refused(fetch(BLANK, tmp_path, site=site.base), tmp_path)
    assert reason == f"it was cut short: {len(CONTENT) - 100:,} of {len(CONTENT):,} bytes"


def test_a_file_cut_short_that_does_not_say_its_length_is_refused(site, tmp_path):
    site.serve(PRIOR + BLANK.file, CONTENT[:-100], Content_Length=None)
    assert "its sha256 is" in refused(fetch(BLANK, tmp_path, site=site.base), tmp_path)


def test_a_page_in_place_of_a_pdf_is_refused(site, tmp_path):
    site.serve(PRIOR + BLANK.file, b"<!DOCTYPE html><title>Maintenance</title>", Content_Type="text/html")
    assert refused(fetch(BLANK, tmp_path, site=site.base), tmp_path) == "what came is no PDF"


def test_a_file_too_large_is_refused_before_it_is_read(site, tmp_path, monkeypatch):
    monkeypatch.setattr(fetching, "LARGEST_BLANK", len(CONTENT) - 1)
    for length in (str(len(CONTENT)), None):
        site.serve(PRIOR + BLANK.file, Content_Length=length)
        seen = []
        outcome = fetch(BLANK, tmp_path, lambda *of, seen=seen: seen.append(of), site=site.base)
        assert refused(outcome, tmp_path) == f"it is larger than {len(CONTENT) - 1:,} bytes"
        assert (seen == []) == bool(length)


def test_nothing_at_the_address_is_refused(site, tmp_path):
    assert refused(fetch(BLANK, tmp_path, site=site.base), tmp_path) == "the site answered 404 (Not Found)"
    assert site.asked == [PRIOR + BLANK.file]  # a prior revision stands nowhere else


def test_another_answer_than_a_file_is_refused(site, tmp_path):
    site.serve(PRIOR + BLANK.file, b"", 503)
    assert refused(fetch(BLANK, tmp_path, site=site.base), tmp_path) == "the site answered 503 (Service Unavailable)"


def test_the_newest_revision_is_found_where_the_site_keeps_the_newest(site, tmp_path):
    newest = pinned_to(CONTENT, year=max(year for form, year in catalogue() if form == "f8801"), form="f8801")
    site.serve("/pub/irs-pdf/f8801.pdf")
    assert fetch(newest, tmp_path, site=site.base).state == "fetched"
    assert site.asked == [PRIOR + newest.file, "/pub/irs-pdf/f8801.pdf"]
    assert left_in(tmp_path) == [newest.file]


def test_what_stands_as_the_newest_is_checked_like_any_other(site, tmp_path):
    newest = pinned_to(CONTENT, year=max(year for form, year in catalogue() if form == "f8801"), form="f8801")
    site.serve("/pub/irs-pdf/f8801.pdf", b"%PDF-1.7 of the year after")
    assert "its sha256 is" in refused(fetch(newest, tmp_path, site=site.base), tmp_path)


def test_a_draft_is_not_the_newest():
    last = max((known for known in official_blanks() if known.form == "f6251"), key=lambda known: known.year)
    assert not last.draft
    assert list(addresses(last)) == [last.address, "https://www.irs.gov/pub/irs-pdf/f6251.pdf"]
    assert list(addresses(BLANK)) == [BLANK.address]


def test_a_redirection_within_the_site_is_followed(site, tmp_path):
    site.serve(PRIOR + BLANK.file, b"", 302, Location="/moved/there.pdf")
    site.serve("/moved/there.pdf")
    assert fetch(BLANK, tmp_path, site=site.base).state == "fetched"


@pytest.mark.parametrize("scheme", ["http", "ftp", "file"])
def test_a_redirection_to_another_site_is_not_followed(site, other_site, tmp_path, scheme):
    other_site.serve("/f.pdf")
    place = {"http": other_site.base + "/f.pdf", "ftp": "ftp://127.0.0.1/f.pdf", "file": "file:///etc/hostname"}[scheme]
    site.serve(PRIOR + BLANK.file, b"", 301, Location=place)
    assert "the site" in refused(fetch(BLANK, tmp_path, site=site.base), tmp_path)
    assert other_site.asked == []


def test_a_redirection_that_goes_round_is_refused(site, tmp_path):
    site.serve(PRIOR + BLANK.file, b"", 302, Location=PRIOR + BLANK.file)
    assert refused(fetch(BLANK, tmp_path, site=site.base), tmp_path) == "the site answered 302 (Found)"


def closed_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def test_without_a_network_it_says_so_and_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with pytest.raises(NoNetworkError) as caught:
        fetch(BLANK, tmp_path / "forms", site=f"http://127.0.0.1:{closed_port()}")
    assert str(caught.value) == (
        "no connection to 127.0.0.1 (Connection refused): `dualbasis forms fetch` is the one command that needs the network"
    )
    assert not (tmp_path / "forms").exists()


def test_the_command_without_a_network_is_one_line(tmp_path, monkeypatch):
    for name in ("https_proxy", "HTTPS_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{closed_port()}")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    result = run(app, ["forms", "fetch", "--forms-dir", str(tmp_path / "forms")])
    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) == 1
    assert result.stderr.startswith("no connection to www.irs.gov (")
    assert not (tmp_path / "forms").exists()


def test_a_year_without_blanks_is_refused(tmp_path):
    result = run(app, ["forms", "fetch", "--year", "1999", "--forms-dir", str(tmp_path)])
    assert result.exit_code == 2
    assert result.stderr.startswith("--year: read 1999, expected one of ")


def test_a_connection_lost_on_the_way_is_refused(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as server:

        def hang_up():
            connection, _ = server.accept()
            connection.recv(1000)
            connection.close()

        threading.Thread(target=hang_up, daemon=True).start()
        outcome = fetch(BLANK, tmp_path, site=f"http://127.0.0.1:{server.getsockname()[1]}")
    assert "the connection was lost" in refused(outcome, tmp_path)


def test_a_name_with_folders_in_it_stays_in_the_folder(site, tmp_path):
    outside = dataclasses.replace(BLANK, file="../../outside.pdf")
    site.serve(PRIOR + BLANK.file)
    assert fetch(outside, tmp_path / "in" / "forms", site=site.base).state == "fetched"
    assert [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.pdf")] == ["in/forms/outside.pdf"]


def test_a_link_in_the_folder_is_replaced_not_followed(site, tmp_path):
    (tmp_path / "forms").mkdir()
    (tmp_path / "precious").write_bytes(b"precious")
    (tmp_path / "forms" / BLANK.file).symlink_to(tmp_path / "precious")
    site.serve(PRIOR + BLANK.file)
    assert fetch(BLANK, tmp_path / "forms", site=site.base).state == "fetched"
    assert (tmp_path / "precious").read_bytes() == b"precious"


def test_a_folder_that_cannot_be_written_to_is_refused(site, tmp_path):
    (tmp_path / "forms").write_text("a file")
    site.serve(PRIOR + BLANK.file)
    outcome = fetch(BLANK, tmp_path / "forms", site=site.base)
    assert outcome.state == "refused"
    assert "cannot be written to" in outcome.reason
    assert (tmp_path / "forms").read_text() == "a file"


def test_a_write_that_is_broken_off_leaves_nothing(tmp_path):
    def interrupted(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_private(tmp_path / "new" / "f.pdf", CONTENT, interrupted)
    assert left_in(tmp_path / "new") == []


def test_only_addresses_of_the_site_are_asked_for():
    assert all(known.address.startswith(fetching.SITE + "/pub/") for known in catalogue().values())
    with pytest.raises(FetchError, match="no address of a site"):
        download((FOLDER / "f8801--2025.pdf").as_uri())


def widgets(writer):
    notes = (reference.get_object() for page in writer.pages for reference in page.get("/Annots", ()))
    return {str(note["/T"]).removesuffix("[0]"): note for note in notes if note.get("/Subtype") == "/Widget"}


def playing(year, tmp_path, change=lambda _: None, title=None):
    """The 2025 blank of Form 8801, titled as that of another year and changed."""
    path = FOLDER / "f8801--2025.pdf"
    if not path.is_file():
        pytest.skip(f"the official blank {path.name} is missing: {FOLDER} holds none")
    writer = pypdf.PdfWriter(clone_from=path)
    writer.add_metadata({"/Title": title or f"{year} Form 8801"})
    change(widgets(writer))
    writer.write(tmp_path / "doctored")
    return (tmp_path / "doctored").read_bytes()


def unpinned(year=2024):
    known = catalogue()["f8801", year]
    assert known.sha256 is None
    return known


def test_a_blank_without_a_known_digest_is_kept_with_a_warning_when_all_agrees(site, tmp_path):
    known, folder = unpinned(), tmp_path / "forms"
    site.serve(PRIOR + known.file, playing(2024, tmp_path))
    outcome = fetch(known, folder, site=site.base)
    assert (outcome.state, outcome.kept) == ("unpinned", True)
    assert outcome.reason == (
        "no digest is known for it; title, year, fields and the places of all 57 boxes agree: compare its figures with "
        "the schedules"
    )
    assert left_in(folder) == [known.file]
    assert official("f8801", 2024, folder) is not None  # and forms are filled on it
    again = fetch(known, folder, site=site.base)
    assert (again.state, again.reason) == ("present", outcome.reason)
    assert site.asked == [PRIOR + known.file]


def swap(fields):
    one, other = fields["f1_6"]["/Rect"], fields["f1_7"]["/Rect"]
    fields["f1_6"][NameObject("/Rect")], fields["f1_7"][NameObject("/Rect")] = other, one


def rename(fields):
    fields["f2_4"][NameObject("/T")] = pypdf.generic.TextStringObject("f2_44[0]")


def lift(fields):
    left, bottom, right, top = map(float, fields["f3_5"]["/Rect"])
    numbers = [pypdf.generic.FloatObject(side) for side in (left, bottom + 300, right, top + 300)]
    fields["f3_5"][NameObject("/Rect")] = pypdf.generic.ArrayObject(numbers)


@pytest.mark.parametrize(
    ("change", "title", "said"),
    [
        (swap, None, "line 4, box f1_6: stands at line 5, not 4; line 5, box f1_7: stands at line 4, not 5"),
        (rename, None, "line 19, box f2_4: not in the blank"),
        (lift, None, "box f3_5: stands at line"),
        (lambda _: None, "2023 Form 8801", "title: reads '2023 Form 8801', not '2024 Form 8801'"),
        (lambda _: None, "2024 Form 6251", "title: reads '2024 Form 6251', not '2024 Form 8801'"),
    ],
)
def test_a_blank_without_a_known_digest_is_refused_when_anything_disagrees(site, tmp_path, change, title, said):
    known, folder = unpinned(), tmp_path / "forms"
    site.serve(PRIOR + known.file, playing(2024, tmp_path, change, title))
    assert said in refused(fetch(known, folder, site=site.base), folder)


def test_a_damaged_pdf_without_a_known_digest_is_refused(site, tmp_path):
    known, folder = unpinned(), tmp_path / "forms"
    for content in (b"%PDF-1.7\n" + b"\0" * 1000, playing(2024, tmp_path)[:60_000]):
        site.serve(PRIOR + known.file, content)
        assert refused(fetch(known, folder, site=site.base), folder)


def test_the_lines_that_the_command_prints(site, tmp_path, capsys):
    other = pinned_to(CONTENT, "f8949")
    site.serve(PRIOR + BLANK.file)
    outcomes = fetch_all([BLANK, other], tmp_path / "forms", site.base)
    assert [one.state for one in outcomes] == ["fetched", "refused"]
    printed = capsys.readouterr()
    assert printed.out.splitlines() == [
        f"fetched  {BLANK.file}",
        f"refused  {other.file}: the site answered 404 (Not Found): nothing was kept",
        f"1 of 2 in {tmp_path / 'forms'}",
    ]
    assert printed.err == ""


def test_the_list_says_what_is_there_and_marks_maps_that_were_not_verified(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("DUALBASIS_FORMS", raising=False)
    forms = tmp_path / "forms"
    forms.mkdir()
    (forms / "f8801--2024.pdf").write_bytes(playing(2024, tmp_path))
    (forms / "f8801--2023.pdf").write_bytes(playing(2023, tmp_path, swap))
    (forms / "f8801--2022.pdf").write_bytes(b"no form")
    (forms / "f8801--2025.pdf").write_bytes((FOLDER / "f8801--2025.pdf").read_bytes())
    (forms / "f6251--2025.pdf").write_bytes(b"%PDF-another")
    result = run(app, ["forms", "list", "--forms-dir", str(forms)])
    lines = dict(line.split(": ", 1) for line in result.stdout.splitlines() if ": " in line)
    assert result.exit_code == 0
    assert lines["2024 f8801 f8801--2024.pdf"] == "there, boxes agree, map unverified"
    assert lines["2023 f8801 f8801--2023.pdf"] == "there, 2 faults, map unverified"
    assert lines["2022 f8801 f8801--2022.pdf"] == "there, not a form, map unverified"
    assert lines["2021 f8801 f8801--2021.pdf"] == "missing, map unverified"
    assert lines["2025 f8801 f8801--2025.pdf"] == "there, checks, map verified"
    assert lines["2025 f6251 f6251--2025.pdf"] == "there, not the known file, map verified"
    unverified = [line for line in lines if lines[line].endswith("map unverified")]
    assert unverified == [f"{year} f8801 f8801--{year}.pdf" for year in (2021, 2022, 2023, 2024)]
