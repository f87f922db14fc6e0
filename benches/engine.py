"""One engine, one process: judges a Parquet file and prints the failing cells of every rule as a line of JSON.

    engine.py ENGINE whole|memory DATA.parquet RULES REPEATS THREADS

`whole` reads the file and judges once, in the way that suits the engine best. `memory` brings the rows into the engine's own form first
and then times judging alone, REPEATS times.
"""

import json
import os
import sys
import time
from collections import Counter


def timed(repeats, work):
    seconds = []
    spent = time.process_time_ns()
    for _ in range(repeats):
        start = time.perf_counter()
        failed = work()
        seconds.append(time.perf_counter() - start)
    return seconds, time.process_time_ns() - spent, failed


def reading_alone(data, rules, in_memory, repeats, threads):
    import polars as pl

    def read(frame):
        frame.select(pl.all().sum())
        return [0 for _ in rules]

    if in_memory:
        frame = pl.read_parquet(data)
        return timed(repeats, lambda: read(frame))
    return timed(1, lambda: read(pl.read_parquet(data)))


def polars_counts(data, rules, in_memory, repeats, threads):
    import polars as pl
    from rules import polars_claim

    counts = [(~polars_claim(rule)).sum().alias(rule.name) for rule in rules]
    if in_memory:
        frame = pl.read_parquet(data)
        return timed(repeats, lambda: list(frame.select(counts).row(0)))
    return timed(1, lambda: list(pl.scan_parquet(data).select(counts).collect(engine="streaming").row(0)))


def polars_rows(data, rules, in_memory, repeats, threads):
    import polars as pl
    from rules import polars_claim

    masks = [(~polars_claim(rule)).fill_null(False).alias(rule.name) for rule in rules]

    def judge(frame):
        found = frame.select(masks)
        places = [column.arg_true() for column in found.iter_columns()]
        return [len(rows) for rows in places]

    if in_memory:
        frame = pl.read_parquet(data)
        return timed(repeats, lambda: judge(frame))
    return timed(1, lambda: judge(pl.read_parquet(data)))


def duckdb_source(data, in_memory, threads):
    import duckdb

    connection = duckdb.connect(config={"threads": threads})
    source = f"read_parquet('{data}')"
    if in_memory:
        connection.execute(f"create table population as select * from {source}")
        return connection, "population"
    return connection, source


def duckdb_counts(data, rules, in_memory, repeats, threads):
    from rules import sql_count_each, sql_counts

    # One scan of the file suits few rules; planning very many expressions at once takes longer than reading them into a table.
    is_direct = not in_memory and len(rules) <= 200
    connection, source = duckdb_source(data, not is_direct, threads)
    if is_direct:
        return timed(1, lambda: list(connection.execute(sql_counts(rules, source, "count_if({})")).fetchone()))
    query = sql_count_each(rules, source)
    return timed(repeats, lambda: [count for _, count in sorted(connection.execute(query).fetchall())])


def duckdb_rows(data, rules, in_memory, repeats, threads):
    from rules import sql_rows

    connection, source = duckdb_source(data, True, threads)

    def judge():
        connection.execute(f"create or replace temp table failures as {sql_rows(rules, source)}")
        found = dict(connection.execute("select rule, count(*) from failures group by rule").fetchall())
        return [found.get(at, 0) for at in range(len(rules))]

    return timed(repeats if in_memory else 1, judge)


def datafusion_counts(data, rules, in_memory, repeats, threads):
    import datafusion
    import pyarrow.parquet as pq
    from rules import sql_counts

    context = datafusion.SessionContext(datafusion.SessionConfig().with_target_partitions(threads))
    if in_memory:
        batches = pq.read_table(data).to_batches(max_chunksize=8192)
        context.register_record_batches("population", [batches[at::threads] for at in range(threads)])
    else:
        context.register_parquet("population", data)
    query = sql_counts(rules, "population", "count(case when {} then 1 end)")
    return timed(repeats if in_memory else 1, lambda: list(context.sql(query).to_pylist()[0].values()))


def pandera(data, rules, in_memory, repeats, threads):
    import pandera.polars as pa
    import polars as pl
    from rules import polars_claim

    def check(rule):
        claim = polars_claim(rule).fill_null(True)
        return pa.Check(lambda data: data.lazyframe.select(claim), name=rule.name)

    schema = pa.DataFrameSchema(checks=[check(rule) for rule in rules])

    def judge(frame):
        try:
            schema.validate(frame, lazy=True)
            found = {}
        except pa.errors.SchemaErrors as errors:
            found = dict(errors.failure_cases["check"].value_counts().iter_rows())
        return [found.get(rule.name, 0) for rule in rules]

    if in_memory:
        frame = pl.read_parquet(data)
        return timed(repeats, lambda: judge(frame))
    return timed(1, lambda: judge(pl.read_parquet(data)))


def pointblank(data, rules, in_memory, repeats, threads):
    import pointblank
    import polars as pl
    from rules import polars_claim

    def judge(frame):
        plan = pointblank.Validate(frame)
        for rule in rules:
            plan = plan.col_vals_expr(expr=polars_claim(rule))
        found = plan.interrogate().n_failed()
        return [found[at] for at in range(1, len(rules) + 1)]

    if in_memory:
        frame = pl.read_parquet(data)
        return timed(repeats, lambda: judge(frame))
    return timed(1, lambda: judge(pl.read_parquet(data)))


def vtlengine(data, rules, in_memory, repeats, threads):
    import pandas
    import vtlengine
    from population import CURRENT, PREVIOUS
    from rules import RULESET, vtl

    script = f"{vtl(rules)}\nfailures <- check_datapoint(population, {RULESET} invalid);"
    measures = [{"name": name, "type": "Number", "role": "Measure", "nullable": True} for name in CURRENT + PREVIOUS]
    components = [{"name": "id", "type": "Integer", "role": "Identifier", "nullable": False}, *measures]
    structure = {"datasets": [{"name": "population", "DataStructure": components}]}

    def judge(frame):
        done = vtlengine.run(script=script, data_structures=structure, datapoints={"population": frame}, use_duckdb=True)
        found = Counter(done["failures"].data["ruleid"])
        return [found.get(rule.name, 0) for rule in rules]

    if in_memory:
        frame = pandas.read_parquet(data)
        return timed(repeats, lambda: judge(frame))
    return timed(1, lambda: judge(pandas.read_parquet(data)))


ENGINES = {
    "reading alone": reading_alone,
    "polars counts": polars_counts,
    "polars rows": polars_rows,
    "duckdb counts": duckdb_counts,
    "duckdb rows": duckdb_rows,
    "datafusion counts": datafusion_counts,
    "pandera": pandera,
    "pointblank": pointblank,
    "vtlengine": vtlengine,
}

if __name__ == "__main__":
    name, mode, data, count, repeats, threads = sys.argv[1:]
    os.environ["POLARS_MAX_THREADS"] = threads
    from rules import rules

    seconds, spent, failed = ENGINES[name](data, rules(int(count)), mode == "memory", int(repeats), int(threads))
    print(json.dumps({"seconds": seconds, "cpu_nanoseconds": spent, "failed": [int(number) for number in failed]}))
