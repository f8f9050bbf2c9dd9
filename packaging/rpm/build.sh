#!/bin/sh
# Makes the source package and the binary packages of a source archive. The same archive makes the same bytes: times and host are no part of them.
# usage: packaging/rpm/build.sh VERSION MACHINE ARCHIVE FOLDER, with SOURCE_DATE_EPOCH set; other arguments go to rpmbuild
set -eu
version=$1 machine=$2 archive=$3 folder=$4
shift 4
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

date=$(LC_ALL=C date -ud "@$SOURCE_DATE_EPOCH" '+%a %b %d %Y')
sed -e "s/@VERSION@/$version/" -e "s/@DATE@/$date/" "$here/lbsup.spec" >"$work/lbsup.spec"
# Where rpm knows no systemd, it knows none of the other macros either, and not the packages that bring what is built with. Not --load: what that
# loads is forgotten at --target.
if [ -z "$(rpm --eval '%{?_unitdir}')" ]; then
	set -- --nodeps --macros "$(rpm --showrc | sed -n 's/^Macro path: //p'):$here/macros.compat" "$@"
fi

# Where it is built is in the source package too: so that one is made in a folder that is called "." wherever it is.
cp "$archive" "$work"
set -- --target "$machine-linux" "$@" \
	--define 'use_source_date_epoch_as_buildtime 1' --define 'clamp_mtime_to_source_date_epoch 1' --define '_buildhost localhost' \
	--define '_sourcedir .' --define '_rpmdir .' --define '_srcrpmdir .' --define '_rpmfilename %%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm'
if ! (cd "$work" && rpmbuild -bs "$@" --define '_topdir .' lbsup.spec && rpmbuild -bb "$@" --define "_topdir $work" --define "_sourcedir $work" lbsup.spec) >"$work/log" 2>&1; then
	cat "$work/log" >&2
	exit 1
fi
mv "$work"/*.rpm "$folder"
