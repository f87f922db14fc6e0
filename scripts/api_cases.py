"""Asks the program thousands of questions made from its own OpenAPI description (schemathesis), and wants no accident, no answer
that the description does not know, and nothing for who has no right to it.

    python scripts/api_cases.py [--examples N] [--seed N] [further options of `schemathesis run`]

It starts the program (YOUJU_BIN, or the one built last) on fresh demonstration data and takes it away afterwards.
"""

import argparse
import datetime
import html
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "youju-demo"
CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
    "allow_header_conformance",
    "ignored_auth",
    "nobody_else_gets_it",
]
BALANCE = {
    "period": "2021-12",
    "measure": "元",
    "rows": [
        {"code": "1002", "name": "银行存款", "opening_debit": 0, "period_debit": 1200.5, "closing_debit": "1200.50"},
        {"code": "4001", "name": "实收资本", "period_credit": 1200.5, "closing_credit": 1200.5},
    ],
}
VOUCHERS = {
    "period": "2021-12",
    "columns": ["日期", "凭证字号", "摘要", "科目编码", "借方金额", "贷方金额"],
    "rows": [
        ["2021-12-05", "记-1", "收到货款", "1002", 1200.5, None],
        ["2021-12-05", "记-1", "收到货款", "4001", None, 1200.5],
    ],
}
FILES = [
    "科目编码,科目名称,期初借方,期初贷方,本期借方,本期贷方,期末借方,期末贷方\n"
    "1002,银行存款,0,0,1200.50,0,1200.50,0\n4001,实收资本,0,0,0,1200.50,0,1200.50\n",
    "日期,凭证字号,摘要,科目编码,借方金额,贷方金额\n"
    "2021-12-05,记-1,收到货款,1002,1200.50,\n2021-12-05,记-1,收到货款,4001,,1200.50\n",
]
# A telephone that changes, with `%PDF-1.7 licence` as the paper of it; each case gets a sending of its own.
AMENDMENT = {
    "type": "amendment",
    "values": {"from_on": "2026-04-02", "why": "换号", "phone": "0579-88880009"},
    "materials": [{"kind": "document", "name": "营业执照.pdf", "content": "JVBERi0xLjcgbGljZW5jZQ=="}],
}
WITHDRAWAL = {"revision": 0, "reason": "不用变更了", "sending": "3f1c5e0a-7b1d-4c55-9a53-0b4a3a1c2d4e"}
KINDS = "voucher_journal sales_list stock_list payroll bank_statement chart_of_accounts energy_slips generic".split()


class Clerk:
    """Somebody of a unit, who makes keys for it on its page."""

    def __init__(self, base, login):
        self.base, self.session = base, requests.Session()
        self.session.post(f"{base}/sign-in", data={"login": login, "password": PASSWORD}).raise_for_status()
        own = self.session.get(f"{base}/units").text
        self.unit = re.search(r"/units/([0-9a-f-]{36})", own).group(1)
        page = self.session.get(f"{base}/units/{self.unit}").text
        self.usci = re.search(r"\b[0-9A-Z]{18}\b", page).group(0)
        self.name = html.unescape(re.search(r"<h1[^>]*>(.*?)</h1>", page, re.S).group(1)).strip()

    def key(self, *uses):
        form = {"name": "核对接口", "last_day": "", "use": uses or ("ledgers", "cases")}
        page = self.session.post(f"{self.base}/units/{self.unit}/api-keys", data=form)
        return re.search(r"\byj_[0-9a-f]{64}\b", page.text).group(0)

    def end_key(self):
        page = self.session.get(f"{self.base}/units/{self.unit}/api-keys").text
        key = re.search(r"/api-keys/([0-9a-f-]{36})", page).group(1)
        self.session.post(f"{self.base}/api-keys/{key}/revoke").raise_for_status()


def opened(address, bearer, number):
    """A case of a unit, by its id."""
    given = requests.post(address, json={**AMENDMENT, "sending": f"{number:016x}"}, headers=bearer)
    given.raise_for_status()
    return given.json()["id"]


def prepare(base, work):
    """Two units with keys, one key that was ended, two that are for one thing only, and what the first unit has."""
    own, other = Clerk(base, "tb002"), Clerk(base, "tb003")
    ended = own.key()
    own.end_key()
    key = own.key()
    bearer = {"Authorization": f"Bearer {key}"}
    ledger = f"{base}/api/v1/ledgers/{own.usci}"
    standing = [requests.get(f"{ledger}/{period}", headers=bearer).json() for period in ("2020-12", "2021-12")]
    imports = [told["trial_balance"]["id"] for told in standing]
    given = requests.post(f"{ledger}/2021-12/records/voucher_journal", json=VOUCHERS, headers=bearer)
    given.raise_for_status()
    imports.append(given.json()["id"])
    assert requests.get(f"{ledger}/2021-12", headers={"Authorization": f"Bearer {ended}"}).status_code == 401
    cases = [opened(f"{base}/api/v1/cases/{own.usci}", bearer, number) for number in range(3)]
    return {
        "clock": str(work / "clock"),
        "summary": str(work / "summary.json"),
        "key": key,
        "ended": ended,
        "other": other.key(),
        "ledgers": own.key("ledgers"),
        "cases": own.key("cases"),
        "unit": own.usci,
        "never_told": [other.name, key],
        "balance": BALANCE,
        "vouchers": VOUCHERS,
        "files": FILES,
        "amendment": AMENDMENT,
        "withdrawal": WITHDRAWAL,
        "parts": {
            # Another unit is asked for often enough to be sure that it stays unknown.
            "unit": [own.usci] * 8 + [own.unit, other.usci],
            "period": ["2021-12", "2021-12", "2020-12", "2019-12", "2021-Q4", "2021"],
            "form": ["B203"] * 4 + ["B103-1"],
            "cell": ["c301", "c301", "c201", "c202", "c301_ly", "p.3.10"],
            "kind": KINDS,
            "import": imports,
            "case": cases,
            "act": ["withdraw"] * 4 + ["mend", "township_pass"],
        },
    }


def serve(work):
    """Starts the program on a free port; its address and the process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    china = datetime.timezone(datetime.timedelta(hours=8))
    (work / "clock").write_text(datetime.datetime.now(china).strftime("%Y-%m-%d %H:%M"))
    log = (work / "server.log").open("w")
    command = [ROOT / "e2e/serve.sh", str(port), work / "clock"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
    base = f"http://127.0.0.1:{port}"
    if not any(line.startswith(base) for line in server.stdout):
        sys.exit(f"程序没有启动:{(work / 'server.log').read_text()}")
    return base, server


def ask(address, key, work, given, further):
    """Lets schemathesis ask; whether a true table balances is not its business, so it does not judge what is refused as data."""
    command = [Path(sys.executable).with_name("schemathesis"), "run", address, "-H", f"Authorization: Bearer {key}"]
    command += ["--checks", ",".join(CHECKS), "--mode", "all", "--max-examples", str(given.examples)]
    command += ["--seed", str(given.seed), "--continue-on-failure", "--generation-database", "none"]
    command += ["--suppress-health-check", "all", "--no-color", *further]
    hooks = {"SCHEMATHESIS_HOOKS": "api_cases_hooks", "PYTHONPATH": str(ROOT / "scripts"), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, env={**os.environ, **hooks, "YOUJU_API_CASES": str(work / "known.json")}, cwd=work)


def judge(work, operations):
    """Whether the cases went deep enough to say anything, and what was answered."""
    summary = json.loads((work / "summary.json").read_text())
    shallow = set(operations)
    for operation in operations:
        told = {status: count for name, status, count in summary["answers"] if name == operation}
        counts = ", ".join(f"{status}×{count}" for status, count in sorted(told.items()))
        print(f"{operation}: {sum(told.values())} 个用例,{counts}")
        if any(200 <= status < 300 for status in told):
            shallow.discard(operation)
    total, replays = sum(count for *_, count in summary["answers"]), sum(summary["replays"].values())
    print(f"共 {len(operations)} 个操作,{total} 个用例;换用别的密钥重发 {replays} 次:{summary['replays']}")
    if shallow:
        print(f"没有一个用例办成,检查不够深:{', '.join(sorted(shallow))}")
    return not shallow


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--examples", type=int, default=200, help="cases of each operation in the phase of chance")
    options.add_argument("--seed", type=int, default=1, help="the same seed asks the same questions")
    given, further = options.parse_known_args()
    # Whoever ends it early leaves no program behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory() as place:
        work = Path(place)
        base, server = serve(work)
        try:
            known = prepare(base, work)
            (work / "known.json").write_text(json.dumps(known))
            address = f"{base}/api/v1/openapi.json"
            paths = requests.get(address).json()["paths"]
            operations = [f"{method.upper()} {path}" for path, methods in paths.items() for method in methods]
            run = ask(address, known["key"], work, given, further)
            is_deep = judge(work, operations)
            is_up = requests.get(f"{base}/health").ok
        finally:
            server.terminate()
            server.wait()
        sys.exit(0 if run.returncode == 0 and is_deep and is_up else 1)


if __name__ == "__main__":
    main()
