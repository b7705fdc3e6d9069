"""What the service says when it cannot do what was asked."""


class Missing(LookupError):
    """The tenant has no such thing; with a sentence that says so."""


class Taken(ValueError):
    """The id belongs to another subscription of the tenant, or an endpoint is disabled; with a sentence."""


class Stale(ValueError):
    """Somebody else saved it in the meantime; with a sentence."""


def missing(id: str) -> Missing:
    return Missing(f"There is no subscription {id}.")


def no_endpoint(id: str, endpoint: str) -> Missing:
    return Missing(f"The subscription {id} has no endpoint {endpoint}.")
