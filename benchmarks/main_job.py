"""The main job cold: a whole process that builds the packet of the IRS example, and its peak memory.

    python benchmarks/main_job.py [FORMS_DIR]

Times are medians of five, and ratios to the time Python takes to import the PDF libraries in the same run: machines
differ and are noisy.
"""

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CASE = ROOT / "fixtures" / "irs-line-2k" / "case.yaml"
RUNS = 5


def seconds(command: list[str], env: dict[str, str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, env=env, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def median(command: list[str], env: dict[str, str]) -> float:
    return statistics.median(seconds(command, env) for _ in range(RUNS))


def main() -> None:
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    folder = Path(tempfile.mkdtemp())
    run = "from worksheets.cli import main; main()"
    build = [sys.executable, "-c", run, "build", str(CASE), "-o", str(folder / "packet"), "--force"]
    imports = median([sys.executable, "-c", "import pypdf, reportlab"], env)
    print(f"import pypdf, reportlab   {imports:6.2f} s")
    jobs = {"compute --json": [sys.executable, "-c", run, "compute", str(CASE), "--json"]}
    jobs["build, drawn edition"] = [*build, "--forms-dir", str(folder)]
    if len(sys.argv) > 1:
        jobs["build, official forms"] = [*build, "--forms-dir", sys.argv[1]]
    for name, command in jobs.items():
        took = median(command, env)
        print(f"{name:25} {took:6.2f} s   {took / imports:4.1f} times the imports")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    aim = imports * 2.5 + 1.5
    print(f"peak memory {peak:.0f} MB; aim: under {aim:.2f} s (imports × 2.5 + 1.5 s) and 200 MB")
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
