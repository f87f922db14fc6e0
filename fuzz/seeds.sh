#!/usr/bin/env bash
# Fills fuzz/corpus with the cases of the tests, cut into statements, and fuzz/*.dict with the words of the language.
# What fuzzing has found before stays there.
set -euo pipefail
cd "$(dirname "$0")"

cases=../crates/vtl/tests/cases

# Every line of the files that match, without the result behind =>, as a seed of its own; $1 is the folder.
lines() {
  local folder=corpus/$1
  shift
  mkdir -p "$folder"
  cat "$@" | grep -v '^\(===\|#\|  =>\|$\)' | sed 's/ => .*//' |
    awk -v folder="$folder" '{ file = folder "/line-" NR; print > file; close(file) }'
}

# The text of every section `=== $2` of the files $3…; $1 is the folder.
sections() {
  local folder=corpus/$1 name=$2
  shift 2
  mkdir -p "$folder"
  for file in "$@"; do
    sed -n "/^=== $name\$/,/^===/{/^===/!p}" "$file" >"$folder/$name-$(basename "$file" .case)"
  done
  find "$folder" -size 0 -delete
}

# Definitions that stand on several lines: everything up to a line that closes one.
definitions() {
  local folder=corpus/$1
  shift
  mkdir -p "$folder"
  cat "$@" | grep -v '^# ' | awk -v folder="$folder" '
    { text = text $0 "\n" }
    /^end |;$/ && !/^ / { file = folder "/definition-" ++count; printf "%s", text > file; close(file); text = "" }'
}

copies() {
  local folder=corpus/$1
  shift
  mkdir -p "$folder"
  cp "$@" "$folder/"
}

lines lexer $cases/values/*.case $cases/errors/*.case $cases/grammar/refused/expressions.case $cases/grammar/accepted/expressions.case
lines parser $cases/grammar/accepted/*.case $cases/grammar/refused/*.case
definitions parser $cases/grammar/accepted/definitions.case
sections parser rules $cases/rules/*.case $cases/analysis/*.case $cases/errors/*.case
sections parser before $cases/format/*.case
copies parser ../programmes/industry/checks/*.vtl
lines formula $cases/formula/*.case
sections formula formulas $cases/formula/*.case
copies csv ../crates/sheet/tests/fixtures/*.csv seeds/csv/*
copies workbook seeds/workbook/*

# The reserved words, as libFuzzer wants them: one a line, in quotes, in ASCII.
{
  cat seeds/signs.dict
  grep -o '"[A-Za-z_]\+"' ../crates/vtl/src/keyword.rs
} >corpus/vtl.dict
LC_ALL=C perl -pe 's/([\x80-\xff])/sprintf("\\x%02x", ord $1)/ge' seeds/formula.dict >corpus/formula.dict
