.DEFAULT_GOAL := help
.PHONY: help install assets run up test coverage check fmt bench demo doctor clean
SHELL := /bin/bash
UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
RUN := $(UV) run --no-sync
# Tests at once: one more than there are processors, as some wait for the service they start; each has a PostgreSQL.
WORKERS ?= $(shell n=$$(nproc 2>/dev/null || sysctl -n hw.ncpu); echo $$((n < 4 ? n + 1 : 4)))

help: ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

.tools/bin/uv:
	python3 -m venv .tools && .tools/bin/pip install --quiet uv

.venv/.installed: pyproject.toml uv.lock | $(filter .tools/bin/uv,$(UV))
	$(UV) sync --locked --quiet
	@touch $@

node_modules/.installed: package.json package-lock.json
	@command -v npm >/dev/null || { echo "Node.js with npm is needed to build scripts and styles. Install it: https://nodejs.org, or apt install nodejs npm"; exit 1; }
	npm ci --no-fund --no-audit --silent
	@touch $@

install: .venv/.installed node_modules/.installed ## what everything else needs

assets: install ## scripts and styles
	npm run --silent build

run: assets ## the whole service with a demo, from nothing
	$(RUN) footlights demo

up: assets ## the whole service without the demo
	$(RUN) footlights up

doctor: install ## what is wrong and how to mend it
	$(RUN) footlights doctor

test: assets ## every test, browser included
	@test -n "$$CHROMIUM" || command -v chromium google-chrome >/dev/null || { echo "Browser tests need Chromium. Install it: apt install chromium, or set CHROMIUM to its program"; exit 1; }
	@command -v hledger >/dev/null || { echo "The books are checked by hledger. Install it: apt install hledger"; exit 1; }
	$(RUN) pytest -q -n $(WORKERS) --dist worksteal $(COVER)

coverage: ## every test, and that they reach every branch of money and policies and nine tenths of the rest
	$(MAKE) test COVER="--cov --cov-report="
	$(RUN) coverage report --skip-covered --fail-under=100 --include='src/footlights/ledger/*,src/footlights/payments/*,src/footlights/monetization/*,src/footlights/terms/*,src/footlights/taxes/*,src/footlights/invoicing/*,src/footlights/splits/*,src/footlights/sellers/*,src/footlights/filings/*,src/footlights/subscriptions/*,src/footlights/giving/*,*/policies.py'
	$(RUN) coverage report --format=total --fail-under=90

check: assets ## format, lint, types, architecture, migrations, templates, dead dependencies, secrets
	$(RUN) ruff format --check .
	$(RUN) ruff check .
	$(RUN) lint-imports
	$(RUN) pytest -q tests/architecture/test_migrations.py tests/architecture/test_doors.py tests/architecture/test_documents.py
	$(RUN) mypy
	npm run --silent typecheck
	$(RUN) djlint --quiet --lint src/footlights/web
	$(RUN) deptry src
	git ls-files -z -- ':!uv.lock' ':!package-lock.json' ':!*.webp' ':!*/stripe_examples.json' | xargs -0 $(RUN) detect-secrets-hook --no-verify --disable-plugin KeywordDetector --exclude-lines '(user|u|name|me):(password|p|secret|pw|you|canary)@'

fmt: install ## format and fix
	$(RUN) ruff format .
	$(RUN) ruff check --fix .

bench: assets ## every measured claim
	$(RUN) footlights bench all

clean: ## forget what was built (never the data folder)
	rm -rf .venv .tools node_modules src/footlights/web/static/build .mypy_cache .ruff_cache .pytest_cache
