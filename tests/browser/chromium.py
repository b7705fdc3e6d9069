"""Debian's Chromium, where it is."""

import shutil

ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--no-first-run",
]


def executable() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser")
