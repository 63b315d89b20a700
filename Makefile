# Two commands for newcomers: `make demo` and `make test`. The rest is for whoever changes the project.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip install --quiet --disable-pip-version-check

.PHONY: demo test lint types lock lock-check bench clean

demo: $(VENV)/.installed
	@PORT=$(PORT) FRESH=$(FRESH) AUTO=$(AUTO) $(BIN)/python -m bot.demo

test: $(VENV)/.installed-dev
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n auto --dist worksteal  # every process of the tests compiles but once

lint: $(VENV)/.installed-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(VENV)/.installed-dev
	@$(BIN)/mypy

bench: $(VENV)/.installed-dev
	@for script in bench/*.py; do PYTHONPATH=tests/support $(BIN)/python -m bench.$$(basename $$script .py) || exit 1; done

LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate
lock: $(VENV)/.installed-dev
	@echo 'setuptools>=80' > $(VENV)/build.in
	@$(LOCK) pyproject.toml $(VENV)/build.in -o requirements.lock
	@$(LOCK) pyproject.toml --group dev -c requirements.lock -o dev-requirements.lock

# The lock files answer pyproject.toml: resolving again with the pins at hand must change nothing.
lock-check: $(VENV)/.installed-dev
	@cp requirements.lock dev-requirements.lock $(VENV)/
	@$(MAKE) --no-print-directory lock
	@for f in requirements.lock dev-requirements.lock; do \
	  cmp -s $$f $(VENV)/$$f || { cp $(VENV)/requirements.lock $(VENV)/dev-requirements.lock .; \
	  echo "$$f is not in step with pyproject.toml: run make lock"; exit 1; }; done
	@echo "lock files in step"

$(VENV)/.venv:
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v <= (3, 13) else \
	  "Python 3.11 to 3.13 is needed, this is %d.%d: make PYTHON=python3.12 ..." % v)'
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "Python's venv module is missing: install it (Debian: apt-get install python3-venv) and run make again"; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: $(VENV)/.venv requirements.lock pyproject.toml
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-build-isolation --no-deps -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed dev-requirements.lock
	@$(PIP) --require-hashes -r dev-requirements.lock
	@touch $@

clean:
	rm -rf $(VENV) build *.egg-info
