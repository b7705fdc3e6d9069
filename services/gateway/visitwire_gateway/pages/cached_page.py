"""Pages of which what they show is drawn once, and kept until something changes: the same for whoever asks the same."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import Request
from markupsafe import Markup
from starlette.responses import HTMLResponse

from visitwire_gateway.dependencies import Desk
from visitwire_gateway.etag import tag_of
from visitwire_gateway.marks.since import today as today_of
from visitwire_gateway.model.shared_connection import reading
from visitwire_gateway.pages.rendering import page

HERE = Markup("<!-- drawn -->")
"""Where what was drawn goes in the page. Nobody's words can look like it: in a page their "<" is "&lt;"."""


@dataclass(frozen=True)
class Drawn:
    title: str
    html: bytes
    tag: str


def kept_page(
    request: Request, desk: Desk, name: str, asked: Hashable, made: Callable[[date], dict[str, Any]]
) -> HTMLResponse:
    """The page of the templates NAME.html and NAME_main.html. `made` is told the reader's day, and gives what the
    latter asks for, and the title; it is called again when something changed, on another day, and for something else
    asked."""
    today = today_of(request, desk.clock())

    def draw(_before: Drawn | None, _now: object) -> Drawn:
        given = made(today)
        html = desk.pages.get_template(f"{name}_main.html").render(given).encode()
        return Drawn(given["title"], html, tag_of(html))

    with reading(desk.engine):
        drawn = desk.memory.get((name, today, asked), draw)
    return filled(page(request, f"{name}.html", drawn=HERE, title=drawn.title), drawn.html, drawn.tag)


def filled(shell: HTMLResponse, html: bytes, tag: str) -> HTMLResponse:
    """The page with what was drawn in its place, which is neither rendered, encoded nor hashed again."""
    before, _, after = bytes(shell.body).partition(HERE.encode())
    headers = {"cache-control": shell.headers["cache-control"], "etag": tag_of(before, tag.encode(), after)}
    return HTMLResponse(before + html + after, headers=headers)
