#!/bin/sh
# Installs what building and testing lbsup needs and this machine lacks: packages of the distribution, and a Go toolchain. Run as root by
# `make setup`; does nothing, quickly, where all is there.
set -eu

go_wanted=1.26.10
# Go skips folders whose name starts with a dot, so that ./... does not mean the toolchain too.
toolchain=bin/.toolchain

say() { echo "setup: $*"; }
have() { command -v "$1" >/dev/null 2>&1; }

missing() {
	for tool in haproxy keepalived systemd-nspawn dbus-daemon pkaction ip nft nsenter curl openssl groff git strace secilc sesearch matchpathcon \
		rpmbuild rpmlint bash zsh fish firewall-offline-cmd unshare setpriv ss sysctl pgrep pidof python3 $(have apt-get && echo dpkg-deb lintian); do
		have "$tool" || echo "$tool"
	done
}

packages_debian() {
	say "installing packages: $(missing | tr '\n' ' ')"
	export DEBIAN_FRONTEND=noninteractive
	apt-get update -qq
	apt-get install -qq -y --no-install-recommends haproxy keepalived systemd-container dbus polkitd \
		iproute2 nftables util-linux curl openssl groff-base ca-certificates git strace secilc setools selinux-utils \
		rpm rpmlint lintian zsh fish firewalld procps sysvinit-utils python3 >/dev/null
}

packages_el() {
	say "installing packages: $(missing | tr '\n' ' ')"
	dnf install -q -y haproxy keepalived systemd-container dbus-daemon polkit iproute nftables util-linux curl openssl groff-base git strace \
		secilc setools-console libselinux-utils rpm-build rpmlint selinux-policy-devel systemd-rpm-macros firewalld zsh fish procps-ng python3
}

# Debian starts what it installs, and a firewall that starts by itself shuts people out. The tests start it in hosts of their own.
without_firewall() {
	firewall_was_here=$(have firewall-cmd && echo yes || :)
	policy=/usr/sbin/policy-rc.d
	if [ -z "$firewall_was_here" ] && [ ! -e "$policy" ]; then
		printf '#!/bin/sh\n[ "$1" != firewalld ] || exit 101\n' >"$policy"
		chmod 755 "$policy"
		trap 'rm -f "$policy"' EXIT
	fi
	"$@"
	[ -n "$firewall_was_here" ] || systemctl disable --quiet firewalld.service || :
}

packages() {
	[ -n "$(missing)" ] || return 0
	if have apt-get; then without_firewall packages_debian; elif have dnf; then packages_el; fi
	if [ -n "$(missing)" ]; then
		say "error: still missing: $(missing | tr '\n' ' ')" >&2
		exit 1
	fi
}

# find_go prints the newest Go that is already here.
find_go() {
	for go in "$toolchain/bin/go" go /usr/local/go/bin/go /usr/lib/go-*/bin/go /usr/lib/golang/bin/go; do
		if have "$go"; then
			command -v "$go"
			return
		fi
	done
}

# new_enough: from 1.21 on Go fetches by itself the toolchain that go.mod wants, unless it is told to stay local.
new_enough() {
	minor=$("$1" env GOVERSION | sed -n 's/^go1\.\([0-9]*\).*/\1/p')
	[ -n "$minor" ] || return 1
	[ "$minor" -ge 26 ] || { [ "$minor" -ge 21 ] && [ "$("$1" env GOTOOLCHAIN)" != local ]; }
}

# fetch_go gets a toolchain as the Go module that it also is, which an old go can do too, and the checksum database vouches for it. Files in the module
# cache are read-only and not executable: hence the copy.
fetch_go() {
	say "fetching Go $go_wanted with $("$1" env GOVERSION)"
	module=golang.org/toolchain@v0.0.1-go$go_wanted.linux-$("$1" env GOARCH)
	dir=$(cd / && GOFLAGS=-modcacherw GO111MODULE=on "$1" mod download -json "$module" | sed -n 's/^[[:space:]]*"Dir": "\(.*\)",*$/\1/p')
	if [ ! -d "$dir" ]; then
		say "error: cannot fetch $module" >&2
		exit 1
	fi
	rm -rf "$toolchain"
	mkdir -p "$(dirname "$toolchain")"
	cp -R "$dir" "$toolchain"
	chmod -R u+w "$toolchain"
	chmod -R +x "$toolchain/bin" "$toolchain/pkg/tool"
}

toolchain() {
	go=$(find_go)
	if [ -z "$go" ]; then
		say "installing Go"
		if have apt-get; then apt-get install -qq -y --no-install-recommends golang-go >/dev/null; else dnf install -q -y golang; fi
		go=$(find_go)
	fi
	new_enough "$go" || fetch_go "$go"
}

packages
toolchain
