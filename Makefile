# The two commands a newcomer needs are `make demo` and `make check`; both set up what they need first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check install --quiet

.PHONY: demo check lint test nodes browser format lock clean

demo: $(VENV)/.runtime
	@$(BIN)/python tools/demo.py

check: lint test

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python tools/check_budgets.py

# Two workers, each with nodes of its own; the gate is on src/, the command line included.
test: $(VENV)/.dev nodes browser
	rm -f .coverage .coverage.*
	$(BIN)/pytest -n 2 --dist loadfile --cov --cov-report=
	$(BIN)/python tools/check_coverage.py

nodes:
	tools/install_nodes.sh

browser:
	tools/install_chromium.sh

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Newer dependencies; needs uv. Hashes are kept, index addresses are not.
LOCK := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet
lock:
	$(LOCK) --upgrade --extra build -o requirements.lock
	$(LOCK) --upgrade --extra build --extra dev -o requirements-dev.lock

clean:
	rm -rf $(VENV) .nodes .demo

# A lock file is whole: nothing is resolved again, for pip may prefer a newer release to the one that is locked.
$(VENV)/.runtime: requirements.lock pyproject.toml
	test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV)
	$(PIP) --no-deps --require-hashes -r requirements.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	$(BIN)/pip check
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml
	test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV)
	$(PIP) --no-deps --require-hashes -r requirements-dev.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	$(BIN)/pip check
	@touch $@ $(VENV)/.runtime
