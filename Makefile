# The few commands of this project. Each makes the environment that it needs; nothing but Python 3.11+ is assumed.

PYTHON ?= python3
PORT   ?= 8000
REPORT ?= seeds/longhui-hightech-zone-2020-performance.txt
BIN    := .venv/bin

.PHONY: run test test-training check format clean help

help:            ## Show these commands.
	@grep -E '^[a-z-]+: .*##' $(MAKEFILE_LIST) | sed -E 's/: .*## /\t/'

run: .venv/serving   ## Start the service, post a report of seeds/ to it and print its facts; stays up until Ctrl-C.
	@$(BIN)/python -m serving.demo --port $(PORT) $(REPORT)

test: .venv/dev  ## Run the tests.
	$(BIN)/python -m pytest

test-training: .venv/training ## Run the tests of training/, which need torch.
	$(BIN)/python -m pytest tests/training

check: .venv/dev ## Run the linter, the type checker and the import contracts.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/dev ## Format the code.
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:           ## Remove the environment and the caches.
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.venv/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "zhibiao needs Python 3.11 or newer; name one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	@touch $@

.venv/serving: .venv/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[serving,documents]'
	@touch $@

.venv/dev: .venv/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[serving,documents,dev]'
	@touch $@ .venv/serving

.venv/training: .venv/dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[serving,documents,training,dev]'
	@touch $@
