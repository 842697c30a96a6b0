# Everything on a fresh machine: `make demo` (the main job), `make test`, `make check`.
# Another environment than .venv: make test VENV=/somewhere/else

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
DEMO ?= demo-output
MODEL := models/critical-minerals.safetensors

.PHONY: demo test check format model clean help

help:
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/ -/'

$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --upgrade pip --constraint constraints.txt
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@

demo: $(VENV)/.installed ## train, classify, evaluate, compare sources: all into demo-output/
	$(BIN)/framing demo --output $(DEMO)

test: $(VENV)/.installed ## all tests and doctests, with coverage
	$(BIN)/pytest --doctest-modules --pyargs framing ./tests --cov --cov-report=term

check: $(VENV)/.installed ## format, lint, types, import laws
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest --quiet tests/test_imports.py

format: $(VENV)/.installed ## format and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

model: $(VENV)/.installed ## train the shipped model anew, with its card
	$(BIN)/framing train --seeds seeds --labels labels --output $(MODEL)
	$(BIN)/framing evaluate $(MODEL) --seeds seeds/test --labels labels/test --card models/README.md

clean: ## remove what was built
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage*
