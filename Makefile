# One door for every chore. `make` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready

# Where it is set, as in many containers, each of the processes that tests start compiles the program anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo test fast check fix bench quality docs screenshots clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: $(READY) ## make the environment in .venv

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $(READY)

demo: $(READY) ## the whole way on the sample newsroom, then the preview
	@$(BIN)/digest demo .demo

test: $(READY) ## all tests
	$(BIN)/pytest -n 2 --dist worksteal

fast: $(READY) ## the quick tests
	@$(MAKE) --no-print-directory --keep-going --jobs 2 $(SYNC) share-1 share-2

# Two processes that know nothing of each other: xdist's workers would each import all of the tests,
# and what they tell takes as long as the quick tests do. Each says what it found when it has ended.
SYNC := $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)
share-%: $(READY)
	@$(BIN)/pytest -p no:cacheprovider -p no:xdist -m 'not slow' --hypothesis-profile fast --share $*/2

check: $(READY) ## what CI runs: lint, types, layers, documents, tests
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MAKE) test

fix: $(READY) ## mend what can be mended by machine
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(READY) ## measure, beside the peers
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[bench]'
	$(BIN)/python bench/run.py

quality: $(READY) ## measure the text, beside the peers (DATA=folder)
	$(BIN)/pip install --quiet --upgrade --disable-pip-version-check pip
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[quality]'
	$(BIN)/python -m bench.quality $(DATA)

docs: $(READY) ## write the generated pages anew
	$(BIN)/python docs/generate.py

screenshots: $(READY) ## draw the README's pictures (needs Chromium)
	$(BIN)/python docs/screenshots.py

clean: ## remove what was made
	rm -rf $(VENV) .demo build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
