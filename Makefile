# Mailgrant: every job of the project has one target here; `make` lists them.
# The work is in scripts/ and packaging/, which can be run by themselves too.

.DEFAULT_GOAL := help
.PHONY: help run build cli test fuzz bench docs audit screenshots windows installer release software-gl icons clean
MAKEFLAGS += --no-print-directory

help: ## list these targets
	@grep -hE '^[a-z-]+:.*## ' $(firstword $(MAKEFILE_LIST)) | \
		awk -F':.*## ' '{ printf "  make %-12s %s\n", $$1, $$2 }'

run: ## open Mailgrant on its practice tenant (without a display: in the terminal)
	@scripts/run

build: ## build build/mailgrant (window and commands) and build/mailgrant-cli
	@scripts/build window cli

cli: ## build build/mailgrant-cli alone: no window, no cgo, no C compiler needed
	@scripts/build cli

test: ## everything that must hold; STAGES="formatting unit" runs some, STAGES=list names them
	@scripts/test $(STAGES)

fuzz: ## feed nonsense to everything that reads what others wrote, FUZZTIME=10m each
	@scripts/fuzz

bench: ## measure start, idle, explain, status and many mailboxes
	@scripts/bench

docs: ## write the pages of docs/ that are made from data
	@scripts/docs

audit: ## look for known vulnerabilities in what is linked (needs the network)
	@scripts/audit

screenshots: ## write docs/screenshots
	@scripts/screenshots

windows: ## build build/windows/mailgrant.exe and mailgrant-cli.exe with mingw-w64
	@packaging/windows

installer: ## build build/windows/Mailgrant-<version>-setup.exe, signed, with checksums
	@packaging/make-installer

release: ## everything of a release, with checksums, in build/release
	@packaging/make-release

software-gl: ## build Mesa's software OpenGL for Windows once and keep it in the cache
	@packaging/software-gl/build

icons: ## make the PNG icons again from assets/icon/*.svg
	@assets/icon/make-icons

clean: ## remove build/ (the caches outside the tree stay)
	@rm -rf build
