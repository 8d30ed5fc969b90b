# Everything needs Python 3.11 or newer and the package index; nothing else.
SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# Processes of the test run, and more arguments for pytest: make test ARGS="tests/kpi -x"
WORKERS ?= 2
ARGS ?=
# Static checks never connect; this address would refuse if one tried.
NO_DATABASE := postgres://nobody@127.0.0.1:1/none

RANDOM_TEXT := $(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))'

.DEFAULT_GOAL := help
.PHONY: help setup demo test coverage check format bench messages audit lock
.PHONY: formatting linting types imports templating migrations deployment

help: ## Say what there is
	@grep -hE '^[a-z]+:.* ## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1	/' | expand -t 12

setup: $(VENV)/.development ## Make .venv with all that developing needs

demo: $(VENV)/.runtime ## Start the demo centre: nothing to install beforehand
	$(BIN)/python manage.py demo

test: $(VENV)/.development ## Run the tests; PostgreSQL and Redis are optional
	$(BIN)/python -m pytest -n $(WORKERS) $(ARGS)

coverage: $(VENV)/.development ## Run the tests and measure what they reach
	$(BIN)/python -m pytest -n $(WORKERS) --cov $(ARGS)

check: formatting linting types imports templating migrations deployment ## Run all static checks

formatting: $(VENV)/.development
	$(BIN)/ruff format --check .

linting: $(VENV)/.development
	$(BIN)/ruff check .

types: $(VENV)/.development
	$(BIN)/mypy

imports: $(VENV)/.development
	$(BIN)/lint-imports

templating: $(VENV)/.development
	find templates -name '*.html' -exec $(BIN)/djade --check --target-version 5.2 {} +

migrations: $(VENV)/.development
	DATABASE_URL=$(NO_DATABASE) $(BIN)/python -W ignore::RuntimeWarning manage.py \
		makemigrations --check --dry-run

deployment: $(VENV)/.development
	DJANGO_SETTINGS_MODULE=appraisal.settings.prod DATABASE_URL=$(NO_DATABASE) \
		ALLOWED_HOSTS=appraisal.example \
		SECRET_KEY="$$($(RANDOM_TEXT))" APPRAISAL_CUSTOMER_KEY="$$($(RANDOM_TEXT))" \
		$(BIN)/python manage.py check --deploy --fail-level WARNING

format: $(VENV)/.development ## Format the code and mend what can be mended
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .
	find templates -name '*.html' -exec $(BIN)/djade --target-version 5.2 {} +

bench: $(VENV)/.development ## Run the benchmarks side by side and print the ratios
	$(BIN)/python -m benchmarks

messages: $(VENV)/.development ## Collect and compile the Chinese texts (needs gettext)
	@command -v xgettext msgfmt > /dev/null || { echo "Install gettext first."; exit 1; }
	$(BIN)/python manage.py makemessages --locale zh_Hans --no-wrap --add-location file \
		--ignore '$(VENV)/*' --ignore 'var/*' --ignore 'tests/*'
	$(BIN)/python manage.py compilemessages --ignore '$(VENV)/*'

audit: $(VENV)/.development ## Look the pinned packages up in the list of known weaknesses
	$(BIN)/pip-audit --requirement requirements.txt --require-hashes --disable-pip

lock: ## Resolve requirements*.in anew (needs uv)
	for name in requirements requirements-dev; do \
		uv pip compile --universal --generate-hashes --no-emit-index-url \
			--python-version 3.11 --output-file $$name.txt $$name.in || exit 1; \
	done

# The newest Python 3.11+ under one of its usual names; a half-made .venv is removed.
$(BIN)/python:
	@for name in python3 python3.13 python3.12 python3.11; do \
		if $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null; then \
			$$name -m venv $(VENV) && exit 0; \
			rm -rf $(VENV); \
			echo "$$name cannot make a virtual environment. Debian: apt-get install python3-venv"; \
			exit 1; \
		fi; \
	done; \
	echo "Python 3.11 or newer is needed."; exit 1

$(VENV)/.runtime: requirements.txt | $(BIN)/python
	$(PIP) install --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.development: requirements-dev.txt | $(BIN)/python
	$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@ $(VENV)/.runtime
