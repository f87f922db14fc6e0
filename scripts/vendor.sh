#!/usr/bin/env bash
# Copies the two libraries that a browser loads from node_modules to ui/vendor, and the font of printed forms to fonts; the build
# embeds them.
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
  cmp -s "node_modules/$1" "$2" || cp "node_modules/$1" "$2"
}

install_if_missing
mkdir -p ui/vendor fonts
copy htmx.org/dist/htmx.min.js ui/vendor/htmx.js
copy echarts/dist/echarts.min.js ui/vendor/echarts.js
copy echarts/NOTICE ui/vendor/echarts.NOTICE
noto=@expo-google-fonts/noto-sans-sc
copy $noto/400Regular/NotoSansSC_400Regular.ttf fonts/NotoSansSC-Regular.ttf
copy $noto/700Bold/NotoSansSC_700Bold.ttf fonts/NotoSansSC-Bold.ttf
copy $noto/LICENSE_FONT fonts/LICENSE
