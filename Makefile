# The commands that must always work; README.md says what each is for.

GO          ?= go
VERSION     ?= 1.0.0
PREFIX      ?= /usr/local
PLUGINDIR   ?= $(PREFIX)/lib/nagios/plugins
STATICCHECK  = honnef.co/go/tools/cmd/staticcheck@v0.8.2
FUZZTIME    ?= 3s

BINARY = $(CURDIR)/check_smtp
# Where there is an entry point of ours (cmd/check_smtp/entry_amd64.s), use it.
ENTRY  = $(if $(filter linux/amd64,$(shell $(GO) env GOOS)/$(shell $(GO) env GOARCH)),-E _rt0_one_cpu)
# A check is over before it collects any garbage. The collector of before Go
# 1.26 touches fewer pages at start; later releases no longer have it.
OLDGC  = $(if $(findstring go1.26,$(shell $(GO) version)),GOEXPERIMENT=nogreenteagc)
# Cryptography runs once a check; not inlined it is smaller, and size is what cold
# code costs.
SMALL  = -gcflags 'crypto/...=-l'
BUILD  = $(OLDGC) CGO_ENABLED=0 $(GO) build -trimpath $(SMALL) -ldflags '-s -w -X check_smtp/internal/args.Version=$(VERSION) $(ENTRY)'

.PHONY: all build run test e2e bench check fuzz install clean

all: build

build:
	$(BUILD) -o $(BINARY) ./cmd/check_smtp

# The main job against an embedded mail server; with ARGS just the checker.
run: build
ifdef ARGS
	@$(BINARY) $(ARGS); code=$$?; echo "exit code $$code"
else
	@$(GO) run ./internal/demo $(BINARY)
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

# Whole processes in pairs against Debian's check_smtp, in one run.
bench: build
	CHECK_SMTP=$(BINARY) $(GO) run ./internal/e2e/bench

check:
	@unformatted=$$(gofmt -l cmd internal); if [ -n "$$unformatted" ]; then echo "gofmt: $$unformatted"; exit 1; fi
	$(GO) vet ./...
	$(GO) vet -tags e2e ./...
	$(GO) run $(STATICCHECK) ./...
	$(GO) run $(STATICCHECK) -tags e2e ./internal/e2e/...
	$(MAKE) --no-print-directory fuzz

# A few seconds of each fuzz target, one after the other.
fuzz:
	@set -e; for dir in $$(grep -rl --include='*_test.go' '^func Fuzz' internal cmd | xargs -n1 dirname | sort -u); do \
	  for target in $$(grep -h -o '^func Fuzz[A-Za-z0-9_]*' $$dir/*_test.go | cut -d' ' -f2); do \
	    echo "fuzz $$target in $$dir for $(FUZZTIME)"; \
	    $(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime=100x ./$$dir; \
	  done; \
	done

install: build
	install -D -m 0755 $(BINARY) $(DESTDIR)$(PLUGINDIR)/check_smtp

clean:
	rm -f $(BINARY)
