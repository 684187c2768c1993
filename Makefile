# Every target does its own set-up: a Python 3.11 or newer is all that a machine needs.
# `make PYTHON=python3.12 test` chooses the interpreter (when .venv is first made).

BIN := .venv/bin
# For `make bench`; the defaults take some minutes, SCALE=M about an hour.
SUITE ?= core
SCALE ?= S
ROUNDS ?= 3
BENCH_JSON ?= build/bench/report.json

export PYTHON

.DEFAULT_GOAL := help
.PHONY: help venv demo test lint format types layers docs unit conformance wheels bench clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

venv: ## make .venv ready; quick when it is
	@scripts/set-up

demo: venv ## build a training set from 336,776 real flights, and show it
	@$(BIN)/onefold demo

test: lint types layers docs unit conformance wheels ## every check: lint, types, layers, docs, unit, conformance and wheels
	@echo "All checks passed."

lint: venv ## style, frequent mistakes and formatting
	@echo "== ruff"
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .

format: venv ## mend what can be mended by itself
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

types: venv ## static types
	@echo "== mypy"
	@$(BIN)/mypy

layers: venv ## the architecture: who may import whom
	@echo "== import-linter"
	@$(BIN)/lint-imports --no-logo

docs: venv ## the documentation site, warnings as errors; open build/site/index.html
	@echo "== mkdocs"
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

unit: venv ## the tests and the examples in docstrings; ARGS="-k name" to choose
	@echo "== pytest"
	@$(BIN)/python -m pytest -n auto --maxprocesses 8 --dist loadfile $(ARGS)

conformance: venv ## the conformance suite on every backend here, and on its mutants; leaves conformance-reports/
	@echo "== conformance suite"
	@$(BIN)/python scripts/check_conformance.py

wheels: venv ## what a stranger gets: wheels in a new environment, the suite on them, the tutorial to its end
	@echo "== wheels"
	@scripts/check-wheels

bench: venv ## measure beside the peers, each in its own environment; SUITE=, SCALE=S|M|L, ROUNDS=, BENCH_JSON=
	@$(BIN)/python -m benchmarks run --suite $(SUITE) --scale $(SCALE) --rounds $(ROUNDS) --json $(BENCH_JSON)

clean: ## remove .venv and everything generated
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@rm -rf dist build onefold-demo conformance-reports benchmarks/.data benchmarks/peers/.environments
	@find core backends plugins conformance_tests tests benchmarks examples -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true
