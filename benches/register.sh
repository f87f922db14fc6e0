#!/usr/bin/env bash
# The register at scale on this machine: a made-up list is taken in, some units change, and the search box is asked. Needs: cargo build
# --release -p youju-load
#   benches/register.sh [sqlite|postgres]     UNITS=2000000 SEARCHES=200
# PostgreSQL is a private one (scripts/with-postgres.sh), which does not wait for the disk: what it gains by that is said in docs/register.md.
set -euo pipefail
cd "$(dirname "$0")/.."

what=${1:-sqlite}
program=${CARGO_TARGET_DIR:-target}/release/youju-load
data=$(mktemp -d "${TMPDIR:-/tmp}/youju-register.XXXXXX")
trap 'rm -rf "$data"' EXIT

measure() { "$program" register --data "$data" --units "${UNITS:-2000000}" --searches "${SEARCHES:-200}" "$@"; }

case $what in
  sqlite) measure ;;
  postgres)
    export data program UNITS SEARCHES
    scripts/with-postgres.sh bash -c '"$program" register --data "$data" --units "${UNITS:-2000000}" \
      --searches "${SEARCHES:-200}" --database "$YOUJU_TEST_POSTGRES"'
    ;;
  *) echo "sqlite or postgres?" >&2; exit 2 ;;
esac
