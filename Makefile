# Everything runs in .venv, made on first use. Paths are relative, so that a folder with spaces does no harm.

PYTHON ?= python3
PY := .venv/bin/python
WORKERS ?= 2
SIZE ?= small

# PostgreSQL and Redis around a command; with DATABASE_URL and its two companions set, those servers.
LOCAL := $(PY) -m cem.local
ROOMS := cem accounts crm feedback analytics dashboards

.DEFAULT_GOAL := help
.PHONY: help audit demo test check check-django bench requirements clean

help: ## this list
	@grep -hE '^[a-z]+:.*##' Makefile | sed -e 's/:.*## /	/' | expand -t 16

demo: .venv/base.stamp ## set up, fill with demo data, serve (PORT=8080 make demo for another port)
	@$(PY) manage.py up --seed

# By file: a module's servers are started once, not once in each worker.
test: .venv/dev.stamp ## all tests, against PostgreSQL and Redis in var/test (ARGS="-k name" for some)
	@$(LOCAL) exec --test -- $(PY) -m pytest -n $(WORKERS) --dist loadfile $(ARGS)

check: .venv/dev.stamp ## lint, formats, types, directions of imports, migrations, OpenAPI, known holes
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	@if find $(ROOMS) templates -name '*.html' 2>/dev/null | grep -q .; then \
	  echo "djade --check"; \
	  find $(ROOMS) templates -name '*.html' -print0 2>/dev/null | xargs -0 .venv/bin/djade --check --target-version 5.2; \
	fi
	$(PY) -c 'import sys; from importlinter.cli import lint_imports_command as check; sys.argv[0] = "lint-imports"; check()'
	@$(LOCAL) exec --test -- $(MAKE) --no-print-directory check-django
	@$(MAKE) --no-print-directory audit

# What needs settings, and so the addresses of a database: run by `check`.
check-django:
	$(PY) -m mypy
	$(PY) manage.py makemigrations --check --dry-run
	$(PY) manage.py spectacular_check

# Holes fail; what cannot be looked up does not, and says so in a line that begins with "not run".
audit: .venv/base.stamp ## known holes of the pinned dependencies (pip-audit, in an environment of its own)
	@test -x var/audit/bin/pip-audit || { $(PY) -m venv var/audit && var/audit/bin/python -m pip install \
	  --quiet --disable-pip-version-check --retries 1 --timeout 10 pip-audit >/dev/null 2>&1; } || { \
	  echo "not run: pip-audit, since it cannot be installed (the package index does not answer)"; \
	  rm -rf var/audit; }
	@test ! -x var/audit/bin/pip-audit || $(PY) -m cem.local.audit var/audit/bin/pip-audit

# Not --test: figures of a server that never syncs would flatter.
bench: .venv/dev.stamp ## figures as ratios against a baseline of the same run (SIZE=large, ONLY="linkage workers")
	@$(LOCAL) exec --var var/bench -- $(PY) -m bench $(SIZE) $(ONLY)

requirements: ## compile requirements/*.txt anew from pyproject.toml (needs uv)
	@command -v uv >/dev/null || { echo "make requirements needs uv on PATH" >&2; exit 1; }
	uv pip compile pyproject.toml --universal --generate-hashes --no-emit-index-url --no-annotate \
	  -o requirements/base.txt
	uv pip compile pyproject.toml --group dev -c requirements/base.txt --universal --generate-hashes \
	  --no-emit-index-url --no-annotate -o requirements/dev.txt

clean: ## remove what can be made again (var/ with its data stays)
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build
	find . -name __pycache__ -type d -not -path './var/*' -prune -exec rm -rf {} +

# --- the virtual environment -------------------------------------------------------------------------------
# dev.txt holds base.txt with the same pins, so `make demo` after `make test` has nothing to install.

.venv/base.stamp: requirements/base.txt .venv/made.stamp
	@$(call install,requirements/base.txt)
	@touch $@

.venv/dev.stamp: requirements/dev.txt .venv/made.stamp
	@$(call install,requirements/dev.txt)
	@touch .venv/base.stamp $@

# A .venv that somebody made already is kept, unless its Python is too old or gone.
.venv/made.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "CEM needs Python 3.11 or newer as $(PYTHON): name another, for example PYTHON=python3.12 make demo" >&2; \
	  exit 1; }
	@if [ -d .venv ] && .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	  :; \
	elif command -v uv >/dev/null; then \
	  echo "making .venv with uv"; \
	  rm -rf .venv; \
	  uv venv --quiet --python "$$(command -v $(PYTHON))" .venv; \
	else \
	  $(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	    echo "$(PYTHON) has no venv module: install it (Debian: apt-get install python3-venv) or uv" >&2; exit 1; }; \
	  echo "making .venv"; \
	  $(PYTHON) -m venv --clear .venv; \
	fi
	@touch $@

define install
if command -v uv >/dev/null; then \
  echo "installing $(1) with uv"; \
  uv pip install --quiet --python $(PY) --require-hashes -r $(1); \
else \
  echo "installing $(1) with pip (the first time takes a minute)"; \
  $(PY) -m pip --version >/dev/null 2>&1 || $(PY) -m ensurepip >/dev/null; \
  $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1); \
fi
endef
