# The commands that must always work; cmd/check_smtp/doc/building.md says what each is for.

GO          ?= go
# The version and its day stand in the program, and nowhere else.
VERSION     ?= $(shell sed -n 's/^var Version = "\(.*\)"$$/\1/p' internal/args/args.go)
RELEASED    := $(shell sed -n 's/^const Released = "\(.*\)"$$/\1/p' internal/args/args.go)
STATICCHECK  = honnef.co/go/tools/cmd/staticcheck@v0.8.2
NFPM         = github.com/goreleaser/nfpm/v2/cmd/nfpm@v2.45.2
GOVULNCHECK  = golang.org/x/vuln/cmd/govulncheck@v1.8.0
FUZZTIME    ?= 3s

BINARY = $(CURDIR)/check_smtp
DIST   = $(CURDIR)/dist

# Where things are installed, and what the program is called there.
NAME        ?= check_smtp
PREFIX      ?= /usr/local
PLUGINDIR   ?= $(PREFIX)/lib/nagios/plugins
MANDIR      ?= $(PREFIX)/share/man
DOCDIR      ?= $(PREFIX)/share/doc/$(NAME)
BASHDIR     ?= $(PREFIX)/share/bash-completion/completions
ZSHDIR      ?= $(PREFIX)/share/zsh/site-functions
FISHDIR     ?= $(PREFIX)/share/fish/vendor_completions.d
LICENCES    ?= $(DOCDIR)/LICENCES
# Who answers for a package.
MAINTAINER  ?= The check_smtp authors <check_smtp@example.org>
# Who prints what is installed beside the program; if that is for another machine,
# one for this.
PRINTER     ?= $(BINARY)
# The path that configuration names.
PROGRAM     ?= $(PLUGINDIR)/$(NAME)
# Where there is an entry point of ours (cmd/check_smtp/startup_linux_amd64.s), use
# it, and let it have the signals wait. What is done about start-up, what it is worth
# and how to measure it stands in internal/README.md.
OURS   = $(filter linux/amd64,$(shell $(GO) env GOOS)/$(shell $(GO) env GOARCH))
ENTRY  = $(if $(OURS),-E _rt0_one_cpu -checklinkname=0)
HOLD   = $(if $(OURS),-asmflags 'check_smtp/cmd/check_smtp=-D HOLD')
# What a plain check does not need begins when somebody may need it (internal/early).
LATER  = $(if $(findstring checklinkname=0,$(ENTRY)),-tags later)
# A check is over before it collects any garbage. The collector of before Go
# 1.26 touches fewer pages at start; later releases no longer have it.
OLDGC  = $(if $(findstring go1.26,$(shell $(GO) version)),GOEXPERIMENT=nogreenteagc)
# Our own code runs once a check. Not inlined it is 300 kB smaller, and no slower.
SMALL  = -gcflags 'check_smtp/...=-l'
# LDFLAGS of your own go to the linker, too. Neither the directory nor the state of the checkout is in what is built.
SAME   = -trimpath -buildvcs=false $(SMALL)
BUILD  = $(OLDGC) CGO_ENABLED=0 $(GO) build $(SAME) $(HOLD) $(LATER) -ldflags '-s -w -X check_smtp/internal/args.Version=$(VERSION) $(ENTRY) $(LDFLAGS)'

.PHONY: all build run pictures test e2e soak bench check vuln elsewhere reproducible fuzz install uninstall dist archive packages package sums clean

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

# Checks against servers that inject faults, 100 at a time. SOAK='-for 2m' ends sooner, and says how many it did.
SOAK ?=
soak: build
	CHECK_SMTP=$(BINARY) $(GO) run ./internal/e2e/soak $(SOAK)

# Whole processes beside Debian's check_smtp, in one run. BENCH=-quick is shorter,
# BENCH='-only throughput,timing' just these parts.
bench: build
	CHECK_SMTP=$(BINARY) $(GO) run ./internal/e2e/bench $(BENCH)

check:
	@unformatted=$$(gofmt -l cmd internal); if [ -n "$$unformatted" ]; then echo "gofmt: $$unformatted"; exit 1; fi
	$(GO) vet ./...
	$(GO) vet -tags e2e ./...
	$(GO) vet -tags later ./internal/early
	$(GO) run $(STATICCHECK) ./...
	$(GO) run $(STATICCHECK) -tags e2e ./internal/e2e/...
	$(MAKE) --no-print-directory elsewhere reproducible fuzz

# Known vulnerabilities in what the program is made of. Without the database, which is
# not this program's fault, it says so and goes on.
vuln:
	@out=$$($(GO) run $(GOVULNCHECK) ./cmd/check_smtp 2>&1); code=$$?; echo "$$out"; \
	case "$$out" in *"fetching vulnerabilities"*) echo "vulnerabilities were not looked for: the database cannot be reached"; exit 0;; esac; exit $$code

# Where nobody runs the tests it must still build, and be in order. What is used on
# Linux only (U1000) is not dead.
elsewhere:
	@set -e; tools=$$(mktemp -d); trap 'rm -rf "$$tools"' EXIT; GOBIN="$$tools" $(GO) install $(STATICCHECK); \
	for at in windows/amd64 darwin/arm64 freebsd/amd64 linux/arm64 linux/386; do \
	  export CGO_ENABLED=0 GOOS=$${at%/*} GOARCH=$${at#*/}; \
	  echo "go vet, staticcheck and go build for $$at"; \
	  $(GO) vet ./...; \
	  "$$tools/staticcheck" -checks inherit,-U1000 ./...; \
	  $(GO) build -o /dev/null ./cmd/check_smtp; \
	done

# Two builds in two directories, one of which is no checkout, are the same; so are
# archives, of two platforms for the sake of time, and packages.
ALSO = --no-print-directory dist packages PLATFORMS='linux-amd64 windows-amd64'
reproducible: build
	@set -e; dir=$$(mktemp -d); trap 'rm -rf "$$dir"' EXIT; \
	cp -R Makefile README.md LICENSE go.mod go.sum cmd internal "$$dir"; \
	$(MAKE) --no-print-directory -C "$$dir" build; \
	cmp $(BINARY) "$$dir/check_smtp"; \
	rm -rf $(DIST); $(MAKE) $(ALSO) >/dev/null; \
	(umask 077; $(MAKE) -C "$$dir" $(ALSO) >/dev/null); \
	cmp $(DIST)/SHA256SUMS "$$dir/dist/SHA256SUMS"; \
	echo "two builds in two directories are the same, and their $$(wc -l <$(DIST)/SHA256SUMS) archives and packages"

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

# What is installed beside the program: what to print, and where to. Examples are
# whatever else can be printed.
TEXTS = man:$(MANDIR)/man1/$(NAME).1 completion-bash:$(BASHDIR)/$(NAME) completion-zsh:$(ZSHDIR)/_$(NAME) \
  completion-fish:$(FISHDIR)/$(NAME).fish licences:$(LICENCES)
EXAMPLES = $$($(PRINTER) --print list | cut -d' ' -f1 | grep -v -x -e list -e man -e licences -e 'completion-.*')

# It installs what has been built. Root builds nothing: whom the directory belongs to
# could not build there again.
install:
	@test -x $(BINARY) || { echo "there is no $(BINARY); first run: make build"; exit 1; }
	install -d -m 0755 $(DESTDIR)$(PLUGINDIR)
	install -m 0755 $(BINARY) $(DESTDIR)$(PLUGINDIR)/$(NAME)
	@set -e; umask 022; texts="$(TEXTS)"; for what in $(EXAMPLES); do texts="$$texts $$what:$(DOCDIR)/examples/$$what"; done; \
	here="$$(cd "$$(dirname $(PRINTER))" && pwd -P)/$$(basename $(PRINTER))"; \
	for text in $$texts; do \
	  to=$(DESTDIR)$${text#*:}; echo "$${text%%:*} -> $$to"; \
	  mkdir -p "$$(dirname "$$to")"; \
	  $(PRINTER) --print "$${text%%:*}" >"$$to"; \
	  case $$to in */examples/*) sed "s|$$here|$(PROGRAM)|g" "$$to" >"$$to.new"; mv "$$to.new" "$$to" ;; esac; \
	  chmod 0644 "$$to"; \
	done

# Directories stay, but for ours.
uninstall:
	rm -f $(DESTDIR)$(PLUGINDIR)/$(NAME) $(foreach text,$(TEXTS),$(DESTDIR)$(lastword $(subst :, ,$(text))))
	rm -rf $(DESTDIR)$(DOCDIR)/examples
	rmdir $(DESTDIR)$(DOCDIR) 2>/dev/null || true

# The time that files in archives and packages bear: that of the version.
AT = SOURCE_DATE_EPOCH=$$(date -u -d $(RELEASED) +%s 2>/dev/null || date -j -u -f %F-%T $(RELEASED)-00:00:00 +%s)

# An archive for each platform, with all that there is to read. The links of the
# pages are those of the checkout.
PLATFORMS ?= linux-amd64 linux-arm64 linux-armv7 linux-386 linux-riscv64 linux-ppc64le \
  freebsd-amd64 freebsd-arm64 darwin-amd64 darwin-arm64 windows-amd64 windows-arm64

dist: build
	@set -e; for platform in $(PLATFORMS); do $(MAKE) --no-print-directory archive PLATFORM=$$platform; done
	@$(MAKE) --no-print-directory sums

archive: INTO = $(DIST)/tmp/check_smtp-$(VERSION)-$(PLATFORM)
archive:
	@set -e; umask 022; rm -rf $(DIST)/tmp; mkdir -p $(INTO)/cmd/check_smtp; \
	export GOOS=$(firstword $(subst -, ,$(PLATFORM))) GOARCH=$(patsubst armv7,arm,$(lastword $(subst -, ,$(PLATFORM)))) GOARM=7; \
	$(MAKE) --no-print-directory build BINARY=$(DIST)/tmp/check_smtp; \
	$(MAKE) --no-print-directory install BINARY=$(DIST)/tmp/check_smtp PRINTER=$(BINARY) DESTDIR=$(INTO) PLUGINDIR= MANDIR=/man DOCDIR= \
	  BASHDIR=/completions/bash ZSHDIR=/completions/zsh FISHDIR=/completions/fish LICENCES=/LICENCES NAME=check_smtp \
	  PROGRAM=/usr/local/lib/nagios/plugins/check_smtp >/dev/null; \
	cp -R README.md LICENSE $(INTO); cp -R cmd/check_smtp/doc $(INTO)/cmd/check_smtp; \
	packed=tar.gz; if [ $$GOOS = windows ]; then packed=zip; mv $(INTO)/check_smtp $(INTO)/check_smtp.exe; fi; \
	unset GOOS GOARCH GOARM; \
	$(AT) $(GO) run ./internal/pack $(INTO).$$packed $(INTO); \
	mv $(INTO).$$packed $(DIST); rm -rf $(DIST)/tmp

# Packages for Debian and its family, and for Fedora, Red Hat and theirs: beside the
# distribution's own check_smtp, under another name.
packages: build
	@set -e; for of in deb-amd64 deb-arm64 rpm-amd64 rpm-arm64; do $(MAKE) --no-print-directory package OF=$$of; done
	@$(MAKE) --no-print-directory sums

package: KIND = $(firstword $(subst -, ,$(OF)))
package: ARCH = $(lastword $(subst -, ,$(OF)))
package: ROOT = $(DIST)/tmp/root
package: DOC  = /usr/share/doc/check-smtp-plus
package: AS   = $(AS_$(KIND))
AS_deb = PLUGINDIR=/usr/lib/nagios/plugins ZSHDIR=/usr/share/zsh/vendor-completions LICENCES=$(DOC)/copyright
AS_rpm = PLUGINDIR=/usr/lib64/nagios/plugins LICENCES=/usr/share/licenses/check-smtp-plus/LICENCES
package:
	@set -e; umask 022; rm -rf $(DIST)/tmp; mkdir -p $(ROOT)/usr/bin $(ROOT)$(DOC); \
	GOOS=linux GOARCH=$(ARCH) $(MAKE) --no-print-directory build BINARY=$(DIST)/tmp/check_smtp; \
	$(MAKE) --no-print-directory install BINARY=$(DIST)/tmp/check_smtp PRINTER=$(BINARY) DESTDIR=$(ROOT) PREFIX=/usr NAME=check_smtp_plus DOCDIR=$(DOC) $(AS) >/dev/null; \
	ln -s ../$(patsubst PLUGINDIR=/usr/%,%,$(firstword $(AS)))/check_smtp_plus $(ROOT)/usr/bin/check_smtp_plus; \
	cp cmd/check_smtp/doc/changelog.md $(ROOT)$(DOC)/changelog; \
	export $(AT) ARCH=$(ARCH) VERSION=$(VERSION) ROOT=$(ROOT) MAINTAINER='$(MAINTAINER)'; \
	if [ $(KIND) = deb ]; then \
	  mkdir -p $(ROOT)/usr/share/lintian/overrides; cp cmd/check_smtp/package/lintian-overrides $(ROOT)/usr/share/lintian/overrides/check-smtp-plus; \
	  sed -i '/^ *Apache License$$/,$$c\On Debian the text stands in /usr/share/common-licenses/Apache-2.0.' $(ROOT)$(DOC)/copyright; \
	  printf 'check-smtp-plus (%s-1) unstable; urgency=medium\n\n  * See changelog.gz.\n\n -- %s  %s\n' '$(VERSION)' '$(MAINTAINER)' \
	    "$$(LC_ALL=C date -u -d @$$SOURCE_DATE_EPOCH '+%a, %d %b %Y %T +0000')" >$(ROOT)$(DOC)/changelog.Debian; \
	  gzip -9n $(ROOT)$(DOC)/changelog.Debian; \
	fi; \
	gzip -9n $(ROOT)$(DOC)/changelog $(ROOT)/usr/share/man/man1/*; \
	find $(ROOT) -exec touch -h -d @$$SOURCE_DATE_EPOCH {} +; \
	$(GO) run $(NFPM) package -p $(KIND) -f cmd/check_smtp/package/nfpm.yaml -t $(DIST)/ >/dev/null; \
	rm -rf $(DIST)/tmp

sums:
	@cd $(DIST) && rm -f SHA256SUMS && sha256sum *.tar.gz *.zip *.deb *.rpm 2>/dev/null >SHA256SUMS; cat SHA256SUMS

clean:
	rm -rf $(BINARY) $(DIST)
