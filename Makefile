# Every target sets up what it needs: .venv with everything that uv.lock pins, including the language model.
# Afterwards it only compares timestamps. For another Python: make setup PYTHON=/path/to/python3.12

BIN := .venv/bin
SYNCED := .venv/.synced
PACKAGES := schemas services deploy tests bench

.DEFAULT_GOAL := help
.PHONY: help setup demo run test test-fast check fmt schemas golden up images secrets audit bench fuzz soak screenshots clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(SYNCED) ## install everything into .venv, including .venv/bin/visitwire
	@echo "Ready: $(BIN)/visitwire"

$(SYNCED): uv.lock pyproject.toml schemas/pyproject.toml $(wildcard services/*/pyproject.toml) deploy/setup
	@PYTHON="$(PYTHON)" sh deploy/setup

demo: $(SYNCED) ## run the seeds through the whole suite in one process
	@$(BIN)/visitwire demo $(ARGS)

run: $(SYNCED) ## run the suite in one process, as a service: put wire files into .visitwire/inbox
	@$(BIN)/visitwire run $(ARGS)

up: $(SYNCED) ## run the suite as separate workers on a real Kafka on this machine, without Docker
	@$(BIN)/visitwire up $(ARGS)

images: ## build every image with Docker, Podman or Buildah; BASE=IMAGE replaces python:3.12-slim-bookworm
	@BASE="$(BASE)" ENGINE="$(ENGINE)" SERVICES="$(SERVICES)" VERSION="$(VERSION)" sh deploy/images

secrets: ## create the secrets for docker-compose.yml, once, under .visitwire/secrets
	@sh deploy/secrets

audit: $(SYNCED) ## report known vulnerabilities of what uv.lock pins, if their list can be reached
	@$(BIN)/python deploy/audit.py

# Where this is set, each process that a test starts would compile a thousand modules anew.
test test-fast: export PYTHONDONTWRITEBYTECODE :=

test: $(SYNCED) ## run every test; those on Kafka start a broker themselves
	@$(BIN)/pytest $(ARGS)

test-fast: $(SYNCED) ## run the unit, golden and flow tests only
	@$(BIN)/pytest tests/unit tests/golden tests/flow $(ARGS)

check: $(SYNCED) ## check format, lint, types, import rules and generated pages
	@$(BIN)/ruff format --check $(PACKAGES)
	@$(BIN)/ruff check $(PACKAGES)
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m visitwire_suite.pages --check

fmt: $(SYNCED) ## format, and fix what can be fixed
	@$(BIN)/ruff format $(PACKAGES)
	@$(BIN)/ruff check --fix $(PACKAGES)

schemas: $(SYNCED) ## regenerate pages: JSON Schemas, AsyncAPI, settings, commands, the flow, a day
	@$(BIN)/python -m visitwire_suite.pages

golden: $(SYNCED) ## rewrite what the golden cases expect, for you to read the diff; ARGS="visits" for one stage
	@$(BIN)/python -m tests.golden.write $(ARGS)

bench: $(SYNCED) ## measure speed, side by side with named peers
	@sh bench/speed/all.sh $(ARGS)

fuzz: $(SYNCED) ## send mutated wire files through ingestion; COUNT=100000 for the long run
	@$(BIN)/python -m tests.fuzz.wires $(or $(COUNT),20000) $(ARGS)

soak: $(SYNCED) ## run forty feeds, mailboxes and drops, ten of them misbehaving, for SECONDS (600); an hour before a release
	@$(BIN)/python -m tests.soak.feeds $(or $(SECONDS),600)

screenshots: $(SYNCED) ## shoot every page at three widths, light and dark, into .visitwire/screenshots; needs Chromium
	@$(BIN)/python -m tests.browser.screenshots $(ARGS)

clean: ## delete .venv and everything made by running
	@rm -rf .venv .visitwire .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
