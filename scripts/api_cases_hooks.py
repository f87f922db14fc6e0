"""What schemathesis asks of our own: cases that get past the first look, and no answer for who has no right to it.

Loaded by SCHEMATHESIS_HOOKS; what it has to know stands in the file that YOUJU_API_CASES names, written by api_cases.py.
"""

import atexit
import copy
import datetime
import json
import os
import random
import time
from collections import Counter
from pathlib import Path

import requests
import schemathesis

KNOWN = json.loads(Path(os.environ["YOUJU_API_CASES"]).read_text())
# A key may ask 60 times in a minute. Time is moved on before it has; the rest is for requests that checks make by themselves.
ASKED_IN_A_MINUTE = 40
SECONDS_UNTIL_THE_CLOCK_IS_SEEN = 0.15
# How often in a hundred a generated value gives way to one that exists.
TRUE_VALUES = 85

session = requests.Session()
answers = Counter()
replays = Counter()
asked = 0


def move_time_on():
    """The program's time stands still until this file is written anew."""
    global asked
    asked += 1
    if asked % ASKED_IN_A_MINUTE:
        return
    clock = Path(KNOWN["clock"])
    now = datetime.datetime.strptime(clock.read_text(), "%Y-%m-%d %H:%M") + datetime.timedelta(minutes=2)
    beside = clock.with_suffix(".new")
    beside.write_text(now.strftime("%Y-%m-%d %H:%M"))
    beside.replace(clock)
    time.sleep(SECONDS_UNTIL_THE_CLOCK_IS_SEEN)


def damaged(content, chance):
    """A true file with a few of its bytes changed, taken out or doubled."""
    content = bytearray(content)
    for _ in range(chance.randrange(4)):
        at = chance.randrange(len(content))
        act = chance.randrange(3)
        if act == 0:
            content[at] = chance.randrange(256)
        elif act == 1:
            del content[at : at + chance.randrange(1, 40)]
        else:
            content[at:at] = content[at : at + chance.randrange(1, 200)]
        if not content:
            break
    return bytes(content)


def grafted(true, generated, chance):
    """A true table into which something of the generated one has been put."""
    table = copy.deepcopy(true)
    if not isinstance(generated, dict) or not generated:
        return table
    if chance.random() < 0.3:
        return table
    name = chance.choice(sorted(generated, key=str))
    rows = generated.get("rows")
    if name != "rows" or name not in table or not isinstance(rows, list) or not rows:
        return {**table, name: generated[name]}
    row, at = chance.choice(rows), chance.randrange(len(table["rows"]))
    mine = table["rows"][at]
    if isinstance(row, dict) and isinstance(mine, dict):
        mine.update(chance.sample(sorted(row.items(), key=str), min(len(row), 2)))
    elif isinstance(row, list) and row and isinstance(mine, list):
        mine[chance.randrange(len(mine))] = chance.choice(row)
    else:
        table["rows"][at] = row
    return table


@schemathesis.hook
def map_case(context, case):
    """Most cases name the key's own unit and what it has; the rest stay as they were generated."""
    chance = random.Random(repr((case.method, case.path_parameters, case.query, case.body)))
    parts = case.path_parameters if isinstance(case.path_parameters, dict) else {}
    for name in parts:
        if name in KNOWN["parts"] and chance.randrange(100) < TRUE_VALUES:
            parts[name] = chance.choice(KNOWN["parts"][name])
    if case.method != "POST" or chance.randrange(100) >= TRUE_VALUES:
        return case
    if "unit" in parts and chance.randrange(100) < TRUE_VALUES:
        parts["unit"] = KNOWN["unit"]
    if "/cases/" in case.path:
        is_step = "act" in parts
        true = KNOWN["withdrawal"] if is_step else {**KNOWN["amendment"], "sending": f"{chance.getrandbits(64):016x}"}
        if case.media_type == "application/json":
            case.body = grafted(true, case.body, chance)
        return case
    is_balance = case.path.endswith("/trial-balance")
    table = KNOWN["balance" if is_balance else "vouchers"]
    if "period" in parts:
        parts["period"] = table["period"]
    if not is_balance and "kind" in parts and chance.random() < 0.6:
        parts["kind"] = "voucher_journal"
    if case.media_type == "application/json":
        case.body = grafted(table, case.body, chance)
    elif case.media_type == "application/octet-stream":
        case.body = damaged(chance.choice(KNOWN["files"]).encode(), chance)
    return case


@schemathesis.hook
def before_call(context, case, kwargs):
    move_time_on()


def code_of(answer):
    try:
        return answer.json().get("code")
    except (ValueError, AttributeError):
        return None


@schemathesis.check
def nobody_else_gets_it(ctx, response, case):
    """The same request without a key, with a made-up one, an ended one, one for something else and that of another unit."""
    answers[f"{case.method} {case.operation.path}", response.status_code] += 1
    assert response.status_code != 429, "the clock was not moved on in time"
    told = response.content.decode("utf-8", "replace")
    for secret in KNOWN["never_told"]:
        assert secret not in told, f"an answer tells {secret}"
    request = response.request
    if request.headers.get("Authorization") != f"Bearer {KNOWN['key']}" or response.status_code in (401, 404, 405):
        return
    for who, secret, status, code in (
        ("nobody", None, 401, "api_key.missing"),
        ("a made-up key", "yj_" + "0" * 64, 401, "api_key.wrong"),
        ("an ended key", KNOWN["ended"], 401, "api_key.wrong"),
        ("another unit", KNOWN["other"], 404, "not_found"),
        ("a key for something else", KNOWN["ledgers" if "/case" in case.path else "cases"], 403, "api_key.wrong_use"),
    ):
        again = request.copy()
        again.headers.pop("Authorization")
        if secret:
            again.headers["Authorization"] = f"Bearer {secret}"
        answer = session.send(again, allow_redirects=False, timeout=60)
        replays[who] += 1
        found = (answer.status_code, code_of(answer))
        assert found == (status, code), f"{who} was answered {found} where our key was answered {response.status_code}"


@atexit.register
def tell():
    told = {"answers": [[*key, count] for key, count in sorted(answers.items())], "replays": replays}
    Path(KNOWN["summary"]).write_text(json.dumps(told))
