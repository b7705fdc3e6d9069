"""Pages of which what they show is drawn once, and kept until something changes: the same for whoever asks the same."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from fastapi import Request
from markupsafe import Markup
from starlette.responses import HTMLResponse

from visitwire_gateway.dependencies import Gateway
from visitwire_gateway.etag import tag_of
from visitwire_gateway.fragments import Blocks
from visitwire_gateway.marks.since import today as today_of
from visitwire_gateway.model.shared_connection import reading
from visitwire_gateway.model.state import State
from visitwire_gateway.pages.rendering import page

HERE = Markup("<!-- drawn -->")
"""Where what was drawn goes in the page. Nobody's words can look like it: in a page their "<" is "&lt;"."""


type Kept = dict[str, Any]
"""What a page keeps from one drawing to the next, by names of its own, so that a change is all it has to look at."""


@dataclass(frozen=True)
class Look:
    """What a page is drawn for."""

    today: date
    """The reader's."""
    now: State
    """Of the read model, read before: all that changed up to it is to be shown."""
    kept: Kept
    """As the last drawing left it."""
    blocks: Blocks


@dataclass(frozen=True)
class Drawn:
    title: str
    html: bytes
    tag: str
    kept: Kept = field(default_factory=dict)

    def take(self) -> Kept:
        """What it kept, which then is no longer here: a drawing that fails halfway leaves nothing half changed."""
        taken = dict(self.kept)
        self.kept.clear()
        return taken


def kept_page(
    request: Request, gateway: Gateway, name: str, asked: Hashable, made: Callable[[Look], dict[str, Any]]
) -> HTMLResponse:
    """The page of the templates NAME.html and NAME_main.html. `made` gives what the latter asks for, and the title; it
    is called again when something changed, on another day, and for something else asked, by one thread at a time."""
    today = today_of(request, gateway.clock())

    def draw(before: Drawn | None, now: State) -> Drawn:
        kept = before.take() if before else {}
        blocks: Blocks = kept.setdefault("blocks", Blocks(gateway.fragments)).begin()
        given = made(Look(today, now, kept, blocks))
        html = blocks.fill(gateway.pages.get_template(f"{name}_main.html").render(given))
        return Drawn(given["title"], html, tag_of(html), kept)

    with reading(gateway.engine):
        drawn = gateway.memory.get((name, today, asked), draw)
    return filled(page(request, f"{name}.html", drawn=HERE, title=drawn.title), drawn.html, drawn.tag)


def filled(shell: HTMLResponse, html: bytes, tag: str) -> HTMLResponse:
    """The page with what was drawn in its place, which is neither rendered, encoded nor hashed again."""
    before, _, after = bytes(shell.body).partition(HERE.encode())
    headers = {"cache-control": shell.headers["cache-control"], "etag": tag_of(before, tag.encode(), after)}
    return HTMLResponse(before + html + after, headers=headers)
