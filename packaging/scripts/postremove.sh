#!/bin/sh
# Runs after the files are gone: the drop-ins of the daemons' units among them. The daemons go on with the configuration they have. It stays, with
# its history, until dpkg is told to purge, which is no word of rpm's. What is in /run the daemons still look at: it goes with the next boot.
set -e

case "$1" in
0 | remove) rm -rf /var/lib/lbsup/records /var/lib/lbsup/report.json ;;
purge)
	rm -rf /var/lib/lbsup
	if [ -d /etc/lbsup ]; then rmdir --ignore-fail-on-non-empty /etc/lbsup; fi
	;;
esac

[ -d /run/systemd/system ] || exit 0
systemctl daemon-reload
