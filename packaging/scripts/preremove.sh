#!/bin/sh
# Runs before the files go, with "remove" from dpkg or 0 from rpm when this is no upgrade. The daemons go on with the configuration they have.
set -e

[ -d /run/systemd/system ] || exit 0
case "$1" in
0 | remove) systemctl --no-reload disable --now lbsup.service lbsup-health.socket lbsup-control.socket lbsup-wire.service lbsup-wire.socket ;;
esac
