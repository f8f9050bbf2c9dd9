#!/bin/sh
# Runs after the files are in place, with "configure [OLD]" from dpkg, 1 or 2 from rpm. Distributions whose package manager does some of
# this by itself lose nothing: each step may be repeated.
set -e

have() { command -v "$1" >/dev/null 2>&1; }

if have systemd-sysusers; then systemd-sysusers lbsup.conf; fi
if have systemd-tmpfiles; then systemd-tmpfiles --create lbsup.conf; fi

# An image that is being built has the tools and no systemd.
[ -d /run/systemd/system ] || exit 0
systemctl daemon-reload

# At an upgrade the new supervisor takes over. This moves no address: systemd keeps the health socket.
case "$1:$2" in
# One that does not start is no reason to leave the package half installed: systemd goes on trying.
2:* | configure:?*) systemctl try-restart lbsup.service lbsup-wire.service || true ;;
esac
