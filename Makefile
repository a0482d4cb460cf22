# make run    sets up what is missing, builds, and starts Hearback with an example organization
# make test   sets up what is missing and runs all tests
.DEFAULT_GOAL := help
.PHONY: help run test test-browser assets lint docs screenshots bench crash faults floods soak fuzz api-fuzz setup-run setup-test setup-fuzz test-packages clean

SHELL := bash
.SHELLFLAGS := -euo pipefail -c

help: ## lists the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 22

run: setup-run assets ## builds and starts Hearback with an example organization
	cargo build --release --locked
	exec target/release/hearback serve --demo

test: setup-test assets lint test-packages test-browser ## runs all tests
	cargo nextest run --locked

# Built as the tests build it: with other features of its dependencies it would be compiled twice by `make test`.
test-browser: setup-test assets test-packages ## runs the tests in a real browser alone
	cargo nextest run --locked --no-run
	cd tests/browser && npx --no-install playwright test

bench: setup-run assets tests/bench/peers/node_modules/.package-lock.json ## measures speed beside what people would build instead: ARGS="saturation --rounds 1"
	cargo build --release --locked --workspace --bins
	ulimit -n "$$(ulimit -Hn)" && exec target/release/hearback-bench $(ARGS)

lint: assets ## formatting and clippy, warnings are errors
	cargo fmt --check
	cargo clippy --locked --workspace --all-targets -- -D warnings

docs: assets ## the guided tour as pages, in target/doc
	RUSTDOCFLAGS="-D warnings -A rustdoc::private-intra-doc-links" cargo doc --locked --no-deps --document-private-items

screenshots: setup-test assets test-packages ## writes every page, in four variants, to screenshots/
	cargo build --locked
	cd tests/browser && node screenshots.mjs

COUNT ?= 1000

crash: setup-test assets ## kills the server COUNT=1000 times under load, then checks that nothing was lost
	HEARBACK_KILLS=$(COUNT) cargo test --release --locked --test it crash::nothing_acknowledged -- --nocapture

faults: export HEARBACK_FAULT_DEAF = 1000
faults: export HEARBACK_FAULT_CLIENTS = 5000
faults: export HEARBACK_FAULT_KILLS = 500
faults: export HEARBACK_FAULT_ERRORS = 50
faults: export HEARBACK_FAULT_LEASE = 25
faults: export HEARBACK_FAULT_WRITERS = 100
faults: export HEARBACK_CUTS = 200
faults: export HEARBACK_KICKS = 100
faults: export HEARBACK_RACES = 10000
faults: export HEARBACK_EXACT = 1
faults: setup-test assets ## full and broken disks, cut networks, killed databases … at full size (mounting takes root)
	cargo test --release --locked --test it -- faults:: nodes:: kill_rule:: lock::spans:: --nocapture --test-threads 1

floods: export HEARBACK_FLOOD = full
floods: export HEARBACK_TABLE = $(CURDIR)/target/floods.txt
floods: setup-test assets ## what strangers can cause, at full size: a table of memory, descriptors, tasks and others' acks
	cargo test --release --locked --test it --no-run
	rm -f $(HEARBACK_TABLE)
	ulimit -n "$$(ulimit -Hn)"; status=0; \
	cargo test --release --locked --test it floods:: -- --test-threads 1 || status=$$?; \
	cat $(HEARBACK_TABLE); exit $$status

# GNU Make takes SECONDS from its own command line alone; the shell has a variable of that name.
SECONDS := 600

soak: setup-test assets ## work that goes on for SECONDS=600: memory, descriptors and tasks stay what they were
	HEARBACK_SOAK=$(SECONDS) cargo test --release --locked --test it soak::nothing_grows -- --nocapture

SECONDS_EACH ?= 60
FUZZ_TARGETS := $(basename $(notdir $(wildcard tests/fuzz/targets/*.rs)))

# The compiler's sanitizers are not stable yet; the variable lets the stable one use them.
fuzz: setup-fuzz assets ## what strangers can send, made up by a machine, each parser for SECONDS_EACH=60
	for target in $(FUZZ_TARGETS); do \
	  mkdir -p tests/fuzz/corpus/$$target; \
	  RUSTC_BOOTSTRAP=1 cargo fuzz run --fuzz-dir tests/fuzz $$target tests/fuzz/corpus/$$target tests/fuzz/seeds/$$target -- \
	    -max_total_time=$(SECONDS_EACH) -max_len=4096 -timeout=30 -detect_leaks=0 -dict=tests/fuzz/words.dict -print_final_stats=1; \
	done

API_SECONDS ?= 120

api-fuzz: setup-test assets tests/api/.venv/installed ## holds REST to its OpenAPI document for API_SECONDS=120, with requests made up by a machine
	cargo build --locked
	tests/api/run target/debug/hearback $(API_SECONDS)

clean: ## removes what was built
	cargo clean
	rm -rf assets/dist assets/node_modules tests/*/node_modules tests/bench/peers/node_modules

setup-run:
	@.ci/setup run

setup-fuzz:
	@.ci/setup fuzz

setup-test:
	@.ci/setup test

# The browser's files, embedded in the binary.
assets: assets/dist/manifest.json

assets/dist/manifest.json: assets/node_modules/.package-lock.json assets/build.mjs $(shell find assets/css assets/js -type f 2> /dev/null)
	cd assets && node build.mjs
	@touch $@

# npm writes this file when it has installed what the lock file names.
%/node_modules/.package-lock.json: %/package-lock.json
	cd $* && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

# What the tests in other languages need. Chromium is the system's own; nothing is fetched for it.
test-packages: export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD = 1
test-packages: $(patsubst %/package-lock.json,%/node_modules/.package-lock.json,$(wildcard tests/*/package-lock.json))
test-packages: $(patsubst %/requirements.txt,%/.venv/installed,$(wildcard tests/*/requirements.txt))

%/.venv/installed: %/requirements.txt
	python3 -m venv $*/.venv
	$*/.venv/bin/pip install --quiet --disable-pip-version-check -r $<
	@touch $@
