"""How fast official forms are filled, beside pypdf's own way on the same fields, and how large the files are.

    python benchmarks/fill.py [FOLDER WITH BLANKS]

The folder holds blanks as irs.gov names prior revisions ("f6251--2024.pdf"); without one, $DUALBASIS_FORMS.
"""

import gc
import io
import os
import statistics
import sys
import time
import tracemalloc
from pathlib import Path

import pypdf

from worksheets.paper.blank import Blank
from worksheets.paper.join import join
from worksheets.paper.typeface import typeface

ONE = "f6251--2024"
PACKET = ("f1040sd--2024", "f6251--2024", "f8801--2025", "f8949--2024")


def median(work, times):
    """Milliseconds, the median of several runs."""
    taken = []
    for _ in range(times):
        gc.collect()
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken) * 1000


def amounts(blank, count):
    """Amounts for the first fields that take one."""
    fields = [field for field in blank.fields.values() if field.align == 2 and not field.read_only]
    return {field.name: f"{index * 1234567 % 999983:,}" for index, field in enumerate(fields[:count], 1)}


def filled_by_pypdf(path, values):
    """The way pypdf's documentation shows: append, update each page, write."""
    writer = pypdf.PdfWriter()
    writer.append(path)
    for page in writer.pages:
        writer.update_page_form_field_values(page, values, auto_regenerate=False)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def one_form(folder):
    path = folder / f"{ONE}.pdf"
    print(f"{ONE}: blank of {path.stat().st_size:,} bytes")
    print(f"  load (parse and strip)       {median(lambda: Blank.load(path), 7):8.1f} ms")
    blank = Blank.load(path)
    values = amounts(blank, 30)
    start = time.perf_counter()
    blank.fill(values).pdf()
    print(f"  first fill                   {(time.perf_counter() - start) * 1000:8.1f} ms")
    ours = median(lambda: blank.fill(values).pdf(), 101)
    named = {f"{name}[0]": value for name, value in values.items()}
    held = pypdf.PdfReader(io.BytesIO(filled_by_pypdf(path, named))).get_form_text_fields()
    if {name: held[name] for name in named} != named:
        sys.exit("pypdf did not fill the same fields: nothing to compare")
    theirs = median(lambda: filled_by_pypdf(path, named), 7)
    print(f"  fill {len(values)} values, blank loaded {ours:8.2f} ms, {len(blank.fill(values).pdf()):,} bytes")
    print(f"  pypdf append, update, write  {theirs:8.2f} ms, {len(filled_by_pypdf(path, named)):,} bytes")
    print(f"  ratio                        {theirs / ours:8.1f}")


def irs_packet(folder):
    blanks = [Blank.load(folder / f"{name}.pdf") for name in PACKET]
    values = [amounts(blank, 40) for blank in blanks]

    def build():
        return [blank.fill(held).pdf() for blank, held in zip(blanks, values, strict=True)]

    def build_joined():
        return join([blank.fill(held) for blank, held in zip(blanks, values, strict=True)], title="Packet")

    build()
    print(f"four forms, warm: apart {median(build, 31):.1f} ms, joined {median(build_joined, 31):.1f} ms, ", end="")
    print(f"{sum(map(len, build())):,} and {len(build_joined()):,} bytes")


def many_sheets(folder):
    blank = Blank.load(folder / "f8949--2025.pdf")
    values = {
        f.name: "1,234,567" for f in blank.fields.values() if f.kind == "text" and f.page == 1 and not f.read_only
    }
    del values["f1_02"]
    for rows in (300, 1500, 3000):
        sheets = [blank.fill({**values, "f1_01": f"Sheet {index}"}, mark="AMT") for index in range(-(-rows // 11))]
        for flatten in False, True:
            gc.collect()
            start = time.perf_counter()
            size = len(join(sheets, title="Form 8949", flatten=flatten))
            taken = time.perf_counter() - start
            tracemalloc.start()
            join(sheets, title="Form 8949", flatten=flatten)
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            pages = 2 * len(sheets)
            kind = "flat" if flatten else "fillable"
            print(f"{rows} rows, {pages} pages, {kind:8}: {taken:6.2f} s, {size:>10,} bytes, ", end="")
            print(f"{size / pages:>7,.0f} a page, peak memory {peak / pages:>7,.0f} bytes a page")


def main():
    given = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("DUALBASIS_FORMS")
    if not given or not (Path(given) / f"{ONE}.pdf").is_file():
        sys.exit(f"expected a folder with {ONE}.pdf as argument or in DUALBASIS_FORMS")
    typeface()
    for part in one_form, irs_packet, many_sheets:
        part(Path(given))


if __name__ == "__main__":
    main()
