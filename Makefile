# Every target works on a fresh clone; the first one makes the virtual environment.
# Another interpreter: make PYTHON=python3.13 test
PYTHON ?= python3
BIN := .venv/bin
T ?= tests
K ?=

.DEFAULT_GOAL := check
.PHONY: dev lint format types test mutate prove check bench docs clean

dev: .venv/.ready ## the environment in .venv

.venv/.ready: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@

lint: dev ## style and layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

format: dev ## rewrite what ruff can rewrite
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: dev
	$(BIN)/mypy

test: dev ## all, or a part: make test T=tests/rules K=rf303
	$(BIN)/python -m pytest $(T) $(if $(K),-k '$(K)')

mutate: dev ## do the fixtures notice a wrong rule? make mutate ARGS='--conditions RF303'
	$(BIN)/python tests/mutate.py $(ARGS)

prove: dev ## is every remediation right? a table; make prove ARGS='--markdown'
	$(BIN)/python tests/remediation/prove.py $(ARGS)

docs: dev ## the generated parts of README.md and docs/
	$(BIN)/python docs/generate.py

check: dev ## everything that decides whether a change is accepted
	PYTHON=$(PYTHON) .ci/run

bench: dev ## rolefirst beside checkov: make bench ARGS='--checkov /path/to/checkov'
	$(BIN)/python bench/run.py $(ARGS)

clean:
	rm -rf .venv build dist .coverage .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
