"""The page of the audit report: well made, harmless whatever the case says, legible."""

import re
from itertools import pairwise

import pytest
from audit_page import CASES, EARLY, LOT, TOTALS, YEARS, Page, page, session, text_of
from households import sale

from worksheets.audit import BASIS_CODES, ROW_CODES
from worksheets.audit_desk import ROW_FINDINGS, YEAR_FINDINGS
from worksheets.paper.render import environment
from worksheets.paper.report import audit_html, audit_pdf
from worksheets.session import open_case

EVIL = (
    "<script>alert(1)</script>",
    "{{7*7}}",
    "{% raw %}",
    '"><img src=x onerror=alert(1)>',
    "' onclick='x",
    "&lt;b&gt;",
)


@pytest.mark.parametrize("name", CASES)
def test_the_page_is_well_made(name):
    found = page(name)
    assert found.faults == []
    assert found.declarations == ["DOCTYPE html"]
    (html,) = found.root.all("html")
    assert html.attributes["lang"] == "en"
    assert len(list(html.all("h1"))) == len(list(html.all("title"))) == len(list(html.all("main"))) == 1
    levels = [int(tag.name[1]) for tag in html.all("h1", "h2", "h3", "h4")]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = [tag.attributes["id"] for tag in html.all() if "id" in tag.attributes]
    assert len(ids) == len(set(ids))
    links = {tag.attributes["href"] for tag in html.all("a")}
    named = {tag.attributes[key] for tag in html.all() for key in ("aria-labelledby",) if key in tag.attributes}
    assert {link.removeprefix("#") for link in links} | named <= set(ids)


@pytest.mark.parametrize("name", CASES)
def test_the_page_needs_nothing_else_and_runs_nothing(name):
    text = audit_html(session(name))
    root = page(name).root
    assert "http:" not in text
    assert "https:" not in text
    assert not list(root.all("script", "link", "img", "iframe", "object", "embed", "form", "base"))
    for tag in root.all():
        assert not [
            key for key in tag.attributes if key.startswith("on") or key in {"src", "style", "srcset", "action"}
        ]
        assert (tag.attributes.get("href") or "#").startswith("#")
    assert set(re.findall(r"url\(([^)]*)\)", text)) <= {'"#hatch-pay"', '"#hatch-spread"', '"#hatch-early"'}
    assert "@import" not in text
    (policy,) = [tag for tag in root.all("meta") if tag.attributes.get("http-equiv") == "Content-Security-Policy"]
    assert policy.attributes["content"].startswith("default-src 'none'")


@pytest.mark.parametrize("name", CASES)
def test_every_picture_has_its_text_and_every_table_its_heads(name):
    root = page(name).root
    pictures = [tag for tag in root.all("svg") if tag.parent.name != "svg"]
    assert pictures
    for tag in pictures:
        if tag.attributes.get("aria-hidden") != "true":
            assert tag.attributes["role"] == "img"
            assert re.search(r"\d", tag.attributes["aria-label"])
        else:  # a sign beside its word
            assert tag.classes & {"icon", "patterns"} or tag.parent.name == "li"
    for table in root.all("table"):
        assert all(head.attributes.get("scope") for head in table.all("th"))
        for row in table.all("tr"):
            figures = [cell for cell in row.all("td") if re.fullmatch(r"\(?[\d,.]+\)?", cell.text)]
            assert all("num" in cell.classes for cell in figures)
    for chip in root.of_class("chip"):
        assert chip.text  # never colour or shape alone


def test_every_code_has_a_title():
    titles = environment().get_template("audit_words.j2").module.TITLES
    codes = {*BASIS_CODES, *ROW_CODES, *ROW_FINDINGS, *YEAR_FINDINGS}
    # these give findings of other codes, which they name
    aliases = {"pay_of_shares_given_up", "shares_given_up_exceed_lots", "given_up_near_a_test", "totals_differ"}
    aliases |= {"amt_special_gains_assumed"}
    assert codes - aliases <= titles.keys()


# What a case says is text, never markup.


def spoiled(word):
    row = sale("2024-01-18", 100, 5500, **EARLY, broker=f"B {word}", description=f"D {word}", account=f"{word} 1")
    named, name = {"corporation": f"C {word}"}, word.replace(";", "")  # an id has no semicolon
    return open_case(
        {
            "case": "1",
            "taxpayer": {"name": f"T {word}"},
            "exercises": [{"id": f"E {name}", **named, **LOT}],
            "sales": [{"id": f"S {name}", **named, **row}],
            "years": YEARS,
            "totals": [{**TOTALS, "broker": f"B {word}", "account": f"{word} 1"}],
        }
    )


@pytest.mark.parametrize("word", EVIL)
def test_what_a_case_says_is_printed_and_does_nothing(word):
    found = Page(audit_html(spoiled(word)))
    assert found.faults == []
    assert not list(found.root.all("script", "img", "b b"))
    assert not [key for tag in found.root.all() for key in tag.attributes if key.startswith("on")]
    for letter in "TBDC":
        assert f"{letter} {word}" in found.root.text, letter
    for letter in "ES":
        assert f"{letter} {word.replace(';', '')}" in found.root.text, letter
    on_paper = text_of(audit_pdf(spoiled(word)))
    for letter in "TBC":
        assert re.sub(r"\s", "", f"{letter} {word}") in re.sub(r"\s", "", on_paper), letter


# Legible: WCAG 2.2, 1.4.3 (text 4.5:1) and 1.4.11 (pictures 3:1).


def schemes():
    css = environment().get_template("audit_style.j2").render()
    first, second = re.findall(r":root \{(.*?)\}", css, re.DOTALL)
    light = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", first))
    dark = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", second))
    assert light.keys() == dark.keys()
    return {"light": light, "dark": dark}


def luminance(colour):
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_reckoned_right():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)  # WebAIM's example


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_and_pictures_stand_out(scheme):
    found = schemes()[scheme]
    for ground in ("paper", "wash"):
        for ink in ("ink", "muted", "regular", "amt", "error", "warning", "corrected", "note"):
            assert contrast(found[ink], found[ground]) >= 4.5, (ink, ground)
    for ink in ("error", "warning", "corrected", "note"):
        assert contrast(found["sign"], found[ink]) >= 4.5, ink
    for ground in ("paper", "track", "pale"):
        for ink in ("ink", "muted", "regular", "amt", "early", "corrected"):
            assert contrast(found[ink], found[ground]) >= 3, (ink, ground)
