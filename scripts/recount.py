#!/usr/bin/env python3
"""Counts the checks of form B203 over a csv file a second time, in SQL, and compares with what the program counted.

    youju check --form B203 --json FILE | recount.py FILE

Nothing is shared with the program: every check is written here again from its meaning, in whole numbers without division.
Ends with 1 and names the checks when any count differs.
"""

import json
import sys

import duckdb

READ = "read_csv(?, header = true, all_varchar = true)"
UNIT = ["usci", "统一社会信用代码", "unit", "单位代码", "company_id"]
PERIOD = ["period", "报告期"]
SERIES = ["series", "source", "来源"]
STANDARD = ["acct", "执行会计准则"]
ITEMS = """201 202 205 206 213 217 301 302 307 308 309 312 313 331 317 318 319 320 334 333 322 335 321 332 323 325 326 327 328
401 402 601""".split()

# In the conditions below c301 is the figure of this report, l301 its column of last year, p301 the previous report's and y301 last
# year's report's figure. A condition that comes out as null could not be tested.
REQUIRED = "201 213 217 301 307 309 312 313 317 322 323 325 326 327 601".split()
NOT_NEGATIVE = "201 202 205 206 217 301 302 307 308 325 326 401 601".split()


def profit(c):
    """Twice the difference between operating profit and what it is made of, for the full and for the short statement."""
    none = lambda item: f"ifnull({c}{item}, 0)"
    costs = " - ".join(c + item for item in "307 309 312 313 317".split())
    short = f"2 * abs({c}323 - ({c}301 - {costs} - {none(331)} + {c}322))"
    gains = " + ".join(none(item) for item in "333 335 321 334 320 332".split())
    full = f"2 * abs({c}323 - ({c}301 - {costs} - {none(331)} + {c}322 + {gains}))"
    return full, short


def rules():
    """Every check: (id, condition under which it applies, what should hold)."""
    always = "true"
    for item in REQUIRED:
        yield f"R{item}", always, f"c{item} is not null"
    for item in NOT_NEGATIVE:
        yield f"N{item}", always, f"c{item} >= 0"
    full, short = profit("c")
    yield "Z1", always, "c201 <= c213"
    yield "Z2", always, "2 * (c202 + c205 - c201) <= 3"
    yield "Z3", always, "c206 <= c205"
    yield "Z4", always, "c213 >= 0"
    yield "Z15", always, "c217 <= c213"
    yield "Z5", "standard = '1'", f"{full} <= 15"
    yield "Z6", "standard in ('2', '3')", f"{short} <= 9"
    yield "Z7", always, "abs(c323 + c325 - c326 - c327) <= 2"
    yield "Z8a", always, "c302 <= c301"
    yield "Z8b", always, "c308 <= c307"
    # Beside the reports of other forms, which no file of one form holds.
    for other in ["Z12", "Z24"]:
        yield other, "false", "true"
    for letter, item in zip("abcd", [301, 307, 401, 309]):
        yield f"Z9{letter}", f"not is_first and p{item} is not null", f"c{item} >= p{item}"
    for item in ITEMS:
        yield f"Z10_{item}", f"y{item} is not null", f"l{item} = y{item}"
    yield from changes()
    yield "Z16a", "c301 > 0 and c601 > 0", "c301 >= 10 * c601 and c301 <= 20000 * c601"
    yield "Z16b", "c213 > 0 and c601 > 0", "c213 >= 30 * c601 and c213 <= 100000 * c601"
    yield "Z17", "c213 > 1000", "c213 < 2 * c201 - 1 or c213 > 2 * c201 + 1"
    yield "Z18a", "c301 > 0", "c322 <= c301 and c322 >= -c301"
    losses = "ifnull(c320, 0) + ifnull(c334, 0)"
    yield "Z18b", "c301 > 0 and (c320 is not null or c334 is not null)", f"{losses} <= c301 and {losses} >= -c301"
    yield "Z18c", "c301 > 0", "10 * c326 <= c301"
    full, short = profit("l")
    yield "Z1y", always, "l201 <= l213"
    yield "Z3y", always, "l206 <= l205"
    yield "Z5y", "standard = '1'", f"{full} <= 15"
    yield "Z6y", "standard in ('2', '3')", f"{short} <= 9"
    yield "Z7y", always, "abs(l323 + l325 - l326 - l327) <= 2"
    yield "Z8ay", always, "l302 <= l301"
    yield "Z8by", always, "l308 <= l307"


def changes():
    """Checks against last year's or the previous figure."""
    base = lambda item: f"coalesce(l{item}, y{item}, 0)"
    tenfold = lambda now, then: (
        f"not (2 * {now} between 19 * {then} and 21 * {then} or 1000 * {now} between 95 * {then} and 105 * {then})"
    )
    hundreds = lambda now, then: f"100000 * {now} >= 333 * {then} and {now} <= 300 * {then}"
    yield "Z11a", "c301 > 0", "c307 <> 0"
    yield "Z11b", "c301 = 0", "c401 <= 0"
    for letter, item in zip("cdef", [301, 213, 401, 601]):
        yield f"Z11{letter}", f"{base(item)} > 0", f"2 * c{item} >= {base(item)} and 2 * c{item} <= 3 * {base(item)}"
    for letter, item in zip("ab", [301, 213]):
        yield f"Z13{letter}", f"{base(item)} > 0 and c{item} > 0", hundreds(f"c{item}", base(item))
    for letter, item in zip("cd", [301, 213]):
        yield f"Z13{letter}", f"{base(item)} > 0 and c{item} > 0", tenfold(f"c{item}", base(item))
    yield "Z13e", "ifnull(p213, 0) > 0 and c213 > 0", hundreds("c213", "p213")
    yield "Z13f", "ifnull(p213, 0) > 0 and c213 > 0", tenfold("c213", "p213")
    for letter, item in zip("abc", [301, 327, 213]):
        yield f"Z14{letter}", f"{base(item)} <> 0", f"c{item} <> {base(item)}"


def number(column):
    """Whole numbers as they are written in files; everything else is not a figure."""
    text = f"trim({column})"
    return f"""case when regexp_full_match({text}, '-?[0-9]{{1,18}}') then {text}::hugeint
                    when regexp_full_match({text}, '-?[0-9]{{1,3}}(,[0-9]{{3}})+') then replace({text}, ',', '')::hugeint end"""


# Periods by rhythm (q quarter, m month with January and February as one) and place in the row of all periods of that rhythm.
PLACED = """
    select *, case when regexp_full_match(period, '[0-9]{4}Q[1-4]') then 'q'
                   when regexp_full_match(period, '[0-9]{4}-(01~02|0[3-9]|1[0-2])') then 'm' end as rhythm,
           left(period, 4)::int as year,
           case rhythm when 'q' then right(period, 1)::int - 1 when 'm' then right(period, 2)::int - 2 end as step,
           case rhythm when 'q' then 4 when 'm' then 11 end as steps
    from report where trim(unit) <> ''"""


def load(db, path):
    db.execute(f"create table file as select row_number() over () as line, * from {READ}", [path])
    heads = [row[0] for row in db.execute("describe file").fetchall()]
    quoted = lambda head: '"' + head.replace('"', '""') + '"'
    first = lambda names, default: next((quoted(name) for name in names if name in heads), default)
    columns = [
        f"{first(UNIT, None)} as unit",
        f"{first(PERIOD, None)} as period",
        f"ifnull({first(SERIES, 'null')}, '') as series",
        f"ifnull({first(STANDARD, 'null')}, '1') as standard",
    ]
    for item in ITEMS:
        for sign, names in {"c": [item, f"c{item}"], "l": [f"{item}_ly", f"c{item}_ly"]}.items():
            columns.append(f"{number(first(names, 'null::varchar'))} as {sign}{item}")
    db.execute(f"create table report as select line, {', '.join(columns)} from file")
    # Of two rows for the same report the first counts.
    db.execute(
        f"""create table own as select *, year * steps + step as place, step = 0 as is_first from ({PLACED})
            where rhythm is not null
            qualify row_number() over (partition by unit, series, rhythm, place order by line) = 1"""
    )
    others = ", ".join(f"p.c{item} as p{item}, y.c{item} as y{item}" for item in ITEMS)
    same = "(o.unit, o.series, o.rhythm) = ({0}.unit, {0}.series, {0}.rhythm)"
    db.execute(
        f"""create table matched as select o.*, {others} from own as o
            left join own as p on {same.format("p")} and p.place = o.place - 1
            left join own as y on {same.format("y")} and y.place = o.place - o.steps"""
    )


def count(db, when, then):
    tested = f"({when}) and ({then}) is not null"
    failed = f"({when}) and not ({then})"
    undecided = f"({when}) is null or (({when}) and ({then}) is null)"
    columns = (f"count(*) filter ({condition})" for condition in (tested, failed, undecided))
    return db.execute(f"select {', '.join(columns)} from matched").fetchone()


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    [told] = json.load(sys.stdin)["files"]
    db = duckdb.connect()
    load(db, sys.argv[1])
    told_counts = {c["check"]: (c["tested"], c["failed"], c["undecided"]) for c in told["checks"]}
    counted = {name: count(db, when, then) for name, when, then in rules()}
    wrong = sorted(set(told_counts) ^ (set(counted) - set(told["skipped"])))
    print(f"{'check':8} {'tested':>8} {'failed':>8} {'undecided':>9}")
    for name, ours in counted.items():
        # A check that was not run because its figures are not in the file has nothing to test here either.
        theirs = told_counts.get(name) or (0, 0, ours[2] if name in told["skipped"] else None)
        print(f"{name:8} {ours[0]:>8} {ours[1]:>8} {ours[2]:>9}" + ("" if ours == theirs else f"  program: {theirs}"))
        if ours != theirs:
            wrong.append(name)
    rows = db.execute("select count(*) from own").fetchone()[0]
    if rows != told["rows_checked"]:
        wrong.append(f"rows: {rows}, program: {told['rows_checked']}")
    print(f"{rows} rows, {len(counted)} checks, {len(wrong)} differences")
    if wrong:
        sys.exit("different: " + ", ".join(dict.fromkeys(wrong)))


main()
