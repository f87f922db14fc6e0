#!/usr/bin/env python3
"""How many known errors do the checks of B203 find, and how many rows do they flag to find them?

    known_errors.py DATA ERRORS

DATA is a csv file with the columns company_id, period, source and the row codes of the form. ERRORS lists cells whose value an
independent second reading shows to be wrong (company_id, period, item, class, wrong_value_is_in_b203). An error counts as found
when its row fails a check of severity A, B or C; checks that only ask for a required item (R and a code) do not count.

The program is $YOUJU, or else $CARGO_TARGET_DIR/debug/youju.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb

HERE = Path(__file__).resolve().parent
READ = "read_csv(?, header = true, all_varchar = true)"
# The errors were found in this collection and its corrected rows, in the annual accounts of this year.
SOURCES, PERIOD = "finglm%", "2019Q4"


def program():
    target = Path(os.environ.get("CARGO_TARGET_DIR", HERE.parent / "target"))
    return os.environ.get("YOUJU", str(target / "debug" / "youju"))


def run_checks(db, data):
    """Every failure as (line of the file, check, severity)."""
    with tempfile.TemporaryDirectory() as folder:
        out = str(Path(folder) / "failures.csv")
        command = [program(), "check", "--form", "B203", "--failures", out, data]
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if done.returncode not in (0, 1):
            sys.exit(done.stderr)
        db.execute(
            f"""create table failure as select 行号::bigint as line, 审核 as rule, 类别 as severity from {READ}
                where 类别 in ('A', 'B', 'C') and not regexp_full_match(审核, 'R[0-9]+')""",
            [out],
        )


def load(db, data, errors):
    db.execute(
        f"""create table report as
            select line, company_id, period, source, line in (select line from failure) as is_flagged
            from (select row_number() over () + 1 as line, company_id, period, source from {READ})""",
        [data],
    )
    db.execute(
        f"""create table cell as
            select r.line, r.is_flagged, e.item, e.class, e.wrong_value_is_in_b203 = 'True' as is_wrong
            from {READ} as e left join report as r
                 on (r.company_id, r.period) = (e.company_id, e.period) and r.source like '{SOURCES}'""",
        [errors],
    )


def show(title, heads, rows):
    print(f"\n{title}")
    rows = [heads, *([("all" if cell is None else str(cell)) for cell in row] for row in rows)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(heads))]
    for row in rows:
        print("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())


BY_CLASS = """
    select class, count(*), count(*) filter (is_flagged), count(*) filter (is_wrong),
           count(*) filter (is_wrong and is_flagged)
    from cell group by rollup (class) order by class nulls last"""

BY_ROW = f"""
    select 'with a known error', count(distinct line), count(distinct line) filter (is_flagged) from cell
    union all
    select source || ' {PERIOD}', count(*), count(*) filter (is_flagged) from report
    where period = '{PERIOD}' group by source
    union all
    select 'all', count(*), count(*) filter (is_flagged) from report"""

BY_RULE = f"""
    with hit as (
        select f.rule, c.line, c.item, count(*) over (partition by c.line, c.item) as found_by
        from failure as f join cell as c using (line))
    select f.rule, f.severity, count(*),
           count(*) filter (r.period = '{PERIOD}' and r.source like '{SOURCES}'),
           (select count(distinct h.line) from hit as h where h.rule = f.rule),
           (select count(*) from hit as h where h.rule = f.rule),
           (select count(*) from hit as h where h.rule = f.rule and h.found_by = 1)
    from failure as f join report as r using (line)
    group by f.rule, f.severity order by 6 desc, 3 desc"""


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    data, errors = sys.argv[1:]
    db = duckdb.connect()
    run_checks(db, data)
    load(db, data, errors)
    ask = lambda sql: db.execute(sql).fetchall()
    show("known errors, by class", ["class", "cells", "found", "wrong here", "found of these"], ask(BY_CLASS))
    show("rows", ["rows", "all", "flagged"], ask(BY_ROW))
    heads = ["check", "severity", "rows", f"rows {PERIOD} {SOURCES}", "of these with an error", "cells", "cells alone"]
    show("checks", heads, ask(BY_RULE))


main()
