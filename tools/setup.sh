#!/bin/sh
# Make the virtual environment $1 with what constraints.txt says. Quiet but for what goes wrong.
set -eu
venv=$1
python=${PYTHON:-python3}

say() { printf '%s\n' "$*" >&2; }

# Debian and Ubuntu ship venv as a package of its own.
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "installing python3-venv"
    apt-get update -qq
    apt-get install -y -qq python3 python3-venv >/dev/null
  else
    say "Python's venv module is missing. On Debian and Ubuntu: sudo apt install python3-venv"
    exit 1
  fi
fi
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  say "manualsmith needs Python 3.11 or newer; $python is $("$python" -V 2>&1)."
  say "Name another one: make PYTHON=python3.12 $*"
  exit 1
}

say "setting up $venv (once; a minute or two)"
"$python" -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
  --constraint constraints.txt --editable '.[dev]'
