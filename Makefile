# `make run` and `make test` need Python 3.11 or newer, make and git; they install the rest into .venv.

PYTHONS := $(shell .ci/pythons)
OLDEST := $(firstword $(PYTHONS))
NEWER := $(wordlist 2,9,$(PYTHONS))
BIN := .venv/bin
READY := .venv/.ready
OUT ?= out
APT := -o Acquire::http::Timeout=20 -o Acquire::Retries=0
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: browser help setup run test check style types layers docs tests newer soak fuzz bench fixtures pages clean

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## /  \1\t/' | expand -t 14

setup: $(READY) ## make .venv with everything development needs

run: $(READY) ## read the documents in fixtures/ into out/ and print the summary
	$(BIN)/juesuan run fixtures --out $(OUT)

test: check tests newer ## everything CI checks

check: style types layers docs

style: $(READY) ## ruff: rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY) ## mypy, strict
	$(BIN)/mypy

layers: $(READY) ## import-linter: who may know whom
	$(BIN)/lint-imports --no-cache

docs: $(READY) ## the transcripts in the README, and schemas/docs, are what the program makes of them
	$(BIN)/cog -I . --check README.md
	$(BIN)/python -m tests.docs --check

browser: ## a chromium for the tests of pages, where apt-get may install one; they are skipped without
	@command -v chromium chromium-browser google-chrome >/dev/null || test -n "$$JUESUAN_CHROMIUM" || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null \
		&& { apt-get $(APT) install --yes --quiet chromium >/dev/null 2>&1 || { apt-get $(APT) update --quiet >/dev/null 2>&1 && apt-get $(APT) install --yes --quiet chromium >/dev/null 2>&1; }; } \
		|| echo "no chromium here: tests of pages in a browser are skipped"; }

tests: $(READY) browser ## the test suite on the oldest Python
	$(BIN)/pytest -n 2 --doctest-modules extract tests

newer: $(NEWER) ## the test suite on every newer Python of this machine
.PHONY: $(NEWER)
$(NEWER):
	@test -x .venv-$(notdir $@)/bin/juesuan || { $@ -m venv .venv-$(notdir $@) && .venv-$(notdir $@)/bin/pip install --quiet --editable ".[dev]"; }
	.venv-$(notdir $@)/bin/pytest -n 2 --quiet -m "not slow and not soak" tests

soak: $(READY) ## what takes longer than ten minutes
	$(BIN)/pytest -n 2 -m soak tests

fuzz: $(READY) ## change documents until a reader trips, guided by what is reached; FUZZ=-max_total_time=600
	$(BIN)/pip install --quiet --editable ".[fuzz]"
	$(BIN)/python -m tests.hostile.guided $(FUZZ)

bench: $(READY) ## speed, exactness by layout, scans, publishing and memory, into tests/bench/RESULTS.md
	$(BIN)/python -m tests.bench

fixtures: $(READY) ## render the fixtures again
	$(BIN)/python -m fixtures.render

$(READY): pyproject.toml
	@test -n "$(OLDEST)" || { echo "juesuan needs Python 3.11 or newer; none was found on the PATH"; exit 1; }
	test -x $(BIN)/python || $(OLDEST) -m venv .venv
	$(BIN)/pip install --quiet --editable ".[dev]"
	@touch $@

docs tests: export COLUMNS := 100

pages: $(READY) ## make the pages and pictures of schemas/docs again
	$(BIN)/python -m tests.docs
	$(BIN)/python -m tests.docs.browser

clean: ## remove what was built
	rm -rf .venv .venv-* build dist $(OUT)
