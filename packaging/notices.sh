#!/bin/sh
# Prints the licences of the modules that a program is linked from, as they ask for. usage: packaging/notices.sh PROGRAM...
set -eu
programs=$(realpath "$@")
cd "$(dirname "$0")/.."
vendor=vendor
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ ! -d vendor ]; then
	vendor=$work/vendor
	go mod vendor -o "$vendor"
fi

echo "The programs of lbsup are linked from these modules."
for program in $programs; do go version -m "$program"; done | sed -n 's/^\tdep\t\([^\t]*\)\t\([^\t]*\).*/\1 \2/p' | sort -u | while read -r module version; do
	printf '\n%s\n%s %s\n' "________________________________________________________________________" "$module" "$version"
	# A part of a larger repository may leave the licence to its parent.
	dir=$module
	while [ -z "$(find "$vendor/$dir" -maxdepth 1 -iname 'licen[sc]e*' -o -maxdepth 1 -iname 'copying*' 2>/dev/null)" ]; do
		case $dir in */*) dir=${dir%/*} ;; *) echo "notices: error: cannot find the licence of $module" >&2; exit 1 ;; esac
	done
	find "$vendor/$dir" -maxdepth 1 \( -iname 'licen[sc]e*' -o -iname 'copying*' -o -iname 'notice*' \) | sort | while read -r file; do
		printf '\n'
		cat "$file"
	done
done
