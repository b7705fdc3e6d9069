"""What keeps somebody from saying something of a visit by hand."""


class Unknown(LookupError):
    """There is no such visit, or no such word; with a sentence."""


class Changed(ValueError):
    """The visit is not as whoever speaks of it saw it; with a sentence."""


def changed(visit: str) -> Changed:
    return Changed(f"{visit} was changed meanwhile: look at it again, and say it of that.")


class Unfit(ValueError):
    """It cannot be said of this visit; with a sentence."""
