"""Writes the generated pages; with --check, says which are out of date instead."""

import sys
from pathlib import Path

from visitwire_runtime import logs
from visitwire_schemas.asyncapi import document

from visitwire_suite.pages import asyncapi, commands, contract, day, day_run, flow, settings

ROOT = Path.cwd()


def pages() -> dict[Path, str]:
    """Every generated page: its path from the root of the repository, and its text."""
    asyncapi_document = document()
    asyncapi.validate(asyncapi_document, ROOT / "schemas/asyncapi-3.0.0.schema.json")
    return {
        **{Path(f"schemas/json/{name}.json"): text for name, text in contract.schemas().items()},
        Path("schemas/visitwire_schemas/subscription_names.json"): contract.subscription_names(),
        Path("schemas/subscription.json"): contract.subscription(),
        Path("schemas/asyncapi.yaml"): asyncapi.text(asyncapi_document),
        Path("README.md"): flow.within((ROOT / "README.md").read_text("utf-8")),
        Path("docs/topics.md"): flow.topics_page(),
        Path("docs/settings.md"): settings.page(),
        Path("docs/commands.md"): commands.page(),
        Path("docs/day.md"): day.page(day_run.live(ROOT)),
    }


def main() -> int:
    logs.configure("critical")
    found = pages()
    stray = set(Path("schemas/json").glob("*.json")) - set(found)
    stale = sorted(path for path, text in found.items() if not path.exists() or path.read_text("utf-8") != text)
    if "--check" in sys.argv[1:]:
        for path in [*stale, *sorted(stray)]:
            print(f"{path} is out of date: run `make schemas`", file=sys.stderr)
        return 1 if stale or stray else 0
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(found[path], "utf-8")
        print(f"wrote {path}")
    for path in stray:
        path.unlink()
        print(f"removed {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
