# Landa. `make run` starts it, `make test` proves it. Both do all the set-up there is.

PY := .venv/bin/python
PYTHON ?= python3
.DELETE_ON_ERROR:
.PHONY: run setup setup-test check test test-update pictures playground demo-slack soak bench bench-nudges lock clean

run: setup
	@.venv/bin/landa run

# The runtime alone.
setup: .venv/runtime
.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Landa needs Python 3.11 or newer. Name it: make PYTHON=python3.12 run"; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; sh tests/setup/debian.sh python3-venv && $(PYTHON) -m venv .venv; }
.venv/runtime: requirements.lock pyproject.toml | .venv/bin/python
	@echo "Installing what Landa runs on ..."
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# What the tests need besides: their own packages, a browser, and Microsoft's programs.
MICROSOFT := tests/node_modules/.package-lock.json
setup-test: .venv/test $(MICROSOFT)
	@sh tests/setup/debian.sh chromium fonts-noto-color-emoji
.venv/test: requirements-dev.lock .venv/runtime
	@echo "Installing what the tests need ..."
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

$(MICROSOFT): tests/package.json tests/package-lock.json
	@command -v npm >/dev/null || sh tests/setup/debian.sh nodejs npm
	@echo "Installing Microsoft's parser of cards and its Agents Playground ..."
	@npm ci --prefix tests --silent --no-audit --no-fund
	@touch $@

# Everything that can be seen without running Landa.
check: .venv/test
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/basedpyright
	.venv/bin/lint-imports
	.venv/bin/deptry .
	.venv/bin/landa check

test: setup-test check
	.venv/bin/pytest -n 3 --dist worksteal

# Writes what Landa says now into the transcripts and golden cards, for review in the diff.
test-update: setup-test
	-LANDA_UPDATE=1 .venv/bin/pytest -q tests/test_transcripts.py tests/adapters
	git add -N tests && git --no-pager diff --stat -- tests

# The README's and the guides' pictures, taken anew from a running Landa.
pictures: setup-test
	LANDA_PICTURES=docs/pictures .venv/bin/pytest -q -n 0 tests/test_preview.py tests/test_playground.py \
	  tests/runtime/test_ownpage_use.py
	$(PY) -m tests.adapters.slack.pictures
	$(PY) -m tests.adapters.teams.pictures

# Landa in Teams' own manner, without an account: Microsoft's Agents Playground on this machine.
playground: setup-test
	@$(PY) -m tests.playground

# A day in a Slack workspace, without an account: what each person sees, before a strict stand-in.
demo-slack: setup-test
	@$(PY) -m tests.adapters.slack.demo

# Long runs: kills, fuzzing.
soak: setup-test
	.venv/bin/pytest -m soak -s tests/soak

bench: setup-test
	$(PY) -m tests.bench

# People who are due at once, beside a scheduler with a stored job for each.
bench-nudges: setup-test
	$(PY) -m tests.bench.nudges

# Pins again after pyproject.toml has changed.
lock: .venv/test
	.venv/bin/uv pip compile -q pyproject.toml --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header -o requirements.lock
	.venv/bin/uv pip compile -q pyproject.toml --extra agents -c requirements.lock --universal \
	  --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements-agents.lock
	.venv/bin/uv pip compile -q --group dev -c requirements.lock --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header -o requirements-dev.lock

clean:
	rm -rf .venv var tests/node_modules
