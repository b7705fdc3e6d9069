"""Whatever a token looks like, it is believed or it is not: nothing else happens."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, OKPKey, RSAKey
from visitwire_gateway.auth.id_token import Expected, NotBelieved, UnknownKey, believed, public_keys

from tests.unit.gateway.openid_provider import SECOND, encoded, make_key
from tests.unit.gateway.samples import NOW

KEY = make_key("first")
KEYS = KeySet([KEY])
EXPECTED = Expected("https://id.example", "visitwire", "n", None, ["RS256", "ES256", "EdDSA", "PS256", "HS256", "none"])
GOOD = {"iss": "https://id.example", "aud": "visitwire", "nonce": "n", "sub": "u", "iat": SECOND, "exp": SECOND + 60}
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=4,
)
CLAIMS = [*GOOD, "azp", "at_hash", "auth_time", "amr", "nbf", "jti", "nonce_supported"]
HEADERS = ["alg", "kid", "crit", "b64", "typ", "jwk", "x5c", "jku"]


def signed(claims: dict[str, Any], **header: Any) -> str:
    return jwt.encode({"alg": "RS256", "kid": "first"} | header, claims, KEY)


def test_a_good_one_is_believed_to_the_second_and_a_minute_more() -> None:
    for other in ({}, {"exp": SECOND - 59}, {"iat": SECOND + 60}, {"aud": ["visitwire"]}, {"azp": "visitwire"}):
        claims = GOOD | other
        assert believed(signed(claims), KEYS, EXPECTED, NOW) == claims
    for other in ({"exp": SECOND - 60}, {"iat": SECOND + 61}):
        with pytest.raises(NotBelieved):
            believed(signed(GOOD | other), KEYS, EXPECTED, NOW)


@pytest.mark.parametrize(
    ("algorithm", "key"),
    [
        ("PS256", RSAKey.import_key(KEY.as_pem(private=True), {"kid": "first"})),
        ("ES256", ECKey.generate_key("P-256", {"kid": "first"})),
        ("EdDSA", OKPKey.generate_key("Ed25519", {"kid": "first"})),
    ],
)
@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")  # for the name Ed25519, which few providers know yet
def test_other_signatures_that_only_the_provider_can_make(algorithm: str, key: RSAKey | ECKey | OKPKey) -> None:
    token = jwt.encode({"alg": algorithm, "kid": "first"}, dict(GOOD), key, algorithms=[algorithm])
    keys = KeySet(public_keys({"keys": [key.as_dict(private=False)]}))
    assert believed(token, keys, EXPECTED, NOW) == GOOD
    with pytest.raises(NotBelieved):
        believed(token, KEYS, EXPECTED, NOW)


@pytest.mark.parametrize("algorithms", [[], ["none"], ["HS256"]])
def test_a_provider_that_signs_in_no_good_way_is_never_believed(algorithms: list[str]) -> None:
    shared = OctKey.import_key("x" * 32, {"kid": "first"})
    for token, keys in ((jwt.encode({"alg": "HS256"}, dict(GOOD), shared), KeySet([shared])), (signed(GOOD), KEYS)):
        with pytest.raises(NotBelieved, match="no way that proves anything"):
            believed(token, keys, replace(EXPECTED, algorithms=algorithms), NOW)


def test_a_key_that_is_not_known_is_told_apart() -> None:
    with pytest.raises(UnknownKey):
        believed(signed(GOOD, kid="second"), KEYS, EXPECTED, NOW)


@given(st.dictionaries(st.sampled_from(CLAIMS), VALUES, max_size=3))
@settings(max_examples=60, deadline=None)
def test_any_claims_that_are_signed(other: dict[str, Any]) -> None:
    try:
        claims = believed(signed(GOOD | other), KEYS, EXPECTED, NOW)
    except NotBelieved:
        return
    aud = claims["aud"]
    assert (claims["iss"], claims["nonce"]) == ("https://id.example", "n")
    assert aud == "visitwire" or "visitwire" in aud
    assert claims["sub"]
    assert isinstance(claims["sub"], str)


@given(st.dictionaries(st.sampled_from(HEADERS), VALUES, max_size=3) | VALUES, st.text(max_size=20) | st.just(""))
@settings(max_examples=150, deadline=None)
def test_any_header_and_signature(header: Any, signature: str) -> None:
    made = [{"alg": "RS256"} | header, header] if isinstance(header, dict) else [header]
    for head in made:
        token = f"{encoded(json.dumps(head).encode())}.{encoded(json.dumps(GOOD).encode())}.{signature}"
        with pytest.raises(NotBelieved):
            believed(token, KEYS, EXPECTED, NOW)


@given(st.text(max_size=40))
@settings(max_examples=100, deadline=None)
def test_any_text(token: str) -> None:
    with pytest.raises(NotBelieved):
        believed(token, KEYS, EXPECTED, NOW)


@given(VALUES | st.fixed_dictionaries({"keys": st.lists(st.dictionaries(st.sampled_from(["kty", "n", "e", "crv", "x"]),
       st.sampled_from(["RSA", "EC", "OKP", "AQAB", "", "P-256", "é"]) | VALUES)) | VALUES}))  # fmt: skip
@settings(max_examples=100, deadline=None)
def test_any_published_keys(published: Any) -> None:
    for key in public_keys(published):
        assert key.key_type in ("RSA", "EC", "OKP")
