# Every target sets the project up first, once. `make` alone tells what there is.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup compile test nightly lint format demo gas bench coverage artifacts lock

SYSTEM_PATH := $(PATH)
export PATH := $(CURDIR)/.venv/bin:$(CURDIR)/node_modules/.bin:$(PATH)

# PYTHON=... on the command line overrides the search; candidates are run, since some exist and do not work.
CANDIDATES := $(or $(PYTHON),.venv/bin/python python3.12 python3.11 python3 python)
IS_SUPPORTED := import ensurepip, sys, venv; sys.exit(sys.version_info[:2] not in ((3, 11), (3, 12)))

ANVIL_TESTS := $(wildcard tests/integration)
# A process for each core, each with chains of its own; the tests of a file stay together.
PARALLEL := -n logical --maxprocesses 8 --dist loadfile
heading = @printf '\n== %s ==\n' '$(1)'

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install everything the project needs: Python and npm packages, Solidity compiler, Anvil
	@for python in $(CANDIDATES); do \
	  if PATH="$(SYSTEM_PATH)" "$$python" -c '$(IS_SUPPORTED)' >/dev/null 2>&1; then \
	    PATH="$(SYSTEM_PATH)" exec "$$python" -m tools.bootstrap; \
	  fi; \
	done; \
	echo "setup: Python 3.11 or 3.12 with venv is needed and none of these is one: $(CANDIDATES);" \
	  "name yours: make setup PYTHON=/path/to/python3.12" >&2; \
	exit 1

compile: setup ## compile the contracts
	@ape compile

test: lint compile demo ## lint, demo, gas, tests on Anvil, tests on the in-process chain
	$(call heading,gas)
	@python -m benchmarks.gas --check
ifneq ($(ANVIL_TESTS),)
	$(call heading,tests on Anvil)
	@ape test $(PARALLEL) $(ANVIL_TESTS) -m anvil --network ethereum:local:foundry
endif
	$(call heading,tests of the library)
	@ape test $(PARALLEL) tests/python
	$(call heading,the escrow and provenance beside their models)
	@ape test $(PARALLEL) tests/stateful
	$(call heading,tests of the contracts)
	@ape test $(PARALLEL) tests/unit

# Runs have up to 80 operations each. Anvil, since the in-process chain would take some eight hours.
nightly: setup ## walk the escrow beside its model on Anvil for 100,000 random operations; half an hour
	@WEILIAN_STATEFUL_EXAMPLES=1500 WEILIAN_STATEFUL_STEPS=80 \
	  ape test tests/stateful/test_escrow_machine.py --network ethereum:local:foundry

lint: setup ## check form, types and habits of Python and Solidity; change nothing
	$(call heading,ruff)
	@ruff check .
	@ruff format --check .
	$(call heading,mypy)
	@mypy
	$(call heading,forge fmt)
	@forge fmt --check
	$(call heading,solhint)
	@solhint --max-warnings 0 --disc --noPoster 'contracts/**/*.sol'

format: setup ## bring Python and Solidity into form
	@ruff check --fix .
	@ruff format .
	@forge fmt

demo: setup ## run the story of one batch from the label to the reward on a chain of its own
	$(call heading,demo)
	@ape run demo

gas: setup ## measure gas per business action on Anvil into benchmarks/gas.json
	@python -m benchmarks.gas

bench: setup ## measure off-chain rates beside named peers into benchmarks/results.json; a quarter of an hour
	@python -m benchmarks.bench

coverage: setup ## measure which branches and errors of the contracts the tests reach
	@python -m tools.coverage

artifacts: setup ## compile the contracts into weilian/abi and bytecode.sha256
	@python -m tools.artifacts

lock: ## resolve requirements.in into requirements.txt (needs uv)
	@uv pip compile --quiet --no-config --python-version 3.11 --no-strip-extras --generate-hashes \
	  --custom-compile-command 'make lock' requirements.in -o requirements.txt
