"""What a provider says of a person, read as who they are here."""

from typing import Any

import pytest
from visitwire_gateway.auth.oidc_claims import NotAdmitted, person
from visitwire_gateway.auth.oidc_settings import OpenId, configured
from visitwire_gateway.auth.who import Identity, Role
from visitwire_runtime.settings import Settings

ADA = {"sub": "u-1", "preferred_username": "ada", "groups": ["desk"]}


def openid(**given: Any) -> OpenId:
    whole = {"issuer": "https://id.example", "client_id": "v", "roles": {"desk": "editor", "chiefs": "admin"}} | given
    oidc: dict[str, Any] = {f"gateway_oidc_{name}": value for name, value in whole.items()}
    made = configured(Settings(gateway_url="https://board.example", **oidc))
    assert made is not None
    return made


def test_the_highest_of_several_roles_counts() -> None:
    assert person(openid(), ADA | {"groups": ["choir", "chiefs", "desk"]}) == Identity(
        "u-1", "ada", "default", Role.ADMIN
    )
    assert person(openid(default_role="reader"), ADA).role == Role.EDITOR


@pytest.mark.parametrize("groups", [None, [], "choir", {"desk": True}, [["desk"]], 7, "Desk", " desk"])
def test_who_has_no_role_is_refused_unless_there_is_one_for_all(groups: object) -> None:
    with pytest.raises(NotAdmitted, match="nothing in the claim groups gives a role"):
        person(openid(), ADA | {"groups": groups})
    assert person(openid(default_role="reader"), ADA | {"groups": groups}).role == Role.READER


@pytest.mark.parametrize(
    ("name", "claims"),
    [
        ("realm_access.roles", {"realm_access": {"roles": ["desk"]}}),
        ("resource_access.visit.wire.roles", {"resource_access": {"visit.wire": {"roles": ["desk"]}}}),
        ("https://board.example/roles", {"https://board.example/roles": "desk"}),
    ],
)
def test_the_claim_with_roles_may_lie_deep_or_have_dots(name: str, claims: dict[str, Any]) -> None:
    assert person(openid(role_claim=name), {"sub": "u-1"} | claims).role == Role.EDITOR
    with pytest.raises(NotAdmitted):
        person(openid(role_claim=name), ADA | {name.partition(".")[0]: "desk"} if "//" not in name else ADA)


@pytest.mark.parametrize("said", ["north", ["north"]])
def test_the_tenant_that_the_claim_names(said: object) -> None:
    assert person(openid(tenant_claim="org"), ADA | {"org": said}).tenant == "north"
    assert person(openid(tenant="desks"), ADA | {"org": said}).tenant == "desks"


@pytest.mark.parametrize(
    "said", [None, "", [], ["north", "south"], " north", "nor\u202eth", "n" * 101, 7, {"north": 1}]
)
def test_a_tenant_that_is_not_named_clearly_is_none(said: object) -> None:
    with pytest.raises(NotAdmitted, match="the claim org does not name one tenant"):
        person(openid(tenant_claim="org"), ADA | {"org": said})


@pytest.mark.parametrize(
    ("email", "verified", "why"),
    [
        ("ada@board.example", True, None),
        ("ada@BOARD.example", "true", None),
        ("ada@other.example", True, None),
        ("ada@board.example", False, "no verified"),
        ("ada@board.example", None, "no verified"),
        ("ada@board.example", "false", "no verified"),
        ("ada@evil.example", True, "another domain"),
        ("ada@board.example@evil.example", True, "another domain"),
        ("ada@notboard.example", True, "another domain"),
        (None, True, "no verified"),
    ],
)
def test_only_verified_addresses_of_the_domains(email: str | None, verified: object, why: str | None) -> None:
    asked = openid(email_domains="other.example, @Board.example")
    claims = ADA | {"email": email, "email_verified": verified}
    if why is None:
        assert person(asked, claims).name == "ada"
    else:
        with pytest.raises(NotAdmitted, match=why):
            person(asked, claims)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({"preferred_username": "  A\u202eda\n L. "}, "A da L."),
        ({"preferred_username": "\u200b", "name": "Ada L."}, "Ada L."),
        ({"preferred_username": ["ada"], "email": "boss@board.example"}, "u-1"),
        ({"preferred_username": "x" * 500}, "x" * 100),
        ({"preferred_username": None, "sub": "\0"}, "nameless"),
    ],
)
def test_the_name_shown_is_one_line_that_hides_nothing(said: dict[str, Any], name: str) -> None:
    assert person(openid(), ADA | said).name == name


def test_a_subject_longer_than_the_protocol_allows_is_nobody() -> None:
    assert person(openid(), ADA | {"sub": "u" * 255}).subject == "u" * 255
    with pytest.raises(NotAdmitted, match="more than 255"):
        person(openid(), ADA | {"sub": "u" * 256})
