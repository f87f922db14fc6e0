#!/usr/bin/env python3
"""Runs generated VTL scripts through `youju vtl run` and PyPI `vtlengine` and lists where they differ.

    python3 scripts/vtl_differential.py --youju target/debug/youju --count 200 --seed 1

Needs `pip install vtlengine pandas`. Numbers are compared to nine places, rows without regard to their order.
Known differences are named in KNOWN with the reason; they are counted apart.
"""

import argparse
import json
import pathlib
import random
import subprocess
import tempfile
import warnings

import pandas as pd
import vtlengine

warnings.filterwarnings("ignore")

# What the two are expected to disagree about: a piece of the script, and why.
KNOWN = {
    "exists_in(A, B": "vtlengine repeats rows of A for each row of B",
    "over (partition by Id_2)": "without order by, youju takes the whole partition; vtlengine runs along the rows as they come",
    "|| \"": "the manual calls the measure string_var; vtlengine str_var",
    "upper(": "the manual calls the measure string_var; vtlengine str_var",
    "mod(Me_2": "of a negative number youju gives the remainder of the divisor's sign, vtlengine that of the dividend's",
    "#At_1": "the manual calls the measure string_var; vtlengine str_var",
}

STRUCTURES = {
    "A": [("Id_1", "Integer", "Identifier"), ("Me_1", "Number", "Measure"), ("Me_2", "Integer", "Measure"), ("At_1", "String", "Attribute")],
    "B": [("Id_1", "Integer", "Identifier"), ("Id_2", "String", "Identifier"), ("Me_1", "Number", "Measure"), ("Me_2", "Integer", "Measure")],
    "C": [("Id_1", "Integer", "Identifier"), ("Me_1", "Number", "Measure"), ("Me_2", "Integer", "Measure")],
    "P": [("Id_2", "String", "Identifier"), ("T", "Time_Period", "Identifier"), ("Me_1", "Number", "Measure")],
}


def cell(rng, name, kind):
    if not name.startswith("Id") and name != "T" and rng.random() < 0.2:
        return None
    if kind == "Integer":
        return rng.randint(1, 6) if name.startswith("Id") else rng.randint(-3, 9)
    if kind == "Number":
        return rng.randint(-300, 900) / 100
    if kind == "Time_Period":
        return f"{rng.randint(2010, 2011)}Q{rng.randint(1, 4)}"
    return rng.choice("abcd")


def table(rng, structure):
    rows = {}
    for _ in range(rng.randint(0, 9)):
        row = [cell(rng, name, kind) for name, kind, _ in structure]
        key = tuple(value for value, (_, _, role) in zip(row, structure) if role == "Identifier")
        rows.setdefault(key, row)
    return pd.DataFrame(list(rows.values()), columns=[name for name, _, _ in structure])


def mono(rng):
    return rng.choice(["A#Me_1", "A#Me_2", "C#Me_1", "C#Me_2", "B#Me_1", "B#Me_2"])


def script(rng):
    number = rng.randint(-2, 4)
    one = mono(rng)
    measure = one.split("#")[1]
    other = rng.choice(["A", "B", "C"]) + "#" + measure
    op = rng.choice(["+", "-", "*"])
    comparison = rng.choice(["=", "<>", "<", "<=", ">", ">="])
    aggregate = rng.choice(["sum", "avg", "count", "min", "max", "median", "stddev_pop", "stddev_samp", "var_pop", "var_samp"])
    condition = rng.choice([f"Me_1 > {number}", f"Me_2 = {number}", f"isnull(Me_1) or Me_2 > {number}", f"not (Me_2 < {number})", "Me_1 >= Me_2", f"between(Me_1, -1, {number})", "Me_2 in {1, 2, 3}"])
    value = rng.choice([f"Me_1 {op} {number}", f"Me_1 {op} Me_2", "nvl(Me_1, 0)", f"if {condition} then Me_1 else {number}", "abs(Me_1)", "round(Me_1, 1)", "trunc(Me_1, 0)", "ceil(Me_1)", "floor(Me_1)", "mod(Me_2, 3)", "-Me_2", "power(Me_2, 2)", f"Me_1 / {abs(number) + 1}"])
    grouping = rng.choice(["group by Id_1", "group by Id_2", "group except Id_1", "group by Id_1, Id_2"])
    ordered = "partition by Id_2 order by Id_1" if rng.random() < 0.7 else "order by Id_1"
    return rng.choice(
        [
            f"R := {one} {op} {other};",
            f"R := A {op} B;",
            f"R := B {op} {number};",
            f"R := {one} {comparison} {other};",
            f"R := {one} {comparison} {number};",
            f"R := {one} in {{1, 2, 3}};",
            f"R := isnull({one});",
            f"R := nvl(B, {abs(number)});",
            f"R := ({one} > {number}) and ({other} < 3);",
            f"R := not ({one} > {number});",
            f"R := B[filter {condition}];",
            f"R := B[calc Me_3 := {value}];",
            f"R := B[calc Me_1 := {value}][keep Me_1];",
            f"R := B[calc measure Me_3 := {condition}];",
            f"R := A[rename Me_1 to X][drop At_1];",
            f"R := B[sub Id_2 = \"a\"];",
            f"R := B[unpivot Id_3, Me_3];",
            f"R := {aggregate}(B {grouping});",
            f"R := {aggregate}(B);",
            f"R := B[aggr X := {aggregate}(Me_1), Y := count() {grouping}];",
            f"R := B[aggr X := {aggregate}(Me_2) {grouping} having count() > 1];",
            f"R := inner_join(A as a, B as b rename a#Me_1 to X, a#Me_2 to Y);",
            f"R := left_join(C as c, A as a keep c#Me_1, a#Me_2);",
            f"R := left_join(C as c, A as a calc X := c#Me_1 {op} a#Me_1 keep X);",
            f"R := full_join(A as a, C as c keep a#Me_1, c#Me_2);",
            f"R := inner_join(A as a, C as c filter a#Me_2 > {number} apply a {op} c);",
            f"R := cross_join(A as a, C as c rename a#Id_1 to I, c#Id_1 to J, a#Me_1 to X, a#Me_2 to Y);",
            "R := union(A[drop At_1], C);",
            "R := intersect(A[drop At_1], C);",
            "R := setdiff(A[drop At_1], C);",
            "R := symdiff(A[drop At_1], C);",
            "R := exists_in(A, C, all);",
            "R := exists_in(A, B, true);",
            f"R := if {one} > {number} then {one} else {one} * 2;",
            f"R := check({one} {comparison} {number} errorcode \"E\" errorlevel 2 imbalance {one} - {number});",
            f"R := check({one} {comparison} {number} errorcode \"E\" invalid);",
            f"define datapoint ruleset D (variable Me_1, Me_2) is r1: Me_1 > {number} errorcode \"x\"; r2: when {condition} then Me_2 > 0 errorcode \"y\" errorlevel 3 end datapoint ruleset; R := check_datapoint(B, D {rng.choice(['all', 'invalid', 'all_measures'])});",
            f"R := {rng.choice(['sum', 'avg', 'min', 'max'])}(B over ({ordered}));",
            f"R := {rng.choice(['first_value', 'last_value'])}(B over (partition by Id_2 order by Id_1));",
            f"R := {rng.choice(['lag', 'lead'])}(B, {abs(number)} over (partition by Id_2 order by Id_1));",
            "R := B[calc K := rank(over (partition by Id_2 order by Id_1))];",
            f"R := sum(B over (partition by Id_2 order by Id_1 data points between {rng.randint(0, 2)} preceding and {rng.randint(0, 2)} following));",
            "R := fill_time_series(P, single);",
            "R := flow_to_stock(P);",
            "R := stock_to_flow(P);",
            f"R := timeshift(P, {number});",
        ]
    )


def plain(value):
    if value is None or value is pd.NA or value != value or value == "":
        return ""
    text = str(value)
    if text in ("True", "False"):
        return text.lower()
    try:
        return f"{float(text):.9f}".replace("-0.000000000", "0.000000000")
    except ValueError:
        return text


def rows_of(frame):
    names = sorted(frame.columns)
    return names, sorted(tuple(plain(value) for value in row) for row in frame[names].itertuples(index=False))


def ours(youju, text, tables):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "in").mkdir()
        (folder / "s.vtl").write_text(text)
        for name, frame in tables.items():
            components = [{"name": n, "data_type": t, "role": r} for n, t, r in STRUCTURES[name]]
            (folder / "in" / f"{name}.json").write_text(json.dumps({"name": name, "components": components}))
            frame.to_csv(folder / "in" / f"{name}.csv", index=False)
        command = [youju, "vtl", "run", folder / "s.vtl", "--in", folder / "in", "--out", folder / "out"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            return "error", done.stderr.strip()
        return rows_of(pd.read_csv(folder / "out" / "R.csv", dtype=str, keep_default_na=False))


def theirs(text, tables):
    structures = {
        "datasets": [
            {"name": name, "DataStructure": [{"name": n, "type": t, "role": r, "nullable": r != "Identifier"} for n, t, r in structure]}
            for name, structure in STRUCTURES.items()
        ]
    }
    frames = {name: frame.copy() for name, frame in tables.items()}
    try:
        result = vtlengine.run(script=text, data_structures=structures, datapoints=frames, return_only_persistent=False)
        return rows_of(result["R"].data)
    except Exception as error:  # any refusal counts
        return "error", f"{type(error).__name__}: {error}"


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--youju", required=True)
    arguments.add_argument("--count", type=int, default=200)
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    rng = random.Random(given.seed)
    same, known, refused, differences = 0, 0, 0, 0
    for number in range(given.count):
        text = script(rng)
        tables = {name: table(rng, structure) for name, structure in STRUCTURES.items()}
        one, other = ours(given.youju, text, tables), theirs(text, tables)
        if one == other:
            same += 1
        elif one[0] == "error" and other[0] == "error":
            refused += 1
        elif any(piece in text for piece in KNOWN):
            known += 1
        else:
            differences += 1
            print(f"--- {number}: {text}\n  youju      {one}\n  vtlengine  {other}")
            used = [name for name in tables if name + "#" in text or name in text.replace("(", " ").replace(",", " ").replace("[", " ").split()]
            for name in used:
                print(f"{name}:\n{tables[name].to_csv(index=False)}", end="")
    print(f"{given.count} scripts: {same} same, {refused} refused by both, {known} known differences, {differences} others")


if __name__ == "__main__":
    main()
