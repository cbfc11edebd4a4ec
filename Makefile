# What people run.  Python 3.11 or later is all that a machine must have.
PYTHON ?= python3
BIN := .venv/bin
.DEFAULT_GOAL := help
.PHONY: help demo talk test lint bench train evaluate messages requirements clean

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

.venv/installed: requirements.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/installed-dev: .venv/installed requirements-dev.txt
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

demo: .venv/installed ## a commune to try, at http://localhost:8080; no token, no setting
	$(BIN)/sawt demo

talk: .venv/installed ## the same in this terminal (after `make demo` was run once)
	$(BIN)/sawt talk --demo

test: .venv/installed-dev lint ## all tests, on SQLite and on a real PostgreSQL
	$(BIN)/python -m pytest -q -n 2 --dist loadgroup

lint: .venv/installed-dev ## style, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

bench: .venv/installed-dev ## Sawt beside its peers (needs Redis; see benchmarks/README.md)
	$(BIN)/python -m benchmarks.run

train: .venv/installed-dev ## learn to understand free text anew, after phrases.tsv or concepts.tsv have changed
	$(BIN)/python -m training learn

evaluate: .venv/installed-dev ## how well free text is understood: `make evaluate`, or `make evaluate TSV=your-phrases.tsv`
	$(BIN)/python -m training evaluate $(TSV)

messages: .venv/installed-dev ## read the texts out of the code into the catalogues
	$(BIN)/pybabel -q extract -F babel.cfg -k _ -k n_:1,2 --no-location --sort-output --omit-header -o .venv/messages.pot .
	$(BIN)/pybabel -q update -i .venv/messages.pot -l ar_MA -o locales/ary/LC_MESSAGES/messages.po --no-fuzzy-matching --ignore-obsolete
	$(BIN)/pybabel -q update -i .venv/messages.pot -l ar_MA -o locales/ar/LC_MESSAGES/messages.po --no-fuzzy-matching --ignore-obsolete
	$(BIN)/pybabel -q update -i .venv/messages.pot -l fr -o locales/fr/LC_MESSAGES/messages.po --no-fuzzy-matching --ignore-obsolete
	$(BIN)/pybabel -q extract -F babel.cfg --no-default-keywords -k paper_ --no-location --sort-output --omit-header -o .venv/papers.pot .
	$(BIN)/pybabel -q update -i .venv/papers.pot -l ar_MA -o locales/ar/LC_MESSAGES/papers.po --no-fuzzy-matching --ignore-obsolete
	$(BIN)/pybabel -q update -i .venv/papers.pot -l fr -o locales/fr/LC_MESSAGES/papers.po --no-fuzzy-matching --ignore-obsolete

requirements: .venv/installed-dev ## pin every dependency with its hashes
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --upgrade pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --upgrade --group dev pyproject.toml -o requirements-dev.txt

clean: ## forget the environment and the demo's database
	rm -rf .venv sawt.db sawt.db-shm sawt.db-wal
