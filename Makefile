# Glasstown. `make run` and `make test` are all that a newcomer needs; both work from a bare checkout.
# Another Python: make run PYTHON=python3.13. Another folder for the environment: make test VENV=/tmp/venv.

PYTHON ?= python3
VENV ?= .venv
WORKERS ?= 2
SCENARIO ?= rongcheng
RUN_OPTIONS ?=

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
STAMPS := $(VENV)/.glasstown
STATIC := src/glasstown/show/web/static
PAGE := hatch_build.py $(wildcard src/glasstown/library/titles.*.json) $(wildcard page/*.html page/*.js page/*.json) $(shell find page/src -type f 2>/dev/null)

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run setup page test nightly check bench docs clean

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

run: $(STAMPS)/run ## Set up, then run the first scenario and write its report
	$(BIN)/glasstown run $(SCENARIO) $(RUN_OPTIONS)

page: $(STAMPS)/run ## Build the page that `glasstown serve` shows, where its sources changed
	@ls -l $(STATIC)/index.html

setup: $(STAMPS)/run $(STAMPS)/test $(STAMPS)/lint ## Set up everything that the other commands need

test: $(STAMPS)/test ## Set up, then run the quick tests
	$(BIN)/python -m pytest -m "not nightly" -n $(WORKERS)

nightly: $(STAMPS)/test ## Run the long tests
	$(BIN)/python -m pytest -m nightly -n $(WORKERS)

check: $(STAMPS)/lint ## Run the linter, the type checker and the import rules
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(STAMPS)/test ## Measure speed on this machine
	$(BIN)/python -m benchmarks

docs: $(STAMPS)/docs ## Build the documentation into docs/_build/html
	$(BIN)/python -m sphinx -W -q -b html docs docs/_build/html
	@echo "open docs/_build/html/index.html"

clean: ## Remove what was built; run folders stay
	rm -rf $(VENV) build dist docs/_build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

# One stamp for each set of packages: a second call installs nothing unless pyproject.toml changed.

$(STAMPS)/venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Glasstown needs Python 3.11 or newer; \"$(PYTHON)\" is $$($(PYTHON) --version 2>&1)." >&2; \
	  echo "Name another one: make PYTHON=python3.13 ..." >&2; exit 1; }
	@test -x $(BIN)/pip || { echo "making $(VENV)"; $(PYTHON) -m venv $(VENV); } || { \
	  echo "$(PYTHON) could not make a virtual environment." >&2; \
	  echo "On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/run: $(STAMPS)/venv pyproject.toml $(PAGE)
	@echo "installing Glasstown (the first time takes a minute or two)"
	@$(PIP) -e '.[web]'
	@test -f $(STATIC)/index.html || \
	  echo "without the page that \`glasstown serve\` shows: $$(cat $(STATIC)/not-built.txt 2>/dev/null)" >&2
	@touch $@

$(STAMPS)/test $(STAMPS)/lint $(STAMPS)/docs: $(STAMPS)/%: $(STAMPS)/run
	@echo "installing what $(@F) needs"
	@$(PIP) -e '.[$(@F)]'
	@touch $@
