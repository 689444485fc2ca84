# setup, demo, test, check: all that a newcomer needs. Everything lands in .venv; nothing else is installed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
# bytecode is kept: without it each start takes several times as long
unexport PYTHONDONTWRITEBYTECODE
export NO_MKDOCS_2_WARNING := 1

.PHONY: setup demo serve test check docs lock clean

setup: $(VENV)/.ready

$(VENV)/.ready: requirements/dev.lock requirements/knowledge.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.lock
	$(UV) pip sync --quiet --require-hashes requirements/dev.lock requirements/knowledge.lock
	$(UV) pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

demo: setup
	$(BIN)/python scripts/demo.py demo

serve: setup
	$(BIN)/presis serve --demo

test: setup
	$(BIN)/pytest -n auto --dist worksteal

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python scripts/cli_reference.py --check
	$(BIN)/python scripts/report_schema.py --check
	$(BIN)/mkdocs build --strict --quiet --site-dir $(VENV)/site

docs: setup
	$(BIN)/python scripts/cli_reference.py
	$(BIN)/python scripts/report_schema.py
	$(BIN)/mkdocs build --strict

lock: setup
	$(UV) pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-header pyproject.toml \
	  --group dev --group docs --group build -o requirements/dev.lock
	$(UV) pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-header pyproject.toml \
	  -o requirements/run.lock
	$(UV) pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-header --no-deps \
	  --group knowledge -o requirements/knowledge.lock

clean:
	rm -rf $(VENV) demo dist site .mypy_cache .ruff_cache .pytest_cache
