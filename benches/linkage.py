#!/usr/bin/env python3
"""Matches lists whose truth is known with youju-linkage and with its peers, and prints one table.

    linkage.py measure --register REGISTER.csv --binary lists --work FOLDER [--seeds 1,2,3]
    linkage.py peer splink|splink-parts|recordlinkage FOLDER      one peer on one planted folder, as a line of JSON

Peers get the same rows, texts in one width, and the same ways to find pairs: code, 组织机构代码, name, address, and the four rarest
pairs of neighbouring characters of a name, none that more than 60 rows of a side share. `splink-parts` gets our parts of names and
addresses besides, so that one sees what is owed to them and what to the rest. Its links are settled one to one from the strongest
down, as ours are. Seconds count from reading the files to the settled links, without starting Python.
"""

import argparse
import collections
import json
import logging
import resource
import subprocess
import sys
import time
import unicodedata
import warnings

PAIRS, ROWS_MAX = 4, 60


def read(folder, file):
    import pandas

    frame = pandas.read_csv(f"{folder}/{file}", dtype=str, keep_default_na=False)
    return frame.rename(columns={"row": "unique_id"})


def uniform(text):
    return "".join(c for c in unicodedata.normalize("NFKC", text).upper() if c not in " ()")


def prepared(folder, parts):
    """Both lists, each field in one width, with the rare pairs of the name; nothing is None."""
    frames = []
    for side in ["register", "list"]:
        frame = read(folder, f"{side}.csv")
        for field in ["code", "name", "address"]:
            frame[field] = frame[field].map(uniform)
        frame["date"] = frame["date"].str.replace("/", "-")
        frame["org"] = frame["code"].map(lambda code: code[8:17] if len(code) == 18 else code if len(code) == 9 else "")
        if parts:
            own = read(folder, f"{side}-parts.csv")
            for field in ["core", "trade", "branch", "place"]:
                frame[field] = own[field]
            frame["county"] = own["place"].str[:6].where(~own["place"].str[4:6].isin(["00"]), "")
            frame["door"] = own["street"] + own["number"]
            frame["street"] = own["street"]
            frame["text"] = frame["core"] + frame["trade"] + frame["branch"]
        else:
            frame["text"] = frame["name"]
        frames.append(frame)
    counts = [collections.Counter(p for text in frame["text"] for p in {text[i : i + 2] for i in range(len(text) - 1)}) for frame in frames]

    def rare(text):
        pairs = {text[i : i + 2] for i in range(len(text) - 1)}
        counted = sorted((max(counts[0][p], counts[1][p]), p) for p in pairs if counts[0][p] and counts[1][p])
        return [p for count, p in counted if count <= ROWS_MAX][:PAIRS]

    for frame in frames:
        frame["pairs"] = frame["text"].map(rare)
        frame.drop(columns="text", inplace=True)
    return frames


def splink(folder, parts):
    import duckdb
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    logging.disable(logging.CRITICAL)
    register, theirs = [frame.replace("", None) for frame in prepared(folder, parts)]
    comparisons = [cl.DamerauLevenshteinAtThresholds("code", [1, 2]), cl.DamerauLevenshteinAtThresholds("org", [1]), cl.DamerauLevenshteinAtThresholds("date", [1])]
    if parts:
        text = cl.JaroWinklerAtThresholds("core", [0.92, 0.75]).configure(term_frequency_adjustments=True)
        door = cl.JaroWinklerAtThresholds("door", [0.92, 0.8]).configure(term_frequency_adjustments=True)
        comparisons += [
            text,
            door,
            cl.JaroWinklerAtThresholds("trade", [0.8]).configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("branch", [0.92]).configure(term_frequency_adjustments=True),
            cl.ExactMatch("county"),
        ]
        names, doors = ["core", "branch"], ["door"]
    else:
        comparisons += [
            cl.JaroWinklerAtThresholds("name", [0.95, 0.88, 0.8]).configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("address", [0.95, 0.88, 0.8]).configure(term_frequency_adjustments=True),
        ]
        names, doors = ["name"], ["address"]
    rules = [block_on("code"), block_on("org"), block_on(names[0]), block_on(*doors), block_on("pairs", arrays_to_explode=["pairs"])]
    settings = SettingsCreator(link_type="link_only", comparisons=comparisons, blocking_rules_to_generate_predictions=rules, max_iterations=100)
    database = DuckDBAPI(duckdb.connect(":memory:"))
    register, theirs = database.register(register, dataset_display_name="register"), database.register(theirs, dataset_display_name="theirs")
    linker = Linker([register, theirs], settings)
    training = linker.training
    training.estimate_probability_two_random_records_match([block_on("org"), block_on(names[0], *doors)], recall=0.6)
    training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    for rule in [block_on("org"), block_on(*doors), block_on(names[0])]:
        training.estimate_parameters_using_expectation_maximisation(rule)
    found = linker.inference.predict(threshold_match_probability=0.01).as_pandas_dataframe()
    links = []
    for row in found.itertuples():
        left, right = (row.unique_id_l, row.unique_id_r) if row.source_dataset_l == "register" else (row.unique_id_r, row.unique_id_l)
        links.append((row.match_probability, row.match_weight, int(left), int(right)))
    return links


def recordlinkage(folder):
    import pandas
    import recordlinkage

    register, theirs = prepared(folder, False)
    candidates = set()
    for keys in [["code"], ["org"], ["name"], ["address"], ["pairs"]]:
        sides = [frame.explode("pairs") if keys == ["pairs"] else frame for frame in (register, theirs)]
        sides = [frame[["unique_id", *keys]].dropna() for frame in sides]
        sides = [frame[frame[keys[0]] != ""] for frame in sides]
        both = sides[0].merge(sides[1], on=keys)
        candidates.update(zip(both["unique_id_x"].astype(int), both["unique_id_y"].astype(int)))
    index = pandas.MultiIndex.from_tuples(sorted(candidates))
    compare = recordlinkage.Compare()
    compare.string("code", "code", method="damerau_levenshtein", threshold=0.9, label="code")
    compare.exact("org", "org", label="org")
    compare.string("name", "name", method="jarowinkler", threshold=0.9, label="name")
    compare.string("address", "address", method="jarowinkler", threshold=0.9, label="address")
    compare.exact("date", "date", label="date")
    features = compare.compute(index, register.replace("", None), theirs.replace("", None))
    classifier = recordlinkage.ECMClassifier()
    classifier.fit(features)
    chances = classifier.prob(features)
    return [(chance, chance, left, right) for (left, right), chance in chances.items() if chance >= 0.01]


def one_to_one(links):
    ours, theirs, kept = set(), set(), []
    for chance, weight, left, right in sorted(links, key=lambda link: (-link[1], link[2], link[3])):
        if left not in ours and right not in theirs:
            ours.add(left)
            theirs.add(right)
            kept.append((chance, weight, left, right))
    return kept


def quality(folder, links):
    register, theirs = read(folder, "register.csv")["unit"].tolist(), read(folder, "list.csv")["unit"].tolist()
    truth = len(set(register) & set(theirs))

    def told(taken):
        right = sum(register[left] == theirs[row] for _, _, left, row in taken)
        precision, recall = right / max(1, len(taken)), right / truth
        return {"pairs": len(taken), "precision": precision, "recall": recall, "f1": 2 * precision * recall / max(1e-9, precision + recall)}

    # links come from the strongest down: the best line anybody could have drawn who knew the truth
    best, right = 0.0, 0
    for count, (_, _, left, row) in enumerate(links, 1):
        right += register[left] == theirs[row]
        best = max(best, 2 * right / (count + truth))
    return {**told([link for link in links if link[0] >= 0.5]), "best_f1": best}


def peer(which, folder):
    warnings.filterwarnings("ignore")
    import pandas  # noqa: F401  started before the clock

    started = time.perf_counter()
    links = recordlinkage(folder) if which == "recordlinkage" else splink(folder, which == "splink-parts")
    links = one_to_one(links)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({**quality(folder, links), "seconds": seconds, "peak_mb": peak}))


def ran(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)}\n{done.stderr}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def measure(register, binary, work, seeds):
    rows = collections.defaultdict(list)
    for seed in seeds:
        folder = f"{work}/{seed}"
        subprocess.run([binary, "plant", register, folder, str(seed)], check=True)
        subprocess.run([binary, "parts", folder], check=True)
        ours = ran([binary, "match", folder, "2"])
        rows["youju-linkage, accepted without a look"].append({**ours["accepted"], **{key: ours[key] for key in ["seconds", "peak_mb"]}})
        rows["youju-linkage, more likely than not"].append({**ours["even"], "best_f1": ours["best_f1"], **{key: ours[key] for key in ["seconds", "peak_mb"]}})
        for which in ["splink", "splink-parts", "recordlinkage"]:
            rows[which].append(ran([sys.executable, __file__, "peer", which, folder]))
    print("| program | precision | recall | F1 | F1 at the best line | seconds | memory |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    for name, runs in rows.items():
        mean = {key: sum(run[key] for run in runs) / len(runs) for key in runs[0]}
        best = f"{mean['best_f1']:.4f}" if "best_f1" in mean else "–"
        print(f"| {name} | {mean['precision']:.4f} | {mean['recall']:.4f} | {mean['f1']:.4f} | {best} | {mean['seconds']:.2f} | {mean['peak_mb']:.0f} MB |")
    doubled = [ran([binary, "doubled", f"{work}/{seed}", "2"]) for seed in seeds]
    mean = {key: sum(run[key] for run in doubled) / len(doubled) for key in ["precision", "recall", "f1", "seconds"]}
    print(f"duplicates in one list: precision {mean['precision']:.4f}, recall {mean['recall']:.4f}, F1 {mean['f1']:.4f}, {mean['seconds']:.2f} s")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("measure")
    for name in ["register", "binary", "work"]:
        one.add_argument(f"--{name}", required=True)
    one.add_argument("--seeds", default="1,2,3")
    other = commands.add_parser("peer")
    other.add_argument("which", choices=["splink", "splink-parts", "recordlinkage"])
    other.add_argument("folder")
    given = parser.parse_args()
    if given.command == "peer":
        peer(given.which, given.folder)
    else:
        measure(given.register, given.binary, given.work, [int(seed) for seed in given.seeds.split(",")])


if __name__ == "__main__":
    main()
