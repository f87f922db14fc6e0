#!/usr/bin/env bash
# Fuzzes one target for some seconds: fuzz/run.sh parser 60. What takes over 10 seconds or 700 megabytes counts as broken.
set -euo pipefail
cd "$(dirname "$0")"

target=$1
options=(-max_total_time="$2" -timeout=10 -rss_limit_mb=700 -print_final_stats=1)
case $target in
  parser) options+=(-max_len=2048 -dict=corpus/vtl.dict) ;;
  lexer) options+=(-max_len=1024 -dict=corpus/vtl.dict) ;;
  formula) options+=(-max_len=1024 -dict=corpus/formula.dict) ;;
  csv) options+=(-max_len=16384) ;;
  workbook) options+=(-max_len=32768) ;;
esac

# Without address sanitizer: no code of ours is unsafe, and more texts are tried in the same time.
RUSTC_BOOTSTRAP=1 cargo fuzz run --fuzz-dir . -s none "$target" -- "${options[@]}"
