#!/bin/sh
# Installs what only the tests of the page and of the alert rules need, and a demo does not: a headless browser, and promtool. Run as root by
# `make test` and `make page-shots`; does nothing, quickly, where both are there.
set -eu

say() { echo "setup: $*"; }
have() { command -v "$1" >/dev/null 2>&1; }

browser() {
	for name in chromium-headless-shell chromium chromium-browser google-chrome; do
		if have "$name"; then return 0; fi
	done
	return 1
}

install_browser() {
	say "installing a headless browser"
	if have apt-get; then
		export DEBIAN_FRONTEND=noninteractive
		apt-get update -qq
		apt-get install -qq -y --no-install-recommends chromium-headless-shell >/dev/null || apt-get install -qq -y --no-install-recommends chromium >/dev/null
	else
		dnf install -q -y chromium-headless || dnf install -q -y chromium
	fi
}

# The package of Prometheus would start a server: only its checker is taken out of it.
fetch_promtool() {
	say "fetching promtool"
	dir=$(mktemp -d)
	trap 'rm -rf "$dir"' EXIT
	mkdir -p bin/.tools
	if have apt-get; then
		chmod 755 "$dir" # apt fetches as a user of its own
		apt-get update -qq
		(cd "$dir" && apt-get download -qq prometheus >/dev/null 2>&1 && dpkg-deb --fsys-tarfile prometheus_*.deb | tar -x ./usr/bin/promtool)
	else
		(cd "$dir" && dnf download -q golang-github-prometheus && rpm2cpio ./*.rpm | cpio -idm --quiet ./usr/bin/promtool)
	fi
	install -m 0755 "$dir/usr/bin/promtool" bin/.tools/promtool
}

browser || install_browser
have promtool || [ -x bin/.tools/promtool ] || fetch_promtool
