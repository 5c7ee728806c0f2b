# Two commands matter: `make run` and `make test`. Everything they need goes into .venv.
PY ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes --no-deps

.PHONY: install run test quick canary check sbom format machine two-nodes bench bench-quick lock clean
.DELETE_ON_ERROR:

# For a machine that serves: docs/operating.md.
install: $(VENV)/.run.ok

run: $(VENV)/.run.ok
	@exec $(BIN)/python -m server demo

# A Valkey comes with the packages for tests.
two-nodes: $(VENV)/.test.ok
	@exec $(BIN)/python -m server two-nodes

test: $(VENV)/.test.ok machine
	@$(BIN)/python -m tests

# All but the browser and what kills and freezes processes.
quick: $(VENV)/.test.ok
	@$(BIN)/python -m tests quick

# Does anything that is said stay anywhere? Minutes, and a receipt that is kept in var/canary.
canary: $(VENV)/.test.ok machine
	@exec $(BIN)/python -m tests.canary

check: $(VENV)/.test.ok
	@echo "format";    $(BIN)/ruff format --check -q .
	@echo "lint";      $(BIN)/ruff check -q .
	@echo "types";     $(BIN)/mypy
	@echo "contracts"; $(BIN)/lint-imports --no-cache > $(VENV)/.contracts.log || { cat $(VENV)/.contracts.log; exit 1; }
	@echo "scripts";   $(BIN)/python -m tests.js.check
	@echo "pinned";    $(BIN)/python -m tests.advisories

format: $(VENV)/.test.ok
	@$(BIN)/ruff format -q . && $(BIN)/ruff check -q --fix .

# What it is made of, as CycloneDX 1.6: make -s sbom > tealight.cdx.json
sbom: $(VENV)/.run.ok
	@$(BIN)/python -m server.sbom

bench: $(VENV)/.test.ok
	@exec $(BIN)/python -m bench

bench-quick: $(VENV)/.test.ok
	@exec $(BIN)/python -m bench --quick

# Only a developer needs this, and only after changing a dependency: `pip install uv` first.
LOCK := uv pip compile pyproject.toml --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header -q --python-version 3.11
lock:
	$(LOCK) -o requirements/run.txt
	$(LOCK) --extra test --extra postgres -o requirements/test.txt

clean:
	rm -rf $(VENV) var .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage

# A browser and a Postgres to test against come from the distribution where apt is at hand and we may use it;
# the tests say in words what they leave out where it is not.
APT := command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]
install = { echo "installing $(1) through apt"; apt-get update -qq && \
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(1) >/dev/null; }

machine:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
	[ -n "$$TEALIGHT_CHROMIUM" ] || ! { $(APT); } || $(call install,chromium)
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || ! { $(APT); } || $(call install,postgresql)

define installed
	@$(PY) -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	{ echo "Tealight needs Python 3.11 or newer with venv: apt-get install -y python3 python3-venv"; exit 1; }
	@echo "installing into $(VENV) from $<"
	@[ -x $(BIN)/python ] || $(PY) -m venv $(VENV)
	@$(PIP) -r $<
	@touch $@
endef

$(VENV)/.run.ok: requirements/run.txt
	$(installed)

$(VENV)/.test.ok: requirements/test.txt
	$(installed)
	@touch $(VENV)/.run.ok
