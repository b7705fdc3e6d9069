"""`make audit`: what is known against the packages that uv.lock pins, by pip-audit.

Exits with 1 if a vulnerability is known. Where the list of them cannot be reached that is said, and is not a failure.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PATIENCE = 300
"""Seconds that the list has for its answers."""


def main() -> int:
    """The exit code."""
    with tempfile.TemporaryDirectory() as folder:
        pins = Path(folder) / "pins.txt"
        _run("uv", "export", "--frozen", "--all-packages", "--no-emit-workspace", "--no-hashes", "--no-dev", "-o", pins)
        said = _run("pip-audit", "--disable-pip", "--no-deps", "--format=json", "--progress-spinner=off", "-r", pins)
    try:
        audited = json.loads(said.stdout)["dependencies"]
    except ValueError:
        print(f"NOT AUDITED: {_last(said.stderr)}")
        return 0
    return _tell(audited)


def _tell(audited: list[dict[str, Any]]) -> int:
    unknown = [package["name"] for package in audited if "skip_reason" in package]
    known = [(package, found) for package in audited for found in package.get("vulns", ())]
    for package, found in known:
        mended = ", ".join(found["fix_versions"]) or "no version yet"
        print(f"{package['name']} {package['version']}: {found['id']}, mended in {mended}")
    if unknown:
        print(f"NOT AUDITED: {len(unknown)} of {len(audited)} packages, as the list of vulnerabilities did not answer")
    print(f"{len(audited) - len(unknown)} packages audited, {len(known)} vulnerabilities known")
    return 1 if known else 0


def _run(program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [Path(sys.executable).parent / program, *arguments]
    try:
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 1, "", f"no answer in {PATIENCE} s")


def _last(words: str) -> str:
    lines = [line for line in words.splitlines() if line.strip()]
    return lines[-1] if lines else "pip-audit said nothing"


if __name__ == "__main__":
    sys.exit(main())
