"""Says in a line what a broker with ACLs denies us, and what to do, which its clients tell as a code and a set."""

import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing
from typing import Any

from kafka.admin import KafkaAdminClient  # type: ignore[import-untyped]
from kafka.errors import GroupAuthorizationFailedError  # type: ignore[import-untyped]

from visitwire_runtime.sockets import CannotStart

TOPIC_DENIED, GROUP_DENIED, ID_DENIED = 29, 30, 53
"""Kafka's error codes TOPIC_, GROUP_ and TRANSACTIONAL_ID_AUTHORIZATION_FAILED."""
MEND = "give this service's user that right (docs/kubernetes.md lists what each needs)"
_NAME = re.compile(r"[A-Za-z0-9._-]+")


class Denied(CannotStart):
    """The broker does not let us do what we need to. Whoever waits may be given the right meanwhile."""


def denied(broker: str, lacks: Iterable[str]) -> Denied:
    """`lacks` are as `READ on topic stories-v1`."""
    return Denied(f"Kafka at {broker} denies {', '.join(lacks)}: {MEND}")


def denial(wrong: BaseException, right: str = "READ", topic: str | None = None) -> str | None:
    """What an error of either client says is denied, where it is that; None where something else is wrong. `right`
    and `topic` are what was tried, as the error tells the one never and the other not always."""
    code, names = None if isinstance(wrong, OSError) else getattr(wrong, "errno", None), _names(wrong)
    if code == GROUP_DENIED:
        return f"the broker denies READ on group {names or 'of this service'}: {MEND}"
    if code == ID_DENIED:
        return f"the broker denies WRITE on transactional id {names or 'of this service'}: {MEND}"
    if code != TOPIC_DENIED:
        return None
    return f"the broker denies {right} on topic {names or topic or 'named in its log'}: {MEND}"


def lacking(
    connection: dict[str, object], reads: Collection[str], writes: Collection[str] = (), group: str | None = None
) -> list[str]:
    """The rights that are not ours, as `READ on topic stories-v1`, as far as the broker tells: nothing of topics that
    do not exist. Raises `KafkaError`."""
    with closing(KafkaAdminClient(**connection, client_id="visitwire-rights", request_timeout_ms=20_000)) as admin:
        found = {topic["name"]: topic for topic in admin.describe_topics(list(dict.fromkeys([*reads, *writes])))}
        lacks = [f"READ on topic {name}" for name in reads if not _may(found.get(name), "READ")]
        lacks += [f"WRITE on topic {name}" for name in writes if not _may(found.get(name), "WRITE")]
        return lacks + list(_group(admin, group))


def _may(topic: dict[str, Any] | None, right: str) -> bool:
    if topic is None:
        return True
    given = topic.get("authorized_operations")  # None from a broker that does not tell
    return topic["error_code"] != TOPIC_DENIED and (bool(topic["error_code"]) or given is None or right in given)


def _group(admin: Any, group: str | None) -> Iterator[str]:
    if group is None:
        return
    try:
        given = admin.describe_groups([group])[group].get("authorized_operations")
    except GroupAuthorizationFailedError:
        given = []
    if given is not None and "READ" not in given:
        yield f"READ on group {group}"


def _names(wrong: BaseException) -> str:
    given = wrong.args[0] if wrong.args else ""
    names = [given] if isinstance(given, str) else given if isinstance(given, set | frozenset | list | tuple) else []
    return ", ".join(sorted(str(name) for name in names if _NAME.fullmatch(str(name))))
