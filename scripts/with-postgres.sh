#!/usr/bin/env bash
# Runs a command with a private PostgreSQL: its own cluster in a temporary folder, on a free port of this machine, gone at the end.
#   scripts/with-postgres.sh cargo test -p youju-store
# Exports YOUJU_TEST_POSTGRES. A server that is named there already is used as it is. PostgreSQL refuses to run as root, so root
# hands it to an unprivileged user.
set -euo pipefail

if [ -n "${YOUJU_TEST_POSTGRES:-}" ]; then
  exec "$@"
fi

# Debian keeps the server's programs apart, by version; elsewhere they are on the path (perhaps as links).
newest=$(compgen -G "/usr/lib/postgresql/*/bin/initdb" | sort -V | tail -n 1 || true)
programs=$(dirname "$(readlink -f "${newest:-$(command -v initdb || true)}")")
if [ ! -x "$programs/initdb" ]; then
  echo "找不到 PostgreSQL。请安装:apt-get install -y postgresql" >&2
  exit 1
fi

place=$(mktemp -d "${TMPDIR:-/tmp}/youju-postgres.XXXXXX")
chmod 700 "$place"
as=()
if [ "$(id -u)" -eq 0 ]; then
  owner=$(id -un postgres 2>/dev/null || echo nobody)
  chown "$owner" "$place"
  as=(runuser -u "$owner" --)
fi

# From inside the folder: the owner may not be able to enter the folder this was called from.
postgres() { (cd "$place" && "${as[@]}" "$programs/$1" "${@:2}"); }

stop() {
  postgres pg_ctl -D "$place/data" -m immediate -w stop >/dev/null 2>&1 || true
  rm -rf "$place"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

postgres initdb -D "$place/data" -U youju -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$place/log" 2>&1 || { cat "$place/log" >&2; exit 1; }

# Between choosing a port and using it somebody else may take it: three tries.
# Without fsync and full pages it is quick, and a test data base has nothing to lose.
for attempt in 1 2 3; do
  port=$(free_port)
  options="-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$place -c max_connections=300"
  options="$options -c fsync=off -c full_page_writes=off -c synchronous_commit=off"
  if postgres pg_ctl -D "$place/data" -l "$place/data/server.log" -w -t 30 -o "$options" start >/dev/null; then
    break
  fi
  if [ "$attempt" = 3 ]; then
    cat "$place/data/server.log" >&2
    exit 1
  fi
done
postgres createdb -h 127.0.0.1 -p "$port" -U youju youju_test

YOUJU_TEST_POSTGRES="postgres://youju@127.0.0.1:$port/youju_test" "$@"
