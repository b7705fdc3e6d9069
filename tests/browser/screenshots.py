"""`make screenshots`: every page at three widths, by light and by dark, into a folder to be looked at.

python -m tests.browser.screenshots [FOLDER] [--data DIR]     DIR is a suite's data folder; the samples otherwise
"""

import argparse
import shutil
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from playwright.sync_api import Page, sync_playwright
from visitwire_alerting.service import open_alerting
from visitwire_gateway.app import create_app
from visitwire_gateway.dependencies import Around
from visitwire_gateway.model.database import open_database
from visitwire_gateway.serve import listening
from visitwire_runtime.settings import Settings

from tests.browser.chromium import ARGUMENTS, executable
from tests.unit.gateway.samples import fill
from tests.unit.gateway.subscription_samples import fill_ledger

WIDTHS = {"phone": (360, 780), "desk": (1440, 900), "wall": (3840, 2160)}
PAGES = (
    "/",
    "/list",
    "/changes",
    "/mine",
    "/calendar",
    "/calendar?view=agenda",
    "/map?past=true",
    "/quotes",
    "/stories",
    "/subscriptions",
    "/new-subscription?destination=Italy&destination=South+Asia",
    "/deliveries",
    "/deliveries/2",
    "/system",
    "/access",
    "/about",
)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", nargs="?", type=Path, default=Path(".visitwire/screenshots"))
    options.add_argument("--data", type=Path)
    asked = options.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), gateway_port=0)
        for name in ("gateway.sqlite", "visitwire.sqlite", "alerting.key") if asked.data else ():
            shutil.copy(asked.data / name, folder)
        engine = open_database(settings.gateway_database.get_secret_value())
        ledger = open_alerting(settings)
        if not asked.data:
            fill(engine)
            fill_ledger(ledger, datetime.now(UTC))
        with (
            listening(create_app(settings, engine, Around(ledger=ledger)), settings) as address,
            sync_playwright() as playwright,
        ):
            browser = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
            for name, (width, height) in WIDTHS.items():
                for theme in ("light", "dark"):
                    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=theme)
                    _walk(page, address, asked.folder, f"{name}-{theme}")
                    page.close()
            browser.close()


def _walk(page: Page, address: str, folder: Path, name: str) -> None:
    for number, path in enumerate((*PAGES, *found(page, address))):
        page.goto(address + path, wait_until="load")
        word = path.strip("/").split("?")[0].split("/")[0] or "board"
        page.screenshot(path=folder / f"{number:02}-{word}-{name}.png")


def found(page: Page, address: str) -> list[str]:
    """A visit with a course worth seeing, and a story of a visit with as much as possible found in it."""
    asked = page.context.request
    visits = asked.get(address + "/api/v1/visits?limit=200").json()["items"]
    visit = max(visits, key=lambda one: (len(one["reports"]), one["id"]))
    stories = asked.get(address + "/api/v1/stories?limit=200").json()["items"]
    story = max(stories, key=lambda one: (one["visits"], one["key"]))
    return [f"/visits/{visit['id']}", f"/stories/{quote(story['key'], safe='')}"]


if __name__ == "__main__":
    main()
