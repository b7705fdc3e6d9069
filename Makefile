# Every target sets up what it needs: .venv with all that uv.lock pins, the language model included.
# The second time it only looks at the clock of uv.lock. Another Python: make setup PYTHON=/path/to/python3.12

BIN := .venv/bin
SYNCED := .venv/.synced
PACKAGES := schemas services deploy tests bench

.DEFAULT_GOAL := help
.PHONY: help setup demo run test test-fast check fmt schemas golden up images secrets audit bench fuzz soak screenshots clean

help: ## show this
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(SYNCED) ## make .venv; afterwards .venv/bin/visitwire is there
	@echo "Ready: $(BIN)/visitwire"

$(SYNCED): uv.lock pyproject.toml schemas/pyproject.toml $(wildcard services/*/pyproject.toml) deploy/setup
	@PYTHON="$(PYTHON)" sh deploy/setup

demo: $(SYNCED) ## the seeds through the whole suite in one process
	@$(BIN)/visitwire demo $(ARGS)

run: $(SYNCED) ## the suite in one process, as a service: drop wire files into .visitwire/inbox
	@$(BIN)/visitwire run $(ARGS)

up: $(SYNCED) ## the suite as separate workers on a real Kafka on this machine, without Docker
	@$(BIN)/visitwire up $(ARGS)

images: ## the image of every service, with Docker, Podman or Buildah; BASE=IMAGE stands in for python:3.12-slim-bookworm
	@BASE="$(BASE)" ENGINE="$(ENGINE)" SERVICES="$(SERVICES)" VERSION="$(VERSION)" sh deploy/images

secrets: ## what docker-compose.yml hands out as secrets, made once under .visitwire/secrets
	@sh deploy/secrets

audit: $(SYNCED) ## known vulnerabilities of what uv.lock pins, where their list can be reached
	@$(BIN)/python deploy/audit.py

test: $(SYNCED) ## every test; those on Kafka start a broker themselves
	@$(BIN)/pytest $(ARGS)

test-fast: $(SYNCED) ## the unit, golden and flow tests only
	@$(BIN)/pytest tests/unit tests/golden tests/flow $(ARGS)

check: $(SYNCED) ## format, lint, types, import rules, generated pages
	@$(BIN)/ruff format --check $(PACKAGES)
	@$(BIN)/ruff check $(PACKAGES)
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m visitwire_suite.pages --check

fmt: $(SYNCED) ## format and mend what can be mended
	@$(BIN)/ruff format $(PACKAGES)
	@$(BIN)/ruff check --fix $(PACKAGES)

schemas: $(SYNCED) ## write the generated pages again: JSON Schemas, AsyncAPI, settings, commands, the flow, a day
	@$(BIN)/python -m visitwire_suite.pages

golden: $(SYNCED) ## write what the golden cases want again, for you to read the diff; ARGS="visits" for one stage
	@$(BIN)/python -m tests.golden.write $(ARGS)

bench: $(SYNCED) ## speed, side by side with named peers
	@sh bench/speed/all.sh $(ARGS)

fuzz: $(SYNCED) ## mutated wire files through ingestion; COUNT=100000 for the long run
	@$(BIN)/python -m tests.fuzz.wires $(or $(COUNT),20000) $(ARGS)

soak: $(SYNCED) ## forty feeds, mailboxes and drops, ten of them misbehaving, for SECONDS (600); an hour before a release
	@$(BIN)/python -m tests.soak.feeds $(or $(SECONDS),600)

screenshots: $(SYNCED) ## every page at three widths, light and dark, into .visitwire/screenshots; needs Chromium
	@$(BIN)/python -m tests.browser.screenshots $(ARGS)

clean: ## forget .venv and everything made by running
	@rm -rf .venv .visitwire .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
