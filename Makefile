# make demo   builds the program and shows it at http://127.0.0.1:8600/ with sample data
# make test   everything that a change must pass: format, tests on both data bases, lints, documents, browser
# make bench  measures the check engine beside its peers and writes docs/benchmarks.md (half an hour); make bench SIZES=10000 in a minute
# make load   plays a reporting deadline against the program and measures it (five minutes; make load LONG=600 adds ten)
# make register-bench  takes two million made-up units into the register on both data bases and asks the search box (an hour): docs/register.md
# make linkage REGISTER=units.csv  matches a list of units with a damaged copy of itself, beside splink and recordlinkage (five minutes): docs/linkage.md
# make cluster builds the program with the cluster and tries it: the same results as one process, also when an executor is killed
# make torture kills a working program a thousand times and flips ten thousand bytes of the journal (half an hour); make torture KILLS=50
# make second-engine  judges the shipped checks a second time by PyPI vtlengine, and wants the same verdicts (two minutes)
# make schemathesis  asks the API thousands of questions made from its own description, with other keys too; make schemathesis EXAMPLES=50 is quick
# make fuzz   hands mutated texts and files to the parsers and readers, each for TARGET_TIME seconds (60)
# Smaller steps: unit (quick rules, no data base), lint, fmt, e2e, clean.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help demo test bench load register-bench linkage torture cluster fuzz second-engine schemathesis unit lint fmt e2e clean setup-demo setup-test build-all tests docs

TARGET := $(if $(CARGO_TARGET_DIR),$(CARGO_TARGET_DIR),target)
LISTEN ?= 127.0.0.1:8600

# nextest runs tests side by side and stops slow ones; without it cargo's own runner does.
RUNNER := $(if $(shell cargo nextest --version 2>/dev/null),nextest run,test)

help:
	@sed -n '1,/^$$/s/^# //p' Makefile

demo: setup-demo
	cargo build -p youju
	"$(TARGET)/debug/youju" demo --data demo
	"$(TARGET)/debug/youju" serve --data demo --listen $(LISTEN)

# One after the other, the quick ones first: it stops at the first failure.
test:
	$(MAKE) --no-print-directory setup-test
	cargo fmt --all --check
	cargo $(RUNNER) -p youju-tidy
	$(MAKE) --no-print-directory build-all
	scripts/with-postgres.sh $(MAKE) --no-print-directory tests
	$(MAKE) --no-print-directory docs lint e2e

# Everything that the tests and the browser need, in one go: the same features, so nothing is compiled twice.
build-all:
	cargo build --workspace --all-targets

tests:
	cargo $(RUNNER) --workspace

docs:
	cargo test --doc --workspace

# Apart from make test, because the feature makes everything that touches columns be built a second time.
cluster:
	cargo clippy -p youju-frames -p youju --features youju/cluster --all-targets -- -D warnings
	cargo $(RUNNER) -p youju-frames -p youju --features youju/cluster cluster

# The floors without a data base, a server or columns.
unit:
	cargo $(RUNNER) -p youju-codes -p youju-vtl -p youju-journal -p youju-domain -p youju-programme

lint:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings

fmt:
	cargo fmt --all

# Uses the program as it was built last (make build-all, or cargo build -p youju).
e2e:
	cd e2e && CARGO_TARGET_DIR="$(abspath $(TARGET))" npx --no-install playwright test

# Rows of the tables that all engines judge, of those that ours judges alone, and how many rules. A run without a million rows is only
# a try and leaves docs/benchmarks.md as it is. The program itself is measured too if it has been built for release.
SIZES ?= 10000 100000 1000000
ALONE ?= $(if $(filter 1000000,$(SIZES)),10000000)
RULES ?= $(if $(filter 1000000,$(SIZES)),100 1000,100)
THREADS ?= $(shell nproc)
BENCH := $(TARGET)/bench

bench:
	scripts/setup.sh bench
	cargo build --release -p youju-vtl --example population
	"$(BENCH)/venv/bin/python" benches/compare.py --sizes "$(SIZES)" --alone "$(ALONE)" --rules "$(RULES)" --threads $(THREADS) \
	  --binary "$(TARGET)/release/examples/population" --program "$(TARGET)/release/youju" --work "$(BENCH)" \
	  --out "$(if $(filter 1000000,$(SIZES)),docs,$(BENCH))/benchmarks.md"

# Figures that were measured stand in docs/load.md.
load:
	cargo build --release -p youju -p youju-load
	LONG=$(LONG) benches/load.sh save
	benches/load.sh hand-in

# Figures that were measured stand in docs/register.md.
UNITS ?= 2000000

register-bench:
	cargo build --release -p youju-load
	UNITS=$(UNITS) benches/register.sh sqlite
	UNITS=$(UNITS) benches/register.sh postgres

# REGISTER is a CSV with the columns name, uscc, address, registered_on. SCALE made-up rows are matched besides.
SCALE ?= 200000
SEEDS ?= 1,2,3

linkage:
	@test -n "$(REGISTER)" || { echo "请给出单位名单:make linkage REGISTER=名单.csv"; exit 2; }
	scripts/setup.sh linkage
	cargo build --release -p youju-linkage --example lists
	"$(TARGET)/linkage/venv/bin/python" benches/linkage.py measure --register "$(REGISTER)" --seeds "$(SEEDS)" \
	  --binary "$(TARGET)/release/examples/lists" --work "$(TARGET)/linkage"
	"$(TARGET)/release/examples/lists" scale $(SCALE) $(THREADS)

# Stops at the first text that breaks a promise and leaves it in fuzz/artifacts.
TARGET_TIME ?= 60
TARGETS ?= parser formula lexer csv workbook

fuzz:
	scripts/setup.sh fuzz
	fuzz/seeds.sh
	for target in $(TARGETS); do fuzz/run.sh $$target $(TARGET_TIME); done

# The short runs of both stand in make test.
KILLS ?= 1000

torture:
	YOUJU_TORTURE_KILLS=$(KILLS) cargo nextest run -p youju-app -p youju-store --run-ignored only --no-capture \
	  -E 'test(a_thousand_times) | test(ten_thousand)'

# The shipped checks, judged a second time by PyPI vtlengine.
second-engine:
	scripts/setup.sh bench
	cargo nextest run -p youju-programme --run-ignored only -E 'test(another_engine)' --no-capture

# Uses the program as it was built last, on demonstration data of its own. The same seed asks the same questions.
EXAMPLES ?= 1000
SEED ?= 1

schemathesis:
	scripts/setup.sh schemathesis
	CARGO_TARGET_DIR="$(abspath $(TARGET))" "$(TARGET)/schemathesis/bin/python" scripts/api_cases.py --examples $(EXAMPLES) --seed $(SEED)

setup-demo:
	scripts/setup.sh demo

setup-test:
	scripts/setup.sh test

clean:
	cargo clean
	rm -rf node_modules ui/vendor e2e/node_modules e2e/.results demo
