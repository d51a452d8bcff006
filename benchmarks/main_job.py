"""The main job: a whole process that builds the packet of the IRS example, its peak memory; and the packet warm.

    python benchmarks/main_job.py [FORMS_DIR]

Times are medians of five, and ratios to the time Python takes to import the PDF libraries in the same run: machines
differ and are noisy.
"""

import gc
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
RUNS, FEW_COLLECTIONS = 5, 200_000


def seconds(command: list[str], env: dict[str, str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, env=env, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def median(command: list[str], env: dict[str, str]) -> float:
    seconds(command, env)
    return statistics.median(seconds(command, env) for _ in range(RUNS))


def warm(forms: Path) -> None:
    """The packet made again in a process that has made it before: milliseconds, the best of thirty."""
    sys.path.insert(0, str(ROOT))
    gc.set_threshold(FEW_COLLECTIONS)  # as the command does
    from worksheets.paper.packet import Packet
    from worksheets.session import open_case

    session = open_case(CASE)
    jobs = {
        "packet.pdf, warm": lambda: [next(Packet(session, None, forms).files())],
        "every file, warm": lambda: list(Packet(session, None, forms).files()),
    }
    for name, job in jobs.items():
        files = job()
        taken = []
        for _ in range(30):
            start = time.process_time()
            job()
            taken.append(time.process_time() - start)
        print(f"{name:25} {min(taken) * 1000:6.0f} ms  {sum(len(made) for _, made in files):,} bytes")


def main() -> None:
    folder = Path(tempfile.mkdtemp())
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed package is compiled
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
    warm(Path(sys.argv[1]) if len(sys.argv) > 1 else folder)
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
