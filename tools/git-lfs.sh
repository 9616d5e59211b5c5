#!/bin/sh
# Have git-lfs for the tests of Git LFS: the one that is there, else Debian's.
set -eu
git lfs version >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  printf 'installing git-lfs for the tests of Git LFS\n' >&2
  apt-get update -qq
  apt-get install -y -qq git-lfs >/dev/null
else
  printf 'Tests of Git LFS are left out without it: sudo apt install git-lfs\n' >&2
fi
