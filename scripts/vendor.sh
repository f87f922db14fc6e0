#!/usr/bin/env bash
# Copies the two libraries that a browser loads from node_modules to ui/vendor, where the build embeds them.
set -euo pipefail
cd "$(dirname "$0")/.."

install_if_missing() {
  if ! cmp -s package-lock.json node_modules/.youju-lock; then
    npm ci --no-audit --no-fund
    cp package-lock.json node_modules/.youju-lock
  fi
}

# A file is touched only when it changes, so that cargo does not build anew.
copy() {
  cmp -s "node_modules/$1" "ui/vendor/$2" || cp "node_modules/$1" "ui/vendor/$2"
}

install_if_missing
mkdir -p ui/vendor
copy htmx.org/dist/htmx.min.js htmx.js
copy echarts/dist/echarts.min.js echarts.js
copy echarts/NOTICE echarts.NOTICE
