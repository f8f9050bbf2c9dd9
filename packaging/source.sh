#!/bin/sh
# Writes the source archive: what the checkout has, and the modules it depends on, so that it builds without a network. The same files make
# the same bytes. usage: packaging/source.sh VERSION ARCHIVE, with SOURCE_DATE_EPOCH set
set -eu
cd "$(dirname "$0")/.."
version=$1
archive=$2
name=lbsup-$version
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# What git knows and the new files beside it; in an unpacked archive, everything but what was built.
list() {
	if [ -e VERSION ]; then
		find . -type f ! -path './bin/*' ! -path './dist/*' ! -path './vendor/*' ! -path ./VERSION | sed 's|^\./||'
	else
		git -c safe.directory="$PWD" ls-files --cached --others --exclude-standard
	fi
}

mkdir "$work/$name"
list | while read -r file; do [ ! -e "$file" ] || echo "$file"; done | tar -cf - -T - | tar -xf - -C "$work/$name"
echo "$version" >"$work/$name/VERSION"
if [ -d vendor ]; then
	cp -R vendor "$work/$name/vendor"
else
	(cd "$work/$name" && go mod vendor)
fi
tar --sort=name --owner=0 --group=0 --numeric-owner --mode='u=rwX,go=rX' --mtime="@$SOURCE_DATE_EPOCH" --format=gnu \
	-cf - -C "$work" "$name" | gzip -9n >"$archive"
