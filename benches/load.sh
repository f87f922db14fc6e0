#!/usr/bin/env bash
# A reporting deadline on this machine: prepares an installation, starts the program as it was built for release, plays 1, 16, 64 and
# 256 browsers against it, and looks afterwards whether everything that was acknowledged is there and the journal verifies.
#   benches/load.sh [save|hand-in]     SECONDS_EACH=30 LONG=600 CLIENTS="1 16 64 256" UNITS=1000 WINDOWS=12
# Needs: cargo build --release -p youju -p youju-load
set -euo pipefail
cd "$(dirname "$0")/.."

what=${1:-save}
programs=${CARGO_TARGET_DIR:-target}/release
data=$(mktemp -d "${TMPDIR:-/tmp}/youju-load.XXXXXX")
listen=127.0.0.1:${PORT:-8690}
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$data"' EXIT

size() { du -s --block-size=1 "$data" | cut -f 1; }

"$programs/youju-load" prepare --data "$data" --units "${UNITS:-1000}" --windows "${WINDOWS:-12}"
RUST_LOG=warn "$programs/youju" serve --data "$data" --programmes "$data/programmes" --listen "$listen" >/dev/null &
server=$!
until (exec 3<>"/dev/tcp/${listen%:*}/${listen#*:}") 2>/dev/null; do sleep 0.1; done

play() {
  "$programs/youju-load" play --data "$data" --server "http://$listen" --what "$what" --process "$server" --clients "$1" --seconds "$2"
}

before=$(size)
echo "| clients | submissions | per second | p50 ms | p95 ms | p99 ms | longest ms | refused (503) | errors | answer bytes | memory |"
echo "|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
for clients in ${CLIENTS:-1 16 64 256}; do play "$clients" "${SECONDS_EACH:-30}"; done
if [ "${LONG:-0}" -gt 0 ]; then play 256 "$LONG"; fi
kill -TERM "$server"
wait "$server" || true
echo "bytes on disk: $before before, $(size) after"
"$programs/youju-load" verify --data "$data"
"$programs/youju" journal verify --data "$data"
