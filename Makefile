# Keybatch. `make run` is all that a fresh machine with Python 3.11 or newer needs; `make help` lists the rest.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Stamps: younger than the requirements they were installed from.
TO_RUN := $(VENV)/.installed-run
TO_DEVELOP := $(VENV)/.installed-dev
# Passed on: make run ARGS="--port 9000" · make test ARGS="tests/unit -k rate" · make bench ARGS="limits"
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run test lint bench format clean

help:  ## Show these commands
	@grep -E '^[a-z]+:.*  ## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*  ## (.*)/  make \1\t\2/' | expand -t 16

run: $(TO_RUN)  ## Run everything on this machine; Ctrl-C stops it
	@exec $(BIN)/python -m app up $(ARGS)

test: $(TO_DEVELOP)  ## Run every test: unit, store, face, journey, and the house itself
ifeq ($(ARGS),)
	@$(BIN)/python -m pytest tests --ignore=tests/journey --numprocesses=auto --dist=worksteal
	@$(BIN)/python -m pytest tests/journey -m "not alone" --numprocesses=auto --dist=loadfile
# Some watch rates and seconds: nothing runs beside them.
	@exec $(BIN)/python -m pytest tests/journey -m alone
else
	@exec $(BIN)/python -m pytest $(ARGS)
endif

lint: $(TO_DEVELOP)  ## Check style, types and floors
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

bench: $(TO_DEVELOP)  ## Measure, and print each number beside its goal
	@exec $(BIN)/python -m bench $(ARGS)

format: $(TO_DEVELOP)  ## Mend what can be mended by itself
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:  ## Remove what was built and cached; the data folder and .venv stay
	rm -rf .web .states .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find app workers tests bench -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { \
		echo "There is no $(PYTHON) here. Install Python 3.11 or newer, or name one: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Keybatch needs Python 3.11 or newer; this is $$($(PYTHON) -V). Name another: make PYTHON=python3.12" >&2; \
		exit 1; }
	@$(PYTHON) -m venv $(VENV) || { \
		rm -rf $(VENV); echo "Python's venv module is missing. On Debian or Ubuntu: apt install python3-venv" >&2; exit 1; }

$(TO_RUN): requirements.txt requirements-worker.txt | $(BIN)/python
	@echo "Installing what Keybatch needs into $(VENV) …"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -r requirements.txt
	@touch $@

$(TO_DEVELOP): requirements.txt requirements-worker.txt requirements-dev.txt | $(BIN)/python
	@echo "Installing what the tests need into $(VENV) …"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -r requirements-dev.txt
	@touch $(TO_RUN) $@
