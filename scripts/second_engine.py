#!/usr/bin/env python3
"""Judges rulesets over rows with PyPI `vtlengine` and compares with the verdicts beside them.

    second_engine.py FOLDER

FOLDER holds for each ruleset NAME.vtl, NAME.csv (column `row` and what the rules read) and NAME.json with the types of the columns and the
expected verdicts, a letter for each row: p passed, f failed, u undecided. Ends with 1 and names what differs.
"""

import json
import pathlib
import sys
import warnings

import pandas as pd
import vtlengine

warnings.filterwarnings("ignore")


def letter(value):
    if pd.isna(value):
        return "u"
    return "p" if bool(value) else "f"


def structure(columns):
    components = [{"name": "row", "type": "Integer", "role": "Identifier", "nullable": False}]
    components += [{"name": name, "type": kind, "role": "Measure", "nullable": True} for name, kind in columns]
    return {"datasets": [{"name": "DS", "DataStructure": components}]}


def read(path, columns):
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    table["row"] = table["row"].astype("int64")
    for name, kind in columns:
        column = table[name].where(table[name] != "", None)
        if kind == "Number":
            column = pd.to_numeric(column)
        elif kind == "Integer":
            column = pd.to_numeric(column).astype("Int64")
        elif kind == "Boolean":
            column = column.map({"true": True, "false": False}).astype("boolean")
        table[name] = column
    return table


def judge(folder, name):
    about = json.loads((folder / f"{name}.json").read_text())
    table = read(folder / f"{name}.csv", about["columns"])
    script = (folder / f"{name}.vtl").read_text().strip().rstrip(";") + f";\nR <- check_datapoint(DS, {name} all);"
    result = vtlengine.run(script=script, data_structures=structure(about["columns"]), datapoints={"DS": table})
    found = result["R"].data
    theirs = {}
    for row, rule, verdict in zip(found["row"], found["ruleid"], found["bool_var"]):
        theirs[(rule, int(row))] = letter(verdict)
    counts = {"p": 0, "f": 0, "u": 0}
    differences = []
    for rule, letters in about["judged"]:
        for row, ours in enumerate(letters):
            other = theirs.get((rule, row), "missing")
            counts[ours] += 1
            if other != ours:
                differences.append((rule, row, ours, other))
    return counts, differences


def main():
    folder = pathlib.Path(sys.argv[1])
    total, wrong = {"p": 0, "f": 0, "u": 0}, 0
    for path in sorted(folder.glob("*.json")):
        name = path.stem
        counts, differences = judge(folder, name)
        total = {letter: total[letter] + counts[letter] for letter in total}
        wrong += len(differences)
        print(f"{name}: {sum(counts.values())} verdicts ({counts['f']} failed, {counts['u']} undecided), {len(differences)} differ")
        for rule, row, ours, other in differences[:10]:
            print(f"  {rule} row {row}: youju {ours}, vtlengine {other}")
    print(f"{sum(total.values())} verdicts: {total['p']} passed, {total['f']} failed, {total['u']} undecided; {wrong} differ")
    sys.exit(1 if wrong else 0)


main()
