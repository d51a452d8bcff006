"""Filled forms read back with PDFium: each figure by the number printed in its row, each row of Form 8949 by column.

Words set in our typeface are what was filled in; every one of them must be accounted for, so that nothing stands on
paper that the result does not say.
"""

import re
from decimal import Decimal

from paper_cases import SSN
from paper_words import checked, pages_of

from worksheets import results
from worksheets.form import Columns
from worksheets.paper.official import AMT

FORMS = (("6251", "f6251"), ("8801", "f8801"), ("schedule_d", "f1040sd"), ("schedule_d_amt", "f1040sd"))


ATTRIBUTES = {"6251": "f6251", "8801": "f8801", "schedule_d": "schedule_d", "schedule_d_amt": "schedule_d_amt"}


FOOT = 24  # points: the forms end there, and below it a packet numbers its pages
NUMBER = re.compile(r"\d{1,2}[a-z]?")


MARGIN, BESIDE, LEVEL = 60, 30, 5  # points: where margin numbers end, from a number to its box, on one row


def figure(text):
    """What an amount on paper says: parentheses are a minus."""
    value = Decimal(text.strip("()").replace(",", ""))
    return -value if text.startswith("(") else value


def read_pages(pdf):
    """For each page the words of the blank, our words in the heading, and our words below it."""
    for words in pages_of(pdf):
        blank = [word for word in words if not word.ours]
        ours = [word for word in words if word.ours and not (word.top < FOOT and re.fullmatch(r"\d+|of", word.text))]
        edge = min((word.middle for word in ours if word.text == SSN), default=1000) - LEVEL
        heading = [word for word in ours if word.middle > edge or word.text == AMT]
        yield blank, heading, [word for word in ours if word not in heading]


def number_beside(blank, word):
    """The line number printed to the left of an amount, in the number column of its row."""
    found = [
        other
        for other in blank
        if NUMBER.fullmatch(other.text) and abs(other.middle - word.middle) < LEVEL and other.right < word.right
    ]
    return max(found, key=lambda other: other.right).text


def number_above(blank, word):
    """The line number in the left margin at or next above a word."""
    found = [
        other
        for other in blank
        if NUMBER.fullmatch(other.text) and other.left < MARGIN and other.bottom > word.bottom - LEVEL
    ]
    return min(found, key=lambda other: other.bottom).text


def column_above(blank, word):
    """The letter over the column of Schedule D's table that a word stands in; its columns are equally wide."""
    heads = [other for other in blank if re.fullmatch(r"\([deg]\)", other.text) and other.bottom > word.top]
    lowest = min(head.bottom for head in heads)
    d, e, g = (
        max(
            (head for head in heads if head.text == f"({letter})" and head.bottom < lowest + 60), key=lambda h: h.bottom
        )
        for letter in "deg"
    )
    centres = dict(zip("degh", (d.centre, e.centre, g.centre, 2 * g.centre - e.centre), strict=True))
    return min(centres, key=lambda letter: abs(centres[letter] - word.centre))


def read_form(pdf):
    """Every amount on a filled form by the number printed in its row, and the pages' headings."""
    lines, headings = {}, []
    for blank, heading, amounts in read_pages(pdf):
        headings.append(" ".join(word.text for word in heading))
        tables = [word for word in blank if word.text in {"(d)", "(h)"}]
        for word in amounts:
            if not tables or in_number_column(blank, word):
                key, column = number_beside(blank, word), None
            else:
                key, column = number_above(blank, word), column_above(blank, word)
            place = lines if column is None else lines.setdefault(key, {})
            assert (column or key) not in place, f"two amounts on line {key}"
            place[column or key] = figure(word.text)
    return lines, headings


def in_number_column(blank, word):
    """Whether the number of its row stands right before an amount, so that the row is no row of a table."""
    return any(
        NUMBER.fullmatch(other.text)
        and abs(other.middle - word.middle) < LEVEL
        and other.left > 440
        and other.right < word.right
        for other in blank
    )


def expected(found):
    """The lines of a form as results.json has them; on the official Schedule D lines 1a and 8a have no column (g)."""
    lines = results.lines(found.printed())
    return {
        number: {name: Decimal(str(part)) for name, part in value.items()}
        if isinstance(value, dict)
        else Decimal(str(value))
        for number, value in lines.items()
    }


SCHEDULE_LINES = {**dict(zip("ABCDEF", ("1b", "2", "3", "8b", "9", "10"), strict=True)), "G": "1b", "H": "2", "I": "3"}


SCHEDULE_LINES |= {"J": "8b", "K": "9", "L": "10"}


def sums(totals):
    """The totals of all pages added up by line of Schedule D."""
    found = {}
    for box, rows in totals.items():
        for row in rows:
            line = found.setdefault(SCHEDULE_LINES[box], dict.fromkeys("degh", Decimal(0)))
            assert set(row) == set("degh")
            for column, value in row.items():
                line[column] += value
    return found


def schedule_rows(schedule):
    return {
        number: value._asdict()
        for number, value in schedule.printed().items()
        if isinstance(value, Columns) and any(value)
    }


def in_decimals(row):
    return {key: value if isinstance(value, str) else Decimal(str(value)) for key, value in row.items()}


def read_8949(pdf, head, mark):
    """For each page with rows the box that is checked and the rows, the totals last."""
    boxes = checked_boxes(pdf)
    for index, (page, heading, ours) in enumerate(read_pages(pdf)):
        assert sorted(word.text for word in heading) == sorted(f"{head.name} {SSN} {mark or ''}".split())
        assert (index in boxes) == bool(ours)
        if ours:
            yield boxes[index], table(page, ours)


def checked_boxes(pdf):
    """The box that is checked on each page (from 0): the letter printed beside it."""
    found = {}
    for index, (_, bottom, right, top) in checked(pdf):
        words = [word for word in pages_of(pdf)[index] if re.fullmatch(r"\([A-L]\)", word.text)]
        (letter,) = [word for word in words if bottom - 2 < word.middle < top + 2 and 0 < word.left - right < 20]
        assert index not in found, "two boxes are checked"
        found[index] = letter.text.strip("()")
    return found


def table(blank, ours):
    """The rows of a page of Form 8949, top to bottom, by column; a row's words stand level with its proceeds or above."""
    edges = column_edges(blank)
    columns = ["abcdefgh"[sum(edge < word.centre for edge in edges)] for word in ours]
    lows = sorted((word.bottom for word, column in zip(ours, columns, strict=True) if column == "d"), reverse=True)
    rows = [{} for _ in lows]
    for word, column in zip(ours, columns, strict=True):
        index = max(place for place, low in enumerate(lows) if place == 0 or lows[place - 1] > word.bottom + LEVEL)
        rows[index].setdefault(column, []).append(word.text)
    return [{column: read_cell(column, " ".join(texts)) for column, texts in row.items()} for row in rows]


def column_edges(blank):
    """Where the columns of Form 8949 after (a) start: each is as wide to the left of its head as to the right."""
    heads = [min((w for w in blank if w.text == f"({letter})"), key=lambda w: -w.bottom) for letter in "bcdefgh"]
    edges = [heads[0].centre - (heads[1].centre - heads[0].centre) / 2]
    for head in heads[:-1]:
        edges.append(2 * head.centre - edges[-1])
    return edges


def read_cell(column, text):
    if column in "degh":
        return figure(text)
    if found := re.fullmatch(r"(\d\d)/(\d\d)/(\d{4})", text):
        return f"{found[3]}-{found[1]}-{found[2]}"
    return text
