# Targets with "##" behind them are what `make help` lists.

.DEFAULT_GOAL := help
SHELL := /bin/sh
MAKEFLAGS += --no-print-directory

# sudo's PATH seldom has Go in it; bin/.toolchain is what `make setup` fetches where the distribution's Go is too old.
GO := $(firstword $(wildcard $(CURDIR)/bin/.toolchain/bin/go) $(shell command -v go) $(wildcard /usr/local/go/bin/go /usr/lib/go-*/bin/go /usr/lib/golang/bin/go) go)
export PATH := $(patsubst %/,%,$(dir $(GO))):$(PATH)
# The Go of go.mod's toolchain line is one whose library has no known vulnerability. A builder that cannot get it builds with the Go that it has.
WANTED := $(shell sed -n 's/^toolchain //p' go.mod)
ifeq ($(origin GOTOOLCHAIN),undefined)
export GOTOOLCHAIN := $(if $(shell GOTOOLCHAIN=$(WANTED) $(GO) version 2>/dev/null),$(WANTED),local)
endif
# Go wants a home for its caches, and services and some CI have none.
export HOME ?= /root
# Go would ask git for a version of its own, and as root in another user's checkout that fails the build. Ours comes from VERSION.
export GOFLAGS += -buildvcs=false

# One version for programs, packages and metrics. It is asked for once, when first needed.
VERSION ?= $(eval VERSION := $(shell packaging/version.sh))$(VERSION)
# What everything in a package is dated: the last commit. The files of a source archive carry it.
SOURCE_DATE_EPOCH ?= $(eval SOURCE_DATE_EPOCH := $(shell if [ -e VERSION ]; then stat -c %Y VERSION; else git -c safe.directory='$(CURDIR)' log -1 --format=%ct; fi))$(SOURCE_DATE_EPOCH)

# For `make install`. BUILD is where the programs are; the rest is where a package puts things.
BUILD   ?= bin
DESTDIR ?=
PREFIX  ?= /usr
ZSH     ?= $(PREFIX)/share/zsh/site-functions
UNITS   = $(DESTDIR)$(PREFIX)/lib/systemd/system
DOCS    = $(DESTDIR)$(PREFIX)/share/doc/lbsup

# For packages: where they go, and the machine that they are for, as Go and dpkg call it and as rpm does.
DIST    ?= dist
ARCH    ?= $(eval ARCH := $(shell $(GO) env GOARCH))$(ARCH)
MACHINE = $(patsubst arm64,aarch64,$(patsubst amd64,x86_64,$(ARCH)))
SOURCE  = $(DIST)/lbsup-$(VERSION).tar.gz

LDFLAGS = -s -w -X main.version=$(VERSION)
# Where lbsup-check starts, on the processors for which it can ask before Go's runtime is there. See its doc.go.
ENTRY = $(if $(filter amd64 arm64,$(shell $(GO) env GOARCH)),-E lbsup_check_entry)
# The packages whose tests boot hosts: one after the other, and after the rest.
LAB_PACKAGES = ./test/... ./packaging/...
FUZZTIME ?= 20s

.PHONY: help setup build programs notices install install-selinux source deb rpm dist sbom vuln test test-pure unit-test lab-test truth race lint fuzz recap-program \
	demo lab lab-shell lab-down clean lab-program own \
	page-shots setup-page \
	bench bench-failover bench-cost bench-reload bench-page bench-table soak bench-program

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(firstword $(MAKEFILE_LIST)) | while IFS="$$(printf '\t')" read -r target text; do printf '  make %-14s %s\n' "$$target" "$$text"; done

setup: ## install the packages and the Go that are needed (root)
	@if [ "$$(id -u)" = 0 ]; then test/tools/setup.sh; else echo "setup: run it as root: sudo make setup" >&2; exit 1; fi

build: ## build bin/lbsup and bin/lbsup-check, static and reproducible
	@echo "build: lbsup $(VERSION)"
	@$(MAKE) programs
	@$(MAKE) own

programs:
	@mkdir -p $(BUILD)
	@CGO_ENABLED=0 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o $(BUILD)/lbsup ./cmd/lbsup
	@CGO_ENABLED=0 $(GO) build -trimpath -ldflags '$(LDFLAGS) $(ENTRY)' -o $(BUILD)/lbsup-check ./cmd/lbsup-check

notices: programs
	@packaging/notices.sh $(BUILD)/lbsup $(BUILD)/lbsup-check >$(BUILD)/NOTICES

# What root built belongs to the person behind sudo.
own:
	@if [ -n "$$SUDO_UID" ]; then chown -R "$$SUDO_UID:$$SUDO_GID" bin; fi

install: ## put everything where a package would: DESTDIR=, PREFIX=/usr
	install -D -m 0755 $(BUILD)/lbsup '$(DESTDIR)$(PREFIX)/bin/lbsup'
	install -D -m 0755 $(BUILD)/lbsup-check '$(DESTDIR)/usr/libexec/keepalived/lbsup-check'
	install -d '$(UNITS)/haproxy.service.d' '$(UNITS)/keepalived.service.d'
	cd packaging/systemd && for unit in *.service *.socket; do \
		sed 's|/usr/bin/lbsup|$(PREFIX)/bin/lbsup|' "$$unit" >'$(abspath $(UNITS))'/"$$unit" && chmod 0644 '$(abspath $(UNITS))'/"$$unit" || exit 1; done
	install -m 0644 packaging/systemd/haproxy.service.d/50-lbsup.conf '$(UNITS)/haproxy.service.d/'
	install -m 0644 packaging/systemd/keepalived.service.d/50-lbsup.conf '$(UNITS)/keepalived.service.d/'
	install -D -m 0644 packaging/env/haproxy.env '$(DESTDIR)/usr/lib/lbsup/haproxy.env'
	install -D -m 0644 packaging/env/keepalived.env '$(DESTDIR)/usr/lib/lbsup/keepalived.env'
	install -D -m 0644 packaging/lbsup.sysusers '$(DESTDIR)/usr/lib/sysusers.d/lbsup.conf'
	install -D -m 0644 packaging/lbsup.tmpfiles '$(DESTDIR)/usr/lib/tmpfiles.d/lbsup.conf'
	install -D -m 0644 packaging/polkit/50-lbsup.rules '$(DESTDIR)/usr/share/polkit-1/rules.d/50-lbsup.rules'
	install -d '$(DESTDIR)$(PREFIX)/lib/firewalld/services'
	install -m 0644 packaging/firewalld/*.xml '$(DESTDIR)$(PREFIX)/lib/firewalld/services/'
	install -D -m 0644 packaging/completion/lbsup.bash '$(DESTDIR)$(PREFIX)/share/bash-completion/completions/lbsup'
	install -D -m 0644 packaging/completion/lbsup.zsh '$(DESTDIR)$(ZSH)/_lbsup'
	install -D -m 0644 packaging/completion/lbsup.fish '$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/lbsup.fish'
	install -d '$(DOCS)/examples'
	install -m 0644 test/clusters/*.yaml '$(DOCS)/examples/'
	install -d '$(DOCS)/monitoring'
	install -m 0644 packaging/prometheus/lbsup.rules.yml packaging/grafana/lbsup.json '$(DOCS)/monitoring/'
	install -m 0644 README.md CHANGELOG.md $(wildcard $(BUILD)/NOTICES) '$(DOCS)/'
	cd packaging/man && for page in *.[1-9]; do \
		install -d '$(abspath $(DESTDIR)$(PREFIX)/share/man)'/"man$${page##*.}" && \
		gzip -9n <"$$page" >'$(abspath $(DESTDIR)$(PREFIX)/share/man)'/"man$${page##*.}/$$page.gz" || exit 1; done

install-selinux:
	install -d '$(DESTDIR)$(PREFIX)/share/selinux/packages/targeted'
	install -m 0644 selinux/*.cil '$(DESTDIR)$(PREFIX)/share/selinux/packages/targeted/'

source: ## the source archive, with all that it depends on: DIST=dist
	@mkdir -p $(DIST)
	@SOURCE_DATE_EPOCH=$(SOURCE_DATE_EPOCH) packaging/source.sh '$(VERSION)' '$(SOURCE)'

deb: ## the Debian package: ARCH=amd64 or arm64, DIST=dist
	@mkdir -p $(DIST)
	@rm -rf $(DIST)/.$(ARCH)
	@GOARCH=$(ARCH) $(MAKE) notices BUILD=$(DIST)/.$(ARCH)/bin
	@$(MAKE) --silent install BUILD=$(DIST)/.$(ARCH)/bin DESTDIR=$(DIST)/.$(ARCH)/tree ZSH=/usr/share/zsh/vendor-completions
	@SOURCE_DATE_EPOCH=$(SOURCE_DATE_EPOCH) packaging/deb/build.sh '$(VERSION)' $(ARCH) $(DIST)/.$(ARCH)/tree $(DIST)/lbsup_$(VERSION)-1_$(ARCH).deb
	@rm -rf $(DIST)/.$(ARCH)

rpm: source ## the RPM packages: ARCH=amd64 or arm64, DIST=dist
	@SOURCE_DATE_EPOCH=$(SOURCE_DATE_EPOCH) packaging/rpm/build.sh '$(VERSION)' $(MACHINE) $(SOURCE) $(DIST) $(RPMFLAGS)

dist: ## a release in DIST=dist: packages for amd64 and arm64, sources, bills of materials, checksums
	@rm -rf $(DIST)
	@for arch in arm64 amd64; do $(MAKE) deb rpm sbom ARCH=$$arch || exit 1; done
	@cd $(DIST) && sha256sum -- * >SHA256SUMS
	@cat $(DIST)/SHA256SUMS

sbom: # what the programs are made of, as CycloneDX
	@mkdir -p $(DIST)
	@GOARCH=$(ARCH) $(MAKE) programs BUILD=$(DIST)/.$(ARCH)
	@cd test/tools && $(GO) run ./sbom -version '$(VERSION)' -time $(SOURCE_DATE_EPOCH) $(abspath $(DIST))/.$(ARCH)/lbsup $(abspath $(DIST))/.$(ARCH)/lbsup-check \
		>$(abspath $(DIST))/lbsup_$(VERSION)_$(ARCH).cdx.json
	@rm -rf $(DIST)/.$(ARCH)

vuln: ## known vulnerabilities in what is linked: asks vuln.go.dev, or VULNDB=file:///copy
	@VULNDB='$(VULNDB)' test/tools/vuln/vuln.sh

setup-page: # a headless browser and promtool, which only tests need
	@if [ "$$(id -u)" = 0 ]; then test/tools/setup-page.sh; fi

page-shots: ## pictures of the status page in each state, in SHOTS=bin/shots (root the first time: it installs a browser)
	@$(MAKE) setup-page
	@LBSUP_TEST_ALL=1 $(GO) test -count=1 ./test/page -run TestStates -shots '$(abspath $(or $(SHOTS),bin/shots))'
	@echo "page-shots: the pictures are in $(or $(SHOTS),bin/shots)"

test: ## every test, the lab's too (root)
	@$(MAKE) setup
	@$(MAKE) setup-page
	@$(MAKE) build
	@$(MAKE) lint
	@$(MAKE) unit-test
	@$(MAKE) lab-test

# A long log is seen from its end: what failed is repeated there.
recap-program:
	@mkdir -p bin
	@cd test/tools && $(GO) build -o ../../bin/recap ./recap

test-pure: # what needs neither root nor the daemons
	@$(GO) test -trimpath -vet=off ./checks ./render/... ./supervisor/state/...

unit-test: recap-program # with the daemons, without booted hosts
	@echo "test: packages"
	@cd test/tools && ../../bin/recap $(GO) test ./...
	@LBSUP_TEST_ALL=1 bin/recap $(GO) test -timeout 15m $$($(GO) list ./... | grep -v -e /test/ -e '/packaging$$')

lab-test: recap-program # booted hosts, one package after the other
	@echo "test: packages that boot hosts"
	@LBSUP_TEST_ALL=1 bin/recap $(GO) test -p 1 -timeout 25m $(LAB_PACKAGES)

race: ## every test with the race detector (root, needs a C compiler)
	@LBSUP_TEST_ALL=1 $(GO) test -race -p 1 -timeout 40m ./...

truth: ## split brain and orphans on booted hosts, 20 times each, within their time (root, an idle machine)
	@LBSUP_TEST_ALL=1 $(GO) test -count 1 -timeout 20m -v ./test/truth -args -rounds 20 -within 3s -gone 1s -silent 50ms

lint: ## gofmt, go vet, staticcheck
	@echo "lint: gofmt, go vet, staticcheck"
	@unformatted=$$(gofmt -l cmd supervisor render checks packaging test) && if [ -n "$$unformatted" ]; then echo "lint: error: not formatted: $$unformatted" >&2; exit 1; fi
	@$(GO) vet ./...
	@$(GO) tool -modfile=test/tools/go.mod staticcheck ./...

fuzz: ## each fuzz target for FUZZTIME (20s)
	@grep -rl --include='*_test.go' '^func Fuzz' supervisor render checks cmd test | sort | while read -r file; do \
		sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\).*/\1/p' "$$file" | while read -r target; do \
			echo "fuzz: $$target in $$(dirname "$$file")"; \
			$(GO) test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) "./$$(dirname "$$file")" </dev/null || exit 1; \
		done || exit 1; done

lab-program:
	@$(GO) build -o bin/lab ./test/lab/cmd/lab

demo: ## boot a pair, break it, watch it heal (root)
	@$(MAKE) setup
	@$(MAKE) build lab-program
	@bin/lab demo -repository '$(CURDIR)'

lab: ## boot a pair and leave it running (root)
	@$(MAKE) setup
	@$(MAKE) build lab-program
	@bin/lab up -repository '$(CURDIR)'

lab-shell: lab-program ## a root shell on NODE= of the running pair (root)
	@bin/lab shell $(NODE)

lab-down: lab-program ## take the pair down, and what dead labs left (root)
	@bin/lab down

bench-program: build
	@CGO_ENABLED=0 $(GO) build -o bin/bench ./test/bench/cmd/bench

# Each number by itself: make bench-failover SUBJECT=killall-0 CASE=kill-9-haproxy RUNS=5. Both take several, separated by commas.
bench-failover: bench-program ## how long a client goes without an answer, beside the pairs that people run: SUBJECT=, CASE=, RUNS=30, LABS=6 at most of each (root)
	@bin/bench failover -repository '$(CURDIR)' -subject '$(SUBJECT)' -case '$(CASE)' -runs $(or $(RUNS),30) -labs $(or $(LABS),6)

bench-cost: bench-program ## what a check costs, and the supervisor at rest (root)
	@bin/bench cost -repository '$(CURDIR)' -runs $(or $(RUNS),300)

bench-reload: bench-program ## what a change costs: requests lost, the time until it is live, planning it: PART=, RELOADS=200, EDITS=30, ADDED=10 (root)
	@bin/bench reload -repository '$(CURDIR)' -part '$(PART)' -reloads $(or $(RELOADS),200) -edits $(or $(EDITS),30) -added $(or $(ADDED),10)

bench-page: ## what the status page, metrics and lbsup status of a large cluster file cost, how soon a transition is seen, what a flood of them leaves (root)
	@LBSUP_TEST_ALL=1 $(GO) test -count=1 -v -timeout 30m -tags measure -run 'TestLargePage|TestTransitionSeen|TestFloodOfTransitions' ./test/pair

soak: bench-program ## load, disk writes and reloads for SOAK=10m: nothing may move; then RELOADS=1000 under REQUESTS=1000000: nothing may be lost (root)
	@bin/bench soak -repository '$(CURDIR)' -for $(or $(SOAK),10m)
	@bin/bench reload -repository '$(CURDIR)' -part reload -alone -reloads $(or $(RELOADS),1000) -requests $(or $(REQUESTS),1000000)

bench-table: bench-program ## the results so far: the table, the plan beside it, the plot, the table in README.md
	@bin/bench table -repository '$(CURDIR)' -plot -readme

bench: ## all benchmarks, then the table (root)
	@failed=; for target in bench-failover bench-cost bench-reload soak bench-table; do $(MAKE) $$target || failed="$$failed $$target"; done; \
		if [ -n "$$failed" ]; then echo "bench: error: failed:$$failed" >&2; exit 1; fi

clean: ## remove what was built
	rm -rf bin/lbsup bin/lbsup-check bin/lab bin/bench bin/recap bin/shots dist
