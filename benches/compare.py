"""Measures the row engine beside its peers and writes the comparison, unless they disagree about what fails.

Every measurement is a process of its own. Called by `make bench`.
"""

import argparse
import importlib.metadata
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import population
import rules

HERE = Path(__file__).parent
OURS = "youju"
WHOLE_REPEATS = 3
SLOW_SECONDS = 10  # a process that takes longer is not repeated
ALONE_WHOLE_REPEATS = 2


class Engine(NamedTuple):
    name: str
    package: str
    gives: str
    rows_max: dict  # rules → the most rows that are tried
    is_compared: bool = True


EVERY = {100: 10**9, 1000: 10**9}
PEERS = [
    Engine("reading alone", "polars", "nothing: every value is added up once", EVERY, False),
    Engine("polars counts", "polars", "counts", EVERY),
    Engine("polars rows", "polars", "failing rows", EVERY),
    Engine("datafusion counts", "datafusion", "counts", EVERY),
    Engine("duckdb counts", "duckdb", "counts", EVERY),
    Engine("duckdb rows", "duckdb", "failing rows", {100: 10**9, 1000: 10**5}),
    Engine("pointblank", "pointblank", "counts and extracts; null counts as a failure", {100: 10**6, 1000: 10**4}, False),
    Engine("pandera", "pandera", "failure cases", {100: 10**6, 1000: 10**4}),
    Engine("vtlengine", "vtlengine", "failing rows (DuckDB mode)", {100: 10**5, 1000: 0}),
]


class Ran(NamedTuple):
    wall: float
    cpu: float
    peak_mb: float
    answer: dict


class Measured(NamedTuple):
    walls: list  # of whole processes
    cpu: float
    peak_mb: float
    seconds: list  # of judging alone
    judging_cpu: float  # seconds on all processors, on average
    failed: list


def run(command, threads):
    environment = {**os.environ, "POLARS_MAX_THREADS": str(threads)}
    with tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, env=environment)
        lines = process.stdout.read().decode().strip().splitlines()
        _, status, usage = os.wait4(process.pid, 0)  # unlike `wait` it tells what the process used
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 1) or not lines:
            errors.seek(0)
            sys.exit(f"{' '.join(command)}\nended with {process.returncode}:\n{errors.read().decode()[-2000:]}")
    return Ran(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, json.loads(lines[-1]))


def measure(whole, memory, threads, repeats=WHOLE_REPEATS):
    """Whole processes, then one that keeps the rows; `memory` takes the number of repeats."""
    ran = [run(whole, threads)]
    is_slow = ran[0].wall > SLOW_SECONDS
    ran += [run(whole, threads) for _ in range(0 if is_slow else repeats - 1)]
    answers = [one.answer["failed"] for one in ran]
    seconds, judging_cpu = [], 0.0
    if memory:
        kept = run(memory(1 if is_slow else 3 if ran[0].wall > SLOW_SECONDS / 5 else 7), threads).answer
        seconds, answers = kept["seconds"], [*answers, kept["failed"]]
        judging_cpu = kept["cpu_nanoseconds"] / 1e9 / len(seconds)
    if any(answer != answers[0] for answer in answers):
        sys.exit(f"{whole[0]}: the same rows were counted differently in two runs")
    middle = sorted(ran)[len(ran) // 2]
    return Measured([one.wall for one in ran], middle.cpu, max(one.peak_mb for one in ran), seconds, judging_cpu, answers[0])


def ours(arguments, data, text, threads, in_memory=True):
    command = [arguments.binary, text, data, "--threads", threads]
    command = [str(part) for part in command]
    memory = (lambda repeats: [*command, "--memory", str(repeats)]) if in_memory else None
    return measure(command, memory, threads, WHOLE_REPEATS if in_memory else ALONE_WHOLE_REPEATS)


def peer(engine, data, count, threads):
    def command(mode, repeats):
        parts = [sys.executable, HERE / "engine.py", engine.name, mode, data, count, repeats, threads]
        return [str(part) for part in parts]

    return measure(command("whole", 1), lambda repeats: command("memory", repeats), threads)


def program(arguments, data, text, threads):
    """The program itself, if it has been built: what people type."""
    command = [arguments.program, "vtl", "check", text, data, "--json", "--threads", threads]
    ran = []
    for _ in range(WHOLE_REPEATS):
        one = run([str(part) for part in command], threads)
        ran.append(one._replace(answer={"failed": [rule["failed"] for rule in one.answer["rules"]]}))
    middle = sorted(ran)[len(ran) // 2]
    return Measured([one.wall for one in ran], middle.cpu, max(one.peak_mb for one in ran), [], 0.0, middle.answer["failed"])


def version(package):
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def agree(engine, found, expected, names):
    """A comparison of engines that do different work would be worth nothing."""
    wrong = [f"{name}: {a} instead of {b}" for name, a, b in zip(names, found, expected) if a != b]
    if wrong:
        sys.exit(f"{engine} finds other failing cells, so nothing is compared:\n" + "\n".join(wrong[:20]))


def table_of(arguments, rows):
    path = arguments.work / f"population-{population.VERSION}-{rows}.parquet"
    if not path.exists():
        print(f"writing {rows:,} rows", flush=True)
        unfinished = path.with_suffix(".part")
        subprocess.run([sys.executable, HERE / "population.py", unfinished, str(rows)], check=True)
        unfinished.rename(path)
    return path


def compare(arguments):
    results = {}
    for count in arguments.rules:
        chosen = rules.rules(count)
        text = arguments.work / f"rules-{count}.vtl"
        text.write_text(rules.vtl(chosen))
        names = [rule.name for rule in chosen]
        for rows in arguments.sizes:
            data = table_of(arguments, rows)
            here = results[count, rows] = {OURS: ours(arguments, data, text, arguments.threads)}
            expected = here[OURS].failed
            tell(count, rows, OURS, here[OURS])
            if arguments.threads > 1:
                here[f"{OURS}, 1 thread"] = ours(arguments, data, text, 1)
            if arguments.program and arguments.program.exists():
                here["youju vtl check"] = program(arguments, data, text, arguments.threads)
            for engine in PEERS:
                if version(engine.package) and rows <= engine.rows_max.get(count, 10**4):
                    here[engine.name] = peer(engine, data, count, arguments.threads)
                    tell(count, rows, engine.name, here[engine.name])
            for name, measured in here.items():
                if all(engine.is_compared for engine in PEERS if engine.name == name):
                    agree(name, measured.failed, expected, names)
    alone = {}
    for rows in arguments.alone:
        for count in arguments.rules:
            data, text = table_of(arguments, rows), arguments.work / f"rules-{count}.vtl"
            alone[count, rows] = ours(arguments, data, text, arguments.threads, in_memory=False)
            tell(count, rows, f"{OURS} alone", alone[count, rows])
    return results, alone


def tell(count, rows, name, measured):
    judged = f", judging {statistics.median(measured.seconds):.4f} s, CPU {measured.judging_cpu:.4f} s" if measured.seconds else ""
    print(f"{count} rules, {rows:,} rows, {name}: whole {statistics.median(measured.walls):.2f} s{judged}", flush=True)


def machine():
    info = Path("/proc/cpuinfo").read_text()
    model = next((line.split(":")[1].strip() for line in info.splitlines() if line.startswith("model name")), platform.processor())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{model}, {os.cpu_count()} processors, {memory:.0f} GB; {platform.system()} {platform.release()}, Python {platform.python_version()}"


def seconds(value):
    return f"{value:.4f}" if value < 0.1 else f"{value:.3f}" if value < 10 else f"{value:.1f}"


def report(arguments, results, alone):
    sizes, threads = arguments.sizes, arguments.threads
    lines = [
        "# Benchmarks",
        "",
        f"Written by `make bench SIZES=\"{' '.join(map(str, sizes))}\" ALONE=\"{' '.join(map(str, arguments.alone))}\" RULES=\"{' '.join(map(str, arguments.rules))}\" THREADS={threads}`; not edited by hand.",
        "",
        f"- Machine: {machine()}; load when it began {arguments.load:.1f}.",
        "- Peers: " + ", ".join(f"{package} {version(package)}" for package in dict.fromkeys(e.package for e in PEERS) if version(package)) + ".",
        *(["- **The machine was busy with other work: compare processor time, not the clock.**"] if arguments.load > os.cpu_count() / 2 else []),
        f"- Every engine may use {threads} threads, unless the line says otherwise.",
        "",
        INTRODUCTION.strip(),
    ]
    for count in arguments.rules:
        lines += ["", f"## {count:,} rules", "", "Failing cells, equal in all compared engines: " + "; ".join(
            f"{sum(results[count, rows][OURS].failed):,} in {rows:,} rows" for rows in sizes) + "."]
        lines += ["", "### Judging alone", "", *judging(results, count, sizes)]
        for rows in sizes:
            lines += ["", f"### Whole process, {rows:,} rows", "", *whole(results[count, rows])]
    if alone:
        lines += ["", "## Large files, this engine alone", "", "Whole process. The memory depends on the row groups and the threads, not on the rows.", ""]
        lines += ["| rows | rules | wall s | CPU s | peak MB | million rule-rows a second | failing cells |", "|---|---|---|---|---|---|---|"]
        for (count, rows), one in alone.items():
            wall = statistics.median(one.walls)
            lines.append(f"| {rows:,} | {count:,} | {seconds(wall)} | {seconds(one.cpu)} | {one.peak_mb:.0f} | {count * rows / wall / 1e6:,.0f} | {sum(one.failed):,} |")
    return "\n".join(lines) + "\n"


INTRODUCTION = """
The table: one row per enterprise, 50 current figures and 10 of the previous period as 64-bit floats in Parquet (row groups of 122,880
rows), 2 % of the cells missing, 0.3 % a thousand times too large (`benches/population.py`). The rules: 40 % ranges, 20 % sums of two
and three parts within a tolerance, 20 % conditionals, 20 % ratios to the previous period, from one definition that is printed for every
engine (`benches/rules.py`). A cell fails where its rule is false; where a value is missing the rule cannot be tested.

*Judging alone* times the rules on rows that the engine already holds in its own form: Arrow columns here, a polars frame, a native
table in DuckDB, a pandas frame in and a frame out for vtlengine. It is the median of up to 7 runs in one process; CPU is their mean on
all processors, which other work on the machine disturbs least. *Whole process* starts the
program or the interpreter, reads the Parquet file, judges and counts: median, fastest and slowest of up to 3 processes (one, where
a process takes more than 10 s), CPU of the median, the largest peak of resident memory. `ratio` is how many times longer than the first line.

`youju` is the row engine as `youju vtl check` calls it, with nothing else linked (`crates/vtl/examples/population.rs`): it takes
every float for the exact decimal that was written, and gives for every rule and row one of passed, failed, not testable, not applicable. The peers that give
*counts* only count; those that give *failing rows* also say which. *Reading alone* judges nothing: polars adds up every column once, which is the least
time in which anything can look at all values. Pointblank takes a missing value for a failure: it is shown and not
compared. vtlengine is run up to 100,000 rows and pandera and pointblank up to 1,000,000 rows under 100 rules; under 1,000 rules only where a run ends
within minutes. Where nothing is written the engine was not run.
"""


def gives(name):
    if name.startswith(OURS):
        return "verdict of every rule and row" if "check" not in name else "the same, as the program itself"
    return next(engine.gives for engine in PEERS if engine.name == name)


def judging(results, count, sizes):
    names = list(dict.fromkeys(name for rows in sizes for name, one in results[count, rows].items() if one.seconds))
    yield "| engine | gives | " + " | ".join(f"{rows:,} rows: s | ratio | CPU s | ratio" for rows in sizes) + " |"
    yield "|---|---|" + "---|---|---|---|" * len(sizes)
    for name in names:
        cells = []
        for rows in sizes:
            one, first = results[count, rows].get(name), results[count, rows][OURS]
            if one is None or not one.seconds:
                cells += [""] * 4
                continue
            middle, base = statistics.median(one.seconds), statistics.median(first.seconds)
            cells += [seconds(middle), f"{middle / base:.1f}"]
            cells += [seconds(one.judging_cpu), f"{one.judging_cpu / max(first.judging_cpu, 1e-6):.1f}"]
        yield f"| {name} | {gives(name)} | " + " | ".join(cells) + " |"


def whole(here):
    yield "| engine | wall s (fastest–slowest) | ratio | CPU s | peak MB | failing cells |"
    yield "|---|---|---|---|---|---|"
    base = statistics.median(here[OURS].walls)
    for name, one in here.items():
        wall = statistics.median(one.walls)
        spread = f" ({seconds(min(one.walls))}–{seconds(max(one.walls))})" if len(one.walls) > 1 else ""
        yield f"| {name} | {seconds(wall)}{spread} | {wall / base:.1f} | {seconds(one.cpu)} | {one.peak_mb:.0f} | {sum(one.failed):,} |"


def numbers(text):
    return [int(part) for part in text.replace(",", "").split()]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", type=Path, required=True)
    parser.add_argument("--program", type=Path)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--sizes", type=numbers, required=True)
    parser.add_argument("--alone", type=numbers, default=[])
    parser.add_argument("--rules", type=numbers, default=[100, 1000])
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    arguments.load = os.getloadavg()[0]
    text = report(arguments, *compare(arguments))
    arguments.out.write_text(text)
    print(f"written: {arguments.out}")


if __name__ == "__main__":
    main()
