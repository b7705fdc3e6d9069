"""A small OpenID Connect provider on loopback that speaks real HTTP and keeps to the rules, until told to break one."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import parse_qsl, unquote_plus, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.unit.gateway.samples import NOW

CLIENT, SECRET = "visitwire", "s3cret/+:% x"
SECOND = NOW.timestamp()

type Answer = tuple[int, dict[str, str], bytes]


def make_key(name: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig", "alg": "RS256"})


@dataclass
class OpenIdProvider:
    """Attributes say what is different from a provider that behaves well."""

    key: RSAKey
    secret: str | None = SECRET
    address: str = ""
    person: dict[str, Any] = field(
        default_factory=lambda: {"sub": "u-1", "preferred_username": "ada", "groups": ["desk"]}
    )
    told: dict[str, Any] = field(default_factory=dict)
    """What the user-info endpoint adds."""
    claims: dict[str, Any] = field(default_factory=dict)
    """What ID tokens say otherwise; None leaves a claim away."""
    describes: dict[str, Any] = field(default_factory=dict)
    callback: dict[str, str] = field(default_factory=dict)
    """What the answer to the browser says otherwise."""
    published: list[RSAKey] | None = None
    """Instead of its key alone."""
    sign: Callable[[dict[str, Any]], str] | None = None
    broken: dict[str, Answer] = field(default_factory=dict)
    """Answers of paths, in place of the right ones."""
    asked: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    """Every secret it gave out: codes, ID tokens, access tokens."""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def description(self) -> dict[str, Any]:
        ends = {"authorization": "authorize", "token": "token", "userinfo": "userinfo", "end_session": "logout"}
        made = {f"{name}_endpoint": f"{self.address}/{path}" for name, path in ends.items()}
        algorithms = {"id_token_signing_alg_values_supported": ["RS256", "HS256", "none"]}
        return {"issuer": self.address, "jwks_uri": f"{self.address}/jwks"} | made | algorithms | self.describes

    def jwks(self) -> dict[str, Any]:
        keys: list[dict[str, Any]] = [
            key.as_dict(private=False) for key in (self.published if self.published is not None else [self.key])
        ]
        return {"keys": [*keys, {"kty": "AKP", "kid": "of-tomorrow"}, {"kty": "oct", "k": "c2VjcmV0", "kid": "shared"}]}

    def authorize(self, query: dict[str, str]) -> Answer:
        assert (query["response_type"], query["client_id"]) == ("code", CLIENT)
        assert query["code_challenge_method"] == "S256"
        assert "openid" in query["scope"].split()
        code = f"code-{len(self.tokens)}"
        self.codes[code] = query
        self.tokens.append(code)
        said = {"code": code, "state": query["state"]} | self.callback
        to = f"{query['redirect_uri']}?{urlencode({name: value for name, value in said.items() if value})}"
        return 302, {"location": to}, b""

    def visit(self, address: str) -> str:
        """Where a browser that visits that address of the provider is sent."""
        parts = urlsplit(address)
        connection = HTTPConnection(parts.netloc, timeout=5)
        connection.request("GET", f"{parts.path}?{parts.query}")
        to = connection.getresponse().headers["location"]
        connection.close()
        return str(to)

    def token(self, headers: dict[str, str], form: dict[str, str]) -> Answer:
        if not self._is_visitwire(headers, form):
            return _json({"error": "invalid_client", "error_description": "wrong\nsecret"}, 401)
        begun = self.codes.pop(form["code"], None)
        if begun is None or begun["redirect_uri"] != form["redirect_uri"]:
            return _json({"error": "invalid_grant"}, 400)
        proof = encoded(hashlib.sha256(form["code_verifier"].encode()).digest())
        if proof != begun["code_challenge"]:
            return _json({"error": "invalid_grant"}, 400)
        token, access = self.id_token(begun["nonce"]), f"access-{len(self.tokens)}"
        self.tokens += [token, access]
        return _json({"id_token": token, "access_token": access, "token_type": "Bearer"})

    def id_token(self, nonce: str) -> str:
        times = {"iat": int(SECOND), "exp": int(SECOND) + 300}
        said = {"iss": self.address, "aud": CLIENT, "nonce": nonce} | times | self.person | self.claims
        said = {name: value for name, value in said.items() if value is not None}
        if self.sign:
            return self.sign(said)
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, said, self.key)

    def _is_visitwire(self, headers: dict[str, str], form: dict[str, str]) -> bool:
        if self.secret is None:
            return form.get("client_id") == CLIENT and "authorization" not in headers
        if "client_secret" in form:
            return (form["client_id"], form["client_secret"]) == (CLIENT, self.secret)
        given = base64.b64decode(headers["authorization"].removeprefix("Basic ")).decode()
        return [unquote_plus(part) for part in given.split(":")] == [CLIENT, self.secret]

    def answer(self, path: str, query: dict[str, str], headers: dict[str, str], form: dict[str, str]) -> Answer:
        self.asked.append(path)
        if path in self.broken:
            return self.broken[path]
        match path:
            case "/.well-known/openid-configuration":
                return _json(self.description())
            case "/jwks":
                return _json(self.jwks())
            case "/authorize":
                return self.authorize(query)
            case "/token":
                return self.token(headers, form)
            case "/userinfo" if headers.get("authorization", "").removeprefix("Bearer ") in self.tokens:
                return _json({"sub": self.person["sub"]} | self.told)
            case "/favicon.ico":
                return 204, {}, b""
            case "/logout":
                return 200, {"content-type": "text/html"}, b"<!doctype html><title>Bye</title><p>Logged out."
        return 404, {}, b""


def unsigned(claims: dict[str, Any]) -> str:
    """alg none, as an attacker would write it."""
    return _signing_input({"alg": "none", "typ": "JWT"}, claims) + "."


def signed_with_public_key(key: RSAKey) -> Callable[[dict[str, Any]], str]:
    """HS256 with the published key as the shared secret: the well-known confusion of algorithms. By hand, as no good
    library makes one."""

    def sign(claims: dict[str, Any]) -> str:
        signed = _signing_input({"alg": "HS256", "kid": key.kid}, claims)
        return f"{signed}.{encoded(hmac.digest(key.as_pem(private=False), signed.encode(), 'sha256'))}"

    return sign


def _signing_input(header: dict[str, Any], claims: dict[str, Any]) -> str:
    return ".".join(encoded(json.dumps(part).encode()) for part in (header, claims))


def encoded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _json(body: object, status: int = 200) -> Answer:
    return status, {"content-type": "application/json"}, json.dumps(body).encode()


@contextmanager
def listening(provider: OpenIdProvider) -> Iterator[OpenIdProvider]:
    """Serves it on a free port of loopback."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("content-length") or 0)
            form = dict(parse_qsl(self.rfile.read(length).decode()))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, more, body = provider.answer(parts.path, dict(parse_qsl(parts.query)), headers, form)
            if status == 0:  # hangs up without a word
                self.close_connection = True
                return
            self.send_response(status)
            for name, value in {**more, "content-length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    provider.address = f"http://127.0.0.1:{cast('tuple[str, int]', server.server_address)[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
