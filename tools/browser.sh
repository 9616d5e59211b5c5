#!/bin/sh
# Have a Chromium and a Chinese font for the browser tests: the ones that are there, else Debian's.
set -eu
[ -n "${CHROMIUM:-}" ] && exit 0
for name in chromium chromium-browser google-chrome; do
  command -v "$name" >/dev/null && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  printf 'installing chromium for the browser tests\n' >&2
  apt-get update -qq
  apt-get install -y -qq chromium fonts-noto-cjk >/dev/null
else
  printf 'The browser tests need Chromium: sudo apt install chromium fonts-noto-cjk\n' >&2
  printf 'or name one: make test CHROMIUM=/path/to/chromium\n' >&2
  exit 1
fi
