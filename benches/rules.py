"""One definition of the rules, printed for every engine.

An expression is a tuple: ("v", name), ("n", digits), (sign, left, right), ("abs", x), ("between", x, low, high). A rule fails in a row
where its condition is true and its claim is false; where either is null it cannot be tested, which is not a failure.

Limits are chosen so that floating point and exact numbers must agree: tolerances lie between two hundredths, ratios are powers of 2.
"""

import sys
from typing import NamedTuple, Optional

from population import CURRENT, PREVIOUS

RULESET = "population"


class Rule(NamedTuple):
    name: str
    when: Optional[tuple]
    then: tuple


def v(name):
    return ("v", name)


def n(number):
    return ("n", str(number))


def ranges(count):
    """Not below, and not above what an enterprise can have."""
    limits = [("0", "200000"), ("1", "60000"), ("2", "400000"), ("0.5", "100000.5"), ("5", "30000"), ("3", "800000"), ("10", "150000.25"), ("1.25", "250000")]
    for at in range(count):
        low, high = limits[at // 50 % len(limits)]
        yield None, ("between", v(CURRENT[at % 50]), n(low), n(high))


def sums(count):
    """a + b = c and a + b + c = d within a tolerance."""
    two = [(1, 2, 6), (3, 4, 7), (6, 3, 8), (7, 5, 9), (6, 9, 10)]
    three = [(1, 2, 3, 8), (3, 4, 5, 9), (6, 7, 5, 10), (1, 2, 9, 10), (8, 4, 5, 10)]
    shapes = [shape for pair in zip(two, three) for shape in pair]
    for at in range(count):
        block, shape = at // 10 % 5 * 10, shapes[at % 10]
        *parts, whole = [v(CURRENT[block + place - 1]) for place in shape]
        added = parts[0]
        for part in parts[1:]:
            added = ("+", added, part)
        tolerance = ["1.005", "0.505", "5.005", "50.005"][at // 50 % 4]
        yield None, ("<=", ("abs", ("-", added, whole)), n(tolerance))


def conditionals(count):
    """A figure asks for another one; every second under two conditions."""
    for at in range(count):
        a, b, c = (v(CURRENT[(at * step + shift) % 50]) for step, shift in [(7, 0), (11, 3), (13, 6)])
        if at % 2 == 0:
            yield (">", a, n(1000 + at)), (">", b, n(100 + at % 7))
        else:
            yield ("and", (">", a, n(500 + at)), (">", b, n(2000 + at))), ("<", c, n(50000 + 100 * at))


def ratios(count):
    """To the previous period, for enterprises of some size."""
    bounds = [("0.5", "2"), ("0.25", "4"), ("0.125", "8"), ("0.0625", "16")]
    for at in range(count):
        now, before = v(CURRENT[at % 10]), v(PREVIOUS[at % 10])
        low, high = bounds[at // 10 % 4]
        when = (">", before, n(0))
        if at >= 20:
            when = ("and", when, (">", now, n(at // 40 * 250)))
        yield when, ("between", ("/", now, before), n(low), n(high))


def rules(count):
    """40 % ranges, 20 % sums, 20 % conditionals, 20 % ratios."""
    kinds = [(ranges, "r", 40), (sums, "s", 20), (conditionals, "c", 20), (ratios, "q", 20)]
    return [
        Rule(f"{letter}{number:04}", when, then)
        for kind, letter, share in kinds
        for number, (when, then) in enumerate(kind(count * share // 100), 1)
    ]


def infix(expr, between):
    """Operators between their operands, as VTL and SQL have them."""
    sign, *rest = expr
    if sign in "vn":
        return rest[0]
    inner = [infix(part, between) for part in rest]
    if sign == "abs":
        return f"abs({inner[0]})"
    if sign == "between":
        return between.format(*inner)
    return f"({inner[0]} {sign} {inner[1]})"


def vtl(rules):
    def text(rule):
        body = infix(rule.then, "between({}, {}, {})")
        when = f"when {infix(rule.when, 'between({}, {}, {})')} then " if rule.when else ""
        return f'  {rule.name}: {when}{body} errorcode "{rule.name}"'

    body = ";\n".join(text(rule) for rule in rules)
    return f"define datapoint ruleset {RULESET} (variable {', '.join(CURRENT + PREVIOUS)}) is\n{body}\nend datapoint ruleset;\n"


def sql_failure(rule):
    between = "({} between {} and {})"
    claim = f"not {infix(rule.then, between)}"
    return f"({infix(rule.when, between)} and {claim})" if rule.when else f"({claim})"


def sql_counts(rules, table, count):
    """All counts in one scan."""
    return "select " + ", ".join(f"{count.format(sql_failure(rule))} as {rule.name}" for rule in rules) + f" from {table}"


def sql_count_each(rules, table):
    """A scan for each rule."""
    return " union all ".join(f"select {at} as rule, count(*) from {table} where {sql_failure(rule)}" for at, rule in enumerate(rules))


def sql_rows(rules, table):
    each = (f"select {at} as rule, id from {table} where {sql_failure(rule)}" for at, rule in enumerate(rules))
    return " union all ".join(each)


def polars_claim(rule):
    """True, false, or null where the rule cannot be tested; a condition that is false holds."""
    then = to_polars(rule.then)
    return ~to_polars(rule.when) | then if rule.when else then


def to_polars(expr):
    import polars as pl

    sign, *rest = expr
    if sign == "v":
        return pl.col(rest[0])
    if sign == "n":
        return pl.lit(float(rest[0]))
    parts = [to_polars(part) for part in rest]
    return {
        "+": lambda a, b: a + b,
        "-": lambda a, b: a - b,
        "/": lambda a, b: a / b,
        "<": lambda a, b: a < b,
        ">": lambda a, b: a > b,
        "<=": lambda a, b: a <= b,
        "and": lambda a, b: a & b,
        "abs": lambda a: a.abs(),
        "between": lambda a, low, high: a.is_between(low, high),
    }[sign](*parts)


if __name__ == "__main__":
    sys.stdout.write(vtl(rules(int(sys.argv[1]))))
