"""The live stream as Server-Sent Events."""

from collections.abc import AsyncIterator
from contextlib import ExitStack
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from pydantic import Field
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send
from visitwire_runtime.stage import Unavailable

from visitwire_gateway.api.shapes import PROBLEMS
from visitwire_gateway.dependencies import Asking
from visitwire_gateway.live import Live, StreamedEvent
from visitwire_gateway.model.filters import Texts, VisitFilter
from visitwire_gateway.problems import Answer, Problem
from visitwire_gateway.whole_gateway import AtWholeGateway

router = APIRouter(tags=["live"], responses=PROBLEMS)

HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}
ABOUT = """\
`visit` carries a visit as it stands, `gone` one that nothing supports any more, `change` an alert as on alerts-v1,
`story` the head of a story, `dead-letter` what a stage refused. The filter is that of /visits and holds for the events
about visits. Send the last `id` as `Last-Event-ID` to go on where you were cut; `resync` says that this was not
possible and what you show must be read again."""


class Stream(StreamingResponse):
    """Takes its place at the moment it begins, so that the cap holds however many come at once."""

    def __init__(self, events: AsyncIterator[str], live: Live, most: int, answer: Answer) -> None:
        super().__init__(events, headers=HEADERS, media_type="text/event-stream")
        self._live, self._most, self._answer = live, most, answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with ExitStack() as place:
            try:
                place.enter_context(self._live.seat(self._most))
            except Unavailable as full:
                problem = Problem(503, str(full), {"retry-after": "30"})
                await self._answer(problem, scope)(scope, receive, send)
            else:
                await super().__call__(scope, receive, send)


class StreamFilter(VisitFilter):
    kind: Texts = Field(
        default_factory=list,
        max_length=10,
        description="visit, gone, change, story, dead-letter; all where none is given.",
    )
    brief: bool = Field(False, description="Only ids as data.")
    after: str | None = Field(None, description="As Last-Event-ID, for who cannot send a header.")
    key: str | None = Field(None, description="An API key, for who cannot send a header.")

    def wants(self, told: StreamedEvent) -> bool:
        if self.kind and told.event.kind not in self.kind:
            return False
        return told.visit is None or self.matches(told.visit)


@router.get(
    "/events",
    response_class=StreamingResponse,
    description=ABOUT,
    responses={200: {"content": {"text/event-stream": {}}}},
)
async def events(
    request: Request,
    gateway: AtWholeGateway,
    who: Asking,
    wanted: Annotated[StreamFilter, Query()],
    last_event_id: Annotated[str | None, Header(description="The id of the last event that you saw.")] = None,
) -> StreamingResponse:
    place = gateway.live.place(last_event_id or wanted.after)
    # Without a condition there is nothing to look into a visit for.
    needs_visit = bool(wanted.query().keys() - {"kind", "brief", "after", "key", "background"}) or not wanted.background
    wants = wanted.wants if needs_visit else lambda told: not wanted.kind or told.event.kind in wanted.kind
    stream = gateway.live.stream(place, wants, wanted.brief, request.state.still)
    return Stream(stream, gateway.live, gateway.settings.gateway_streams, gateway.answer)
