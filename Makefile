# One entry point for every task; `make` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready

# Many containers set this, and then each process that a test starts compiles the program again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo test fast check fix bench quality docs screenshots clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: $(READY) ## create the environment in .venv

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $(READY)

demo: $(READY) ## make an edition of the sample newsroom, and preview it
	@$(BIN)/digest demo .demo

test: $(READY) ## all tests
	$(BIN)/pytest -n 2 --dist worksteal

fast: $(READY) ## the quick tests
	@$(MAKE) --no-print-directory --keep-going --jobs 2 $(SYNC) share-1 share-2

# Two independent processes: each of xdist's workers would import all of the tests, and its reporting takes as
# long as the quick tests themselves. The output of each appears when it has ended.
SYNC := $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)
share-%: $(READY)
	@$(BIN)/pytest -p no:cacheprovider -p no:xdist -m 'not slow' --hypothesis-profile fast --share $*/2

check: $(READY) ## what CI runs: lint, types, layers, documents, tests
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MAKE) test

fix: $(READY) ## fix what ruff can fix by itself
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(READY) ## measure speed and memory, beside comparable programs
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[bench]'
	$(BIN)/python bench/run.py

quality: $(READY) ## measure the quality of the text, beside comparable programs (DATA=folder)
	$(BIN)/pip install --quiet --upgrade --disable-pip-version-check pip
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[quality]'
	$(BIN)/python -m bench.quality $(DATA)

docs: $(READY) ## regenerate the generated pages
	$(BIN)/python docs/generate.py

screenshots: $(READY) ## take the README's pictures (needs Chromium)
	$(BIN)/python docs/screenshots.py

clean: ## remove everything that was generated
	rm -rf $(VENV) .demo build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
