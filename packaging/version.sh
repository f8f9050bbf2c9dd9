#!/bin/sh
# Prints the version that programs, packages and metrics carry, in a form that rpm and dpkg both order as meant: 1.2.3 at the tag v1.2.3,
# 1.2.3+4.gHASH four commits after it, 0.0.0+N.gHASH where there is no tag, .dirty behind it for an edited checkout.
set -eu
cd "$(dirname "$0")/.."

# A source archive brings its version along.
if [ -e VERSION ]; then
	cat VERSION
	exit
fi

# git refuses another user's checkout unless told that it is safe.
ask() { git -c safe.directory="$PWD" "$@" 2>/dev/null; }

if version=$(ask describe --tags --match 'v[0-9]*' --abbrev=12 --dirty); then
	echo "$version" | sed 's/^v//; s/-\([0-9]*-g[0-9a-f]*\)/+\1/; s/\(+[0-9]*\)-g/\1.g/; s/-dirty$/.dirty/'
elif hash=$(ask describe --always --abbrev=12 --dirty); then
	echo "0.0.0+$(ask rev-list --count HEAD).g$hash" | sed 's/-dirty$/.dirty/'
else
	echo 0.0.0
fi
