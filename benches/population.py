"""A population of enterprises as a wide table: 50 current figures v01..v50 and 10 of the previous period p01..p10.

Five blocks of ten figures: five leaves and five of their sums, so that many sums hold. The first, third and fifth block are in whole
numbers, the others have two decimals. 2 % of the cells are missing and 0.3 % are a thousand times too large, independently. The same
row has the same figures in a table of any size.

Libraries are imported where they are used: whoever starts the engines must stay small, because Linux counts the memory of the parent
into the peak of a process that it starts.
"""

import sys

VERSION = 1
ROWS_PER_GROUP = 122_880  # as DuckDB writes: every engine has groups to share among its threads
SEED = 20_260
CURRENT = [f"v{at:02}" for at in range(1, 51)]
PREVIOUS = [f"p{at:02}" for at in range(1, 11)]
MISSING, THOUSANDFOLD = 0.02, 0.003


def block(random, rows, has_cents):
    """Ten columns in cents: leaves 1..5, then 1+2, 3+4, 1+2+3, 3+4+5, and the sum of all leaves."""
    import numpy as np

    size = random.lognormal(7.0, 1.2, rows)
    unit = 1 if has_cents else 100
    leaves = [np.rint(size * random.lognormal(0.0, 0.6, rows) * 100 / unit).astype(np.int64) * unit + unit for _ in range(5)]
    a, b, c, d, e = leaves
    return [*leaves, a + b, c + d, a + b + c, c + d + e, a + b + c + d + e]


def group(number, rows):
    import numpy as np
    import pyarrow as pa

    random = np.random.default_rng([SEED, number])
    blocks = [block(random, ROWS_PER_GROUP, at % 2 == 1) for at in range(5)]
    columns = [column for columns in blocks for column in columns]
    columns += [np.rint(column * random.lognormal(0.0, 0.25, ROWS_PER_GROUP) / 100).astype(np.int64) * 100 + 100 for column in columns[:10]]
    arrays = [pa.array(np.arange(1, rows + 1, dtype=np.int64) + number * ROWS_PER_GROUP)]
    for column in columns:
        chance = random.random(ROWS_PER_GROUP)
        column = np.where(chance < THOUSANDFOLD, column * 1000, column)
        missing = chance > 1 - MISSING
        arrays.append(pa.array((column / 100)[:rows], mask=missing[:rows]))
    return pa.table(arrays, names=["id", *CURRENT, *PREVIOUS])


def write(path, rows):
    import pyarrow.parquet as pq

    writer = None
    for number in range(-(-rows // ROWS_PER_GROUP)):
        table = group(number, min(ROWS_PER_GROUP, rows - number * ROWS_PER_GROUP))
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table, row_group_size=ROWS_PER_GROUP)
    writer.close()


if __name__ == "__main__":
    write(sys.argv[1], int(sys.argv[2]))
