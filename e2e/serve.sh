#!/usr/bin/env bash
# Starts the program on a fresh data directory with the small demonstration: e2e/serve.sh [PORT [CLOCK]]. Ends with it and tidies up.
# With EMPTY set there is no demonstration: an office on its first day, without anybody.
# CLOCK is a file that says what time it is (2022-04-05 08:30, Asia/Shanghai); whoever rewrites it moves the time of the program.
set -euo pipefail
cd "$(dirname "$0")"

port=${1:-8610}
clock=${2:-}
program=${YOUJU_BIN:-${CARGO_TARGET_DIR:-../target}/debug/youju}
if [ ! -x "$program" ]; then
  echo "找不到程序 $program。请先运行:cargo build -p youju" >&2
  exit 1
fi

data=$(mktemp -d)
echo "数据目录 $data"
server=
stop() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  [ -z "$server" ] || wait "$server" 2>/dev/null || true
  rm -rf "$data"
}
trap stop EXIT
trap 'exit 0' INT TERM

if [ -n "${EMPTY:-}" ]; then
  "$program" serve --data "$data" --listen "127.0.0.1:$port" --second-factor nobody ${clock:+--clock "$clock"} &
else
  "$program" demo --data "$data" --small
  "$program" serve --data "$data" --listen "127.0.0.1:$port" ${clock:+--clock "$clock"} &
fi
server=$!

for _ in $(seq 1 300); do
  if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
    echo "http://127.0.0.1:$port/"
    wait "$server"
    exit
  fi
  kill -0 "$server" 2>/dev/null || { echo "程序启动后退出了,请看上面的输出。" >&2; exit 1; }
  sleep 0.1
done
echo "程序 30 秒内没有应答 127.0.0.1:$port。" >&2
exit 1
