#!/bin/sh
# Have nginx and Apache for the tests of the desk behind them: the ones that are there, else
# Debian's, unpacked below build/. Nothing is installed or started, and nobody need be root.
set -eu
PATH=$PATH:/usr/sbin:/sbin
for name in nginx apache2 openssl; do command -v "$name" >/dev/null || missing=yes; done
[ -z "${missing:-}" ] && exit 0
to=$PWD/build/proxies
[ -e "$to/.ready" ] && exit 0
if ! command -v apt-get >/dev/null; then
  printf 'The tests of the desk behind nginx and Apache are left out: there is no nginx and apache2\n' >&2
  exit 0
fi

printf 'fetching nginx and Apache for the tests\n' >&2
rm -rf "$to"
mkdir -p "$to/lists/partial" "$to/archives/partial"
apt() {
  apt-get -qq -o Debug::NoLocking=1 -o APT::Sandbox::User= -o Dir::State::Lists="$to/lists" \
    -o Dir::Cache="$to" -o Dir::Cache::Archives="$to/archives" "$@"
}
if apt update && apt install --download-only --no-install-recommends \
  -y nginx apache2-bin openssl >/dev/null
then
  for file in "$to"/archives/*.deb; do dpkg-deb -x "$file" "$to"; done
  touch "$to/.ready"
else
  printf 'They cannot be fetched: the tests of the desk behind them are left out\n' >&2
fi
rm -rf "$to/lists" "$to/archives" "$to"/*.bin
