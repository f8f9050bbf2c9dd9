#!/bin/sh
# Asks whether what is linked has known vulnerabilities. usage: test/tools/vuln/vuln.sh [PACKAGES], from the top of the sources
#
# exit status: 0 none is known, 3 some are, 1 nobody knows: the database cannot be had, or the sources cannot be read.
#
# VULNDB is another database than vuln.go.dev: file:///srv/vulndb is a copy, where a machine has no way out.
set -u
database=${VULNDB:-https://vuln.go.dev}
[ $# -gt 0 ] || set -- ./...

# A database that cannot be had must not look like one that knows nothing, so this is asked first.
case $database in
file://*) [ -r "${database#file://}/index/modules.json" ] ;;
*) curl -sSfL --max-time 30 -o /dev/null "${database%/}/index/db.json" ;;
esac
if [ $? -ne 0 ]; then
	echo "vuln: error: cannot reach the database $database, so nothing is known: nothing was examined" >&2
	echo "vuln: hint: VULNDB=file:///folder for a copy of it" >&2
	exit 1
fi

go tool -modfile=test/tools/go.mod govulncheck -db "$database" "$@"
status=$?
case $status in
0) echo "vuln: none of the vulnerabilities that $database knows is in what is linked" ;;
3) echo "vuln: error: vulnerabilities are in what is linked: see above" >&2 ;;
*)
	echo "vuln: error: govulncheck could not examine this: see above" >&2
	status=1
	;;
esac
exit $status
