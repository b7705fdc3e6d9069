"""The pages keep up: every topic, setting and command is mentioned, no link is dead, generated pages are up to date."""

import re
from pathlib import Path

import pytest
from visitwire_runtime.settings import Settings
from visitwire_schemas import FLOW
from visitwire_schemas.asyncapi import topics
from visitwire_suite.pages import commands, flow, settings
from visitwire_suite.subcommands import MOUNTS

ROOT = Path(__file__).parents[3]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "seeds/README.md"])


def test_every_topic_setting_and_command_is_mentioned() -> None:
    told = "\n".join(path.read_text("utf-8") for path in PAGES)
    names = [topic.name for topic in topics()] + [row.dead_letters.name for row in FLOW]
    names += list(Settings.model_fields) + [f"visitwire {mount.name}" for mount in MOUNTS]
    assert [name for name in names if name not in told] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_link_is_dead(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", page.read_text("utf-8"))
    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []


def test_the_generated_pages_are_those_of_the_code() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert flow.within(readme) == readme
    made = {"topics": flow.topics_page(), "settings": settings.page(), "commands": commands.page()}
    assert {name: (ROOT / f"docs/{name}.md").read_text("utf-8") for name in made} == made


def test_every_package_imports_what_its_own_file_declares() -> None:
    """An image installs one package: what it imports must be declared there, not only in the workspace."""
    for folder in [ROOT / "schemas", *(ROOT / "services").iterdir()]:
        declared = (folder / "pyproject.toml").read_text("utf-8") if (folder / "pyproject.toml").exists() else ""
        sources = "\n".join(path.read_text("utf-8") for path in folder.rglob("*.py"))
        used = set(re.findall(r"^\s*(?:from|import) (visitwire_\w+)", sources, re.MULTILINE)) - {
            f"visitwire_{folder.name}"
        }
        assert [name for name in sorted(used) if name.replace("_", "-") not in declared] == [], folder
