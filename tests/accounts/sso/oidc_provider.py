"""A little OpenID Connect provider: discovery, keys, authorization, token; each answer can be made wrong."""

import base64
import hashlib
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from django.utils import timezone

from accounts.models import SignOnConnection
from accounts.sso.secrets import seal

_KEY = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
_OTHER_KEY = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
SECRET = "the secret: with % and ümlaut"


class Provider:
    """Whoever is sent here is `person`. `wrong` overrides claims of the ID token; None leaves one out."""

    def __init__(self) -> None:
        self.person = {
            "sub": "oidc-1",
            "email": "vera@halden.example",
            "name": "Vera",
            "email_verified": True,
        }
        self.wrong: dict[str, Any] = {}
        self.key: Any = _KEY
        self.algorithm = "RS256"
        self.kid = "k1"
        self.discovery: dict[str, Any] = {}
        self.userinfo: dict[str, Any] | None = None
        self.asked: dict[str, str] = {}
        #: Code → what it was given out for.
        self.codes: dict[str, dict[str, str]] = {}
        self.token_requests: list[dict[str, str]] = []
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.answer(self)

            do_POST = do_GET

            def log_message(self, *args: Any) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self) -> "Provider":
        threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()
        return self

    def __exit__(self, *args: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def connection(self, **fields: Any) -> SignOnConnection:
        """In use and tested, inside the organization's context."""
        given = {
            "protocol": "oidc",
            "name": "Little Provider",
            "is_enabled": True,
            "issuer": self.issuer,
            "client_id": "cem",
            "client_secret": seal(SECRET),
            "changed_at": timezone.now(),
            "tested_at": timezone.now(),
        }
        return SignOnConnection.objects.create(**(given | fields))

    def authorize(self, query: dict[str, str]) -> str:
        """Where the browser is sent after somebody said who they are."""
        self.asked = query
        code = secrets.token_urlsafe(8)
        self.codes[code] = query
        return query["redirect_uri"] + "?" + urlencode({"code": code, "state": query["state"]})

    def id_token(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": asked["client_id"],
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            **self.person,
        } | self.wrong
        claims = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(claims, self.key, self.algorithm, headers={"kid": self.kid})

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/authorize":
            handler.send_response(302)
            handler.send_header("Location", self.authorize(query))
            handler.end_headers()
            return
        status, body = self.reply(handler, parts.path)
        content = json.dumps(body).encode()
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    def reply(self, handler: BaseHTTPRequestHandler, path: str) -> tuple[int, Any]:
        if path == "/.well-known/openid-configuration":
            return 200, {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "userinfo_endpoint": f"{self.issuer}/me",
                **self.discovery,
            }
        if path == "/keys":
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(_KEY.public_key()))
            return 200, {"keys": [{**public, "kid": "k1", "alg": "RS256", "use": "sig"}]}
        if path == "/me" and handler.headers["Authorization"] == "Bearer for-me":
            return 200, self.userinfo or {}
        if path == "/token":
            size = int(handler.headers["Content-Length"])
            sent = {name: values[0] for name, values in parse_qs(handler.rfile.read(size).decode()).items()}
            return self.token(sent, handler.headers["Authorization"] or "")
        return 404, {"error": "not_found"}

    def token(self, sent: dict[str, str], authorization: str) -> tuple[int, Any]:
        self.token_requests.append({**sent, "authorization": authorization})
        asked = self.codes.pop(sent["code"], None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(sent["code_verifier"].encode()).digest())
        if asked is None or challenge.rstrip(b"=").decode() != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        if sent["redirect_uri"] != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "for-me", "token_type": "Bearer", "id_token": self.id_token(asked)}


OTHER_KEY = _OTHER_KEY
PUBLIC_PEM = b"a public key, known to everybody, used as a shared secret"
