# The commands that must always work; cmd/check_smtp/doc/building.md says what each is for.

GO          ?= go
VERSION     ?= 1.0.0
PREFIX      ?= /usr/local
PLUGINDIR   ?= $(PREFIX)/lib/nagios/plugins
STATICCHECK  = honnef.co/go/tools/cmd/staticcheck@v0.8.2
FUZZTIME    ?= 3s

BINARY = $(CURDIR)/check_smtp
# Where there is an entry point of ours (cmd/check_smtp/startup_linux_amd64.s), use
# it, and let it have the signals wait. What is done about start-up, what it is worth
# and how to measure it stands in internal/README.md.
OURS   = $(filter linux/amd64,$(shell $(GO) env GOOS)/$(shell $(GO) env GOARCH))
ENTRY  = $(if $(OURS),-E _rt0_one_cpu -checklinkname=0)
HOLD   = $(if $(OURS),-asmflags 'check_smtp/cmd/check_smtp=-D HOLD')
# A check is over before it collects any garbage. The collector of before Go
# 1.26 touches fewer pages at start; later releases no longer have it.
OLDGC  = $(if $(findstring go1.26,$(shell $(GO) version)),GOEXPERIMENT=nogreenteagc)
# Our own code runs once a check. Not inlined it is 300 kB smaller, and no slower.
SMALL  = -gcflags 'check_smtp/...=-l'
# LDFLAGS of your own go to the linker, too. Neither the directory nor the state of the checkout is in what is built.
SAME   = -trimpath -buildvcs=false $(SMALL)
BUILD  = $(OLDGC) CGO_ENABLED=0 $(GO) build $(SAME) $(HOLD) -ldflags '-s -w -X check_smtp/internal/args.Version=$(VERSION) $(ENTRY) $(LDFLAGS)'

.PHONY: all build run pictures test e2e bench check elsewhere reproducible fuzz install clean

all: build

build:
	$(BUILD) -o $(BINARY) ./cmd/check_smtp

# The main job against an embedded mail server; with ARGS just the checker. The
# demo is built as the checker is, so that the library is not compiled again.
run: build
ifdef ARGS
	@$(BINARY) $(ARGS); code=$$?; echo "exit code $$code"
else
	@$(OLDGC) CGO_ENABLED=0 $(GO) run $(SAME) ./internal/demo $(BINARY)
endif

# Everything that needs only Go. The race detector needs a C compiler; without
# one the tests still run.
test: build
	$(GO) vet ./...
	@if command -v gcc >/dev/null 2>&1 || command -v cc >/dev/null 2>&1; \
	then echo "$(GO) test -race ./..."; CHECK_SMTP=$(BINARY) CGO_ENABLED=1 $(GO) test -race ./...; \
	else echo "$(GO) test ./...  (no C compiler, so no race detector)"; CHECK_SMTP=$(BINARY) $(GO) test ./...; fi

# Real servers and pollers; installs Debian packages, needs root.
e2e: build
	$(GO) vet -tags e2e ./internal/e2e/...
	CHECK_SMTP=$(BINARY) $(GO) test -tags e2e -count=1 -timeout 20m -v ./internal/e2e

# The pictures of the pages: a run against the demo's server, and the dashboard with
# what a Prometheus has of some runs, which needs what e2e needs.
pictures: build
	@$(OLDGC) CGO_ENABLED=0 $(GO) run $(SAME) ./internal/demo $(BINARY) cmd/check_smtp/doc/waterfall.svg
	CHECK_SMTP=$(BINARY) PICTURES=$(CURDIR)/cmd/check_smtp/doc $(GO) test -tags e2e -count=1 -timeout 20m -run '^TestPictures$$' ./internal/e2e

# Whole processes in pairs against Debian's check_smtp, in one run.
bench: build
	CHECK_SMTP=$(BINARY) $(GO) run ./internal/e2e/bench

check:
	@unformatted=$$(gofmt -l cmd internal); if [ -n "$$unformatted" ]; then echo "gofmt: $$unformatted"; exit 1; fi
	$(GO) vet ./...
	$(GO) vet -tags e2e ./...
	$(GO) run $(STATICCHECK) ./...
	$(GO) run $(STATICCHECK) -tags e2e ./internal/e2e/...
	$(MAKE) --no-print-directory elsewhere reproducible fuzz

# Where nobody runs the tests it must still build.
elsewhere:
	@set -e; for at in windows/amd64 darwin/arm64 freebsd/amd64 linux/arm64 linux/386; do \
	  export CGO_ENABLED=0 GOOS=$${at%/*} GOARCH=$${at#*/}; \
	  echo "go vet and go build for $$at"; \
	  $(GO) vet ./...; \
	  $(GO) build -o /dev/null ./cmd/check_smtp; \
	done

# Two builds in two directories, one of which is no checkout, are the same.
reproducible: build
	@set -e; dir=$$(mktemp -d); trap 'rm -rf "$$dir"' EXIT; \
	cp -R Makefile go.mod go.sum cmd internal "$$dir"; \
	$(MAKE) --no-print-directory -C "$$dir" build; \
	cmp $(BINARY) "$$dir/check_smtp"; \
	echo "two builds in two directories are the same"

# A few seconds of each fuzz target, one after the other. Where the time is over while
# an input runs, as on a busy machine, go says "context deadline exceeded": that is no
# failure, an input that fails is named.
fuzz:
	@set -e; out=$$(mktemp); trap 'rm -f "$$out"' EXIT; for dir in $$(grep -rl --include='*_test.go' '^func Fuzz' internal cmd | xargs -n1 dirname | sort -u); do \
	  for target in $$(grep -h -o '^func Fuzz[A-Za-z0-9_]*' $$dir/*_test.go | cut -d' ' -f2); do \
	    echo "fuzz $$target in $$dir for $(FUZZTIME)"; \
	    $(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime=100x ./$$dir >"$$out" 2>&1 || \
	      { grep -q 'context deadline exceeded' "$$out" && ! grep -q 'Failing input' "$$out"; } || { cat "$$out"; exit 1; }; \
	    tail -n 1 "$$out"; \
	  done; \
	done

install: build
	install -D -m 0755 $(BINARY) $(DESTDIR)$(PLUGINDIR)/check_smtp

clean:
	rm -f $(BINARY)
