#!/bin/sh
# Every benchmark, each beside a named peer, on one core where it says so. Arguments go to the first.
set -eu
python=.venv/bin/python
one=""
command -v taskset > /dev/null && one="taskset -c 0"
for file in bench/speed/*.py; do
    name=$(basename "$file" .py)
    grep -q '^"""Bench: ' "$file" || continue
    printf '\n== %s\n' "$(sed -n 's/^"""Bench: \(.*\)$/\1/p' "$file" | head -1 | sed 's/"""$//')"
    $one "$python" -m "bench.speed.$name" "$@"
done
