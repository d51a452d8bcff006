"""Screenshots of the audit report in headless Chromium (Debian package chromium): a look at it, for developers.

    python tests/browser.py CASE.yaml… -o FOLDER     phone and desk width, light and dark, and as printed

Not part of the tests: it needs a browser. The page is shown in a frame of the width asked for, because Chromium makes
no window as narrow as a phone.
"""

from __future__ import annotations

import argparse
import html
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageChops

sys.path.insert(0, str(Path(__file__).parent.parent))

from worksheets.paper.report import audit_html
from worksheets.session import open_case

WIDTHS = {"phone": 390, "desk": 1280}
SCHEMES = {"dark": 0, "light": 1}
SLICE, MOST = 8000, 6  # pixels of one shot, and how many make up a page
CHROMIUM = (
    "chromium",
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--force-device-scale-factor=1",
)


def frame(page: Path, width: int, top: int) -> str:
    """A page that shows a part of another one, from `top` down, in a frame of that width."""
    look = f"border:0;margin-top:-{top}px"
    inner = (
        f'<iframe src="{html.escape(page.as_uri())}" width="{width}" height="{SLICE * MOST}" style="{look}"></iframe>'
    )
    return f'<body style="margin:0;overflow:hidden">{inner}'


def shot(page: Path, width: int, scheme: int, top: int) -> Image.Image:
    """A part of a page as it looks."""
    with tempfile.TemporaryDirectory() as folder:
        outer, out = Path(folder) / "frame.html", Path(folder) / "shot.png"
        outer.write_text(frame(page, width, top), encoding="utf-8")
        size = f"--window-size={max(width, 500)},{SLICE}"
        look = f"--blink-settings=preferredColorScheme={scheme}"
        subprocess.run([*CHROMIUM, size, look, f"--screenshot={out}", outer.as_uri()], check=True, capture_output=True)
        return Image.open(out).convert("RGB").crop((0, 0, width, SLICE))


def shoot(page: Path, out: Path, width: int, scheme: int) -> None:
    """The whole page, in as many parts as it takes, cut where it ends."""
    whole = Image.new("RGB", (width, SLICE * MOST))
    for part in range(MOST):
        found = shot(page, width, scheme, part * SLICE)
        whole.paste(found, (0, part * SLICE))
        last = found.crop((0, SLICE - 400, width, SLICE))
        if len(last.getcolors() or ()) == 1:  # nothing but the ground at the foot
            break
    image = whole.crop((0, 0, width, (part + 1) * SLICE))
    ground = Image.new("RGB", image.size, image.getpixel((2, image.height - 2)))
    foot = ImageChops.difference(image, ground).getbbox()[3]
    image.crop((0, 0, width, foot + 40)).save(out)


def printed(page: Path, out: Path) -> None:
    """The page as the browser prints it."""
    subprocess.run(
        [*CHROMIUM, "--no-pdf-header-footer", f"--print-to-pdf={out}", page.as_uri()], check=True, capture_output=True
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="screenshots of the audit report")
    parser.add_argument("cases", nargs="+", type=Path)
    parser.add_argument("-o", "--out", type=Path, default=Path("screenshots"))
    wanted = parser.parse_args()
    wanted.out.mkdir(parents=True, exist_ok=True)
    for case in wanted.cases:
        name = case.resolve().parent.name
        page = (wanted.out / f"{name}.html").resolve()
        page.write_text(audit_html(open_case(case)), encoding="utf-8")
        for size, width in WIDTHS.items():
            for scheme, number in SCHEMES.items():
                shoot(page, wanted.out / f"{name}-{size}-{scheme}.png", width, number)
        printed(page, wanted.out / f"{name}-printed.pdf")
        print(f"{name}: {page.stat().st_size:,} bytes")  # noqa: T201 - a script


if __name__ == "__main__":
    main()
