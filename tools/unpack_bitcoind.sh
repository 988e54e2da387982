#!/usr/bin/env bash
# Unpacks Debian's Bitcoin full node (bitcoin-knots) and the libraries it was linked against into DEST.
# usage: unpack_bitcoind.sh DEST
# A private apt configuration is used, so the machine's sources, packages and libraries stay as they are.
set -euo pipefail
dest=$(realpath -m "${1:?usage: unpack_bitcoind.sh DEST}")
state=$dest/.apt
rm -rf "$state"
mkdir -p "$state"/{lists/partial,cache/archives/partial,parts,debs,state} "$dest/root" "$dest/bin"

# The mirror this machine already uses; no host is written here.
codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
mirror=$(apt-get indextargets --format '$(CODENAME) $(REPO_URI)' 'Created-By: Packages' \
  | awk -v codename="$codename" '$1 == codename { print $2; exit }')
[ -n "$mirror" ] || { echo "no package mirror is configured: run apt-get update" >&2; exit 1; }
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
for suite in trixie trixie-backports; do
  printf 'deb [signed-by=%s] %s %s main\n' "$keyring" "$mirror" "$suite"
done > "$state/sources.list"
: > "$state/status"
cat > "$state/apt.conf" <<CONF
Dir::State "$state/state";
Dir::State::Lists "$state/lists";
Dir::State::status "$state/status";
Dir::Cache "$state/cache";
Dir::Etc::SourceList "$state/sources.list";
Dir::Etc::SourceParts "$state/parts";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "$state/parts";
APT::Install-Recommends "false";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "3";
CONF
export APT_CONFIG=$state/apt.conf
apt-get -qq update
libraries="libc6 libstdc++6 libgcc-s1 libevent-core-2.1-7t64 libevent-extra-2.1-7t64 libevent-pthreads-2.1-7t64
  libzmq5 libsqlite3-0 libbsd0 libmd0 libgssapi-krb5-2 libkrb5-3 libk5crypto3 libkrb5support0 libcom-err2
  libkeyutils1 libnorm1t64 libpgm-5.3-0t64 libsodium23 libssl3t64"
# shellcheck disable=SC2086
(cd "$state/debs" && apt-get -qq download bitcoin-knots/trixie-backports $libraries)
for package in "$state"/debs/*.deb; do dpkg-deb -x "$package" "$dest/root"; done
lib=$dest/root/usr/lib/x86_64-linux-gnu
printf '#!/bin/sh\nexec "%s/ld-linux-x86-64.so.2" --library-path "%s" "%s/root/usr/bin/bitcoind" "$@"\n' \
  "$lib" "$lib" "$dest" > "$dest/bin/bitcoind"
chmod +x "$dest/bin/bitcoind"
rm -rf "$state"
