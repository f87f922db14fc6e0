#!/usr/bin/env bash
# Brings what is missing, and says in plain words what it cannot bring itself.
#   scripts/setup.sh demo   tools for building, and the two libraries of the pages
#   scripts/setup.sh test   the same, and the browser, PostgreSQL, jq, Playwright and a Python environment with DuckDB
#   scripts/setup.sh bench  a Python environment with the engines that make bench compares
#   scripts/setup.sh linkage  a Python environment with the programs that make linkage compares
#   scripts/setup.sh fuzz   cargo-fuzz
#   scripts/setup.sh schemathesis  a Python environment with schemathesis
set -euo pipefail
cd "$(dirname "$0")/.."

target=${CARGO_TARGET_DIR:-target}

fail() {
  echo "准备工作没有完成:$1" >&2
  exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

# Installs Debian packages as root or through sudo without a question; otherwise says which command to give.
install_packages() {
  [ $# -gt 0 ] || return 0
  local prefix=()
  if [ "$(id -u)" -ne 0 ]; then
    if has sudo && sudo -n true 2>/dev/null; then
      prefix=(sudo -n)
    else
      fail "缺少 $*。请用管理员身份运行:apt-get install -y $*"
    fi
  fi
  has apt-get || fail "缺少 $*,本机又没有 apt-get。请用本机的软件管理工具安装同名软件。"
  echo "正在安装:$*"
  "${prefix[@]}" apt-get update -qq
  "${prefix[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

has_chinese_font() { has fc-list && [ -n "$(fc-list :lang=zh-cn)" ]; }
has_postgres() { has initdb || compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null; }
has_venv() { has python3 && python3 -c "import ensurepip, venv" 2>/dev/null; }

check_cargo() {
  has cargo || fail "缺少 cargo。请安装 Rust 1.95 或更新的版本(rustup 或发行版的软件包)。"
}

build_tools() {
  local wanted=()
  has cc || wanted+=(build-essential)
  { has node && has npm; } || wanted+=(nodejs npm)
  install_packages "${wanted[@]}"
  local major
  major=$(node -p "process.versions.node.split('.')[0]")
  [ "$major" -ge 20 ] || fail "Node 的版本是 $major,需要 20 或更新的版本。"
}

test_tools() {
  local wanted=()
  has chromium || [ -n "${CHROMIUM:-}" ] || wanted+=(chromium)
  has_chinese_font || wanted+=(fontconfig fonts-noto-cjk)
  has_postgres || wanted+=(postgresql)
  has jq || wanted+=(jq)
  has_venv || wanted+=(python3 python3-venv)
  install_packages "${wanted[@]}"
}

browser_tests() {
  if ! cmp -s e2e/package-lock.json e2e/node_modules/.youju-lock; then
    (cd e2e && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund)
    cp e2e/package-lock.json e2e/node_modules/.youju-lock
  fi
}

# A Python environment at $1 with what $2 names.
python_environment() {
  local place=$1 names=$2
  if ! cmp -s "$names" "$place/.youju-requirements"; then
    python3 -m venv "$place"
    "$place/bin/python" -m pip install --quiet --disable-pip-version-check -r "$names"
    cp "$names" "$place/.youju-requirements"
  fi
}

case ${1:-} in
  demo)
    check_cargo
    build_tools
    scripts/vendor.sh
    ;;
  test)
    check_cargo
    build_tools
    test_tools
    scripts/vendor.sh
    browser_tests
    python_environment "$target/venv" scripts/requirements.txt # DuckDB recounts the totals independently of the program
    ;;
  bench)
    check_cargo
    has_venv || install_packages python3 python3-venv
    python_environment "$target/bench/venv" benches/requirements.txt
    ;;
  linkage)
    check_cargo
    has_venv || install_packages python3 python3-venv
    mkdir -p "$target/linkage"
    python_environment "$target/linkage/venv" benches/requirements-linkage.txt
    ;;
  schemathesis)
    has_venv || install_packages python3 python3-venv
    python_environment "$target/schemathesis" scripts/requirements-schemathesis.txt
    ;;
  fuzz)
    check_cargo
    has c++ || install_packages build-essential
    has cargo-fuzz || cargo install cargo-fuzz --locked
    ;;
  *)
    echo "用法:scripts/setup.sh demo|test|bench|linkage|fuzz|schemathesis" >&2
    exit 2
    ;;
esac
