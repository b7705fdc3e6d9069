"""JSON, CSV or Excel: what an address or an Accept header asks for."""

from enum import StrEnum
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Query, Request


class Format(StrEnum):
    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"


CSV, XLSX = "text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEDIA = {
    "application/json": Format.JSON,
    CSV: Format.CSV,
    XLSX: Format.XLSX,
}
FILES: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            CSV: {"schema": {"type": "string"}},
            XLSX: {"schema": {"type": "string", "format": "binary"}},
        }
    }
}
"""What OpenAPI is to say of a route that gives files too."""
ABOUT = "csv or xlsx gives everything that fits as a file, without pages; an Accept header asks for the same."


def asked_format(request: Request, format: Annotated[Format | None, Query(description=ABOUT)] = None) -> Format:
    """`format` counts before Accept. Raises 406 where the header allows none that there is."""
    if format is not None:
        return format
    accept = request.headers.get("accept", "*/*") or "*/*"
    ranked = sorted(_ranges(accept), key=lambda pair: -pair[1])
    for wanted, share in ranked:
        for media, found in MEDIA.items():
            if share > 0 and wanted in ("*/*", media, f"{media.partition('/')[0]}/*"):
                return found
    raise HTTPException(406, f"This is to be had as {', '.join(MEDIA)}.")


def _ranges(accept: str) -> list[tuple[str, float]]:
    """The media ranges of an Accept header with their weight, in its order."""
    found = []
    for part in accept.split(","):
        name, *parameters = (one.strip() for one in part.split(";"))
        weights = [one[2:] for one in parameters if one.startswith("q=")]
        try:
            found.append((name.lower(), float(weights[0]) if weights else 1.0))
        except ValueError:
            found.append((name.lower(), 0.0))
    return found


Wanted = Annotated[Format, Depends(asked_format)]
