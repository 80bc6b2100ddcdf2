#!/usr/bin/env bash
# Makes a virtual environment, installs the package with what the tests load it into, and runs the tests.
#   python/test.sh [arguments of pytest]
set -euo pipefail
cd "$(dirname "$0")"
venv="${NEWSGRAPH_VENV:-../target/python}"
python="$venv/bin/python"
[ -x "$python" ] || "${PYTHON:-python3}" -m venv "$venv"
"$python" -m pip install --quiet --disable-pip-version-check -r tests/requirements.txt
"$python" -m pip install --quiet --disable-pip-version-check --force-reinstall --no-deps .
"$python" -m mypy --strict newsgraph
# Beside the tests, so that the installed package is tested and not the sources.
cd tests
"../$python" -m pytest -c ../pyproject.toml --rootdir . "$@"
