#!/bin/sh
# Makes the Debian package of a tree that `make install` laid down. The same tree makes the same bytes: dpkg-deb takes SOURCE_DATE_EPOCH for
# the times and sorts the names. usage: packaging/deb/build.sh VERSION ARCH TREE PACKAGE
set -eu
version=$1 arch=$2 tree=$3 package=$4
here=$(dirname "$0")
docs=$tree/usr/share/doc/lbsup

fill() { sed -e "s/@VERSION@/$version/" -e "s/@ARCH@/$arch/" -e "s/@SIZE@/${size:-}/" -e "s/@DATE@/$(date -uRd "@$SOURCE_DATE_EPOCH")/" "$1"; }

# What Debian wants besides: its own changelog, the licence under its own name, long texts compressed.
mv "$docs/CHANGELOG.md" "$docs/changelog"
fill "$here/changelog" >"$docs/changelog.Debian"
install -m 0644 "$here/copyright" "$docs/copyright"
gzip -9n "$docs/changelog" "$docs/changelog.Debian" "$docs/NOTICES"
install -D -m 0644 "$here/lintian-overrides" "$tree/usr/share/lintian/overrides/lbsup"

size=$(du -sk --apparent-size "$tree" | cut -f1)
mkdir "$tree/DEBIAN"
fill "$here/control" >"$tree/DEBIAN/control"
(cd "$tree" && find usr -type f | LC_ALL=C sort | xargs md5sum) >"$tree/DEBIAN/md5sums"
cat "$here/../scripts/postinstall.sh" "$here/../scripts/next-steps.sh" >"$tree/DEBIAN/postinst"
cp "$here/../scripts/preremove.sh" "$tree/DEBIAN/prerm"
cp "$here/../scripts/postremove.sh" "$tree/DEBIAN/postrm"
chmod -R u=rwX,go=rX "$tree"
chmod 0755 "$tree"/DEBIAN/p*
dpkg-deb --root-owner-group --uniform-compression -Zxz --build "$tree" "$package" >/dev/null
