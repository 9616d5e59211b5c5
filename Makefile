# make demo   the main job on the shipped confirmations, in a scratch clone
# make test   everything that must hold
# make check  lint, format, layers and types
# make serve  the site, live
# make dist   a release of what is committed: wheel, source, bill of materials, checksums
# make fuzz   new examples for the property tests, until one fails
.DELETE_ON_ERROR:
.PHONY: demo test check fuzz format serve dist lock schema messages clean

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

demo: $(READY)
	@$(BIN)/python tools/demo.py

# Tests come in an order of chance, the same one everywhere; another one: make test SEED=7
SEED ?= 203060168
test: $(READY) browser proxies git-lfs
	$(BIN)/python -m pytest -n auto --randomly-seed=$(SEED)

check: $(READY)
	$(BIN)/ruff check --no-cache .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo --no-cache
	$(BIN)/mypy

# New examples for the property tests, until it is stopped.
fuzz: $(READY)
	while HYPOTHESIS_PROFILE=fuzz $(BIN)/python -m pytest -q tests/markdown tests/records; do :; done

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

serve: $(READY)
	$(BIN)/mkdocs serve

dist: $(READY)
	@$(BIN)/python tools/dist.py

$(READY): pyproject.toml constraints.txt tools/setup.sh
	@PYTHON=$(PYTHON) sh tools/setup.sh $(VENV)
	@touch $@

# What the tests start: a browser, Git LFS, and what the desk is tried behind.
.PHONY: browser git-lfs proxies
browser git-lfs proxies:
	@sh tools/$@.sh

# The versions that are tested, for every Python that we support.
lock: $(READY)
	@$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --universal --quiet --no-header --no-annotate --python-version 3.11 \
	  --extra dev pyproject.toml --output-file constraints.txt

# What editors check a confirmation against.
schema: $(READY)
	$(BIN)/manualsmith schema confirmation > records/schema/confirmation.json
	cp records/schema/confirmation.json docs/schema/  # where older confirmations look

# Take new messages into the catalogue; translate what is empty there, then run it again.
LOCALE := tools/manualsmith/locale
PO := $(LOCALE)/zh_TW/LC_MESSAGES/manualsmith.po
messages: $(READY)
	@mkdir -p build
	sed '/^$$/q' $(PO) > build/header.po  # which the update leaves out
	$(BIN)/pybabel -q extract -F tools/babel.cfg -k t -k marked --no-location --sort-output -o build/messages.pot tools/manualsmith
	$(BIN)/pybabel -q update -i build/messages.pot -d $(LOCALE) -D manualsmith --no-fuzzy-matching \
	  --omit-header --ignore-obsolete -w 100
	cat build/header.po $(PO) > build/new.po && mv build/new.po $(PO)
	$(BIN)/pybabel -q compile -d $(LOCALE) -D manualsmith --statistics
	$(BIN)/pybabel -q compile -d $(LOCALE) -D click  # click's own messages, kept by hand

clean:
	rm -rf $(VENV) site demo build dist
