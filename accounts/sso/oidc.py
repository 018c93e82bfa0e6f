"""OpenID Connect: the authorization code flow with PKCE, state and nonce, and a signature that is always checked."""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import jwt
from django.core.cache import cache

from accounts.models import SignOnConnection

from .addresses import callback_url
from .claims import Claims
from .fetch import check_url, get_json, post_form
from .refusals import SignOnError
from .secrets import unseal

#: Signatures by a private key; never by a shared secret, which whoever knows the public key could forge with.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
CLOCK_SKEW = 120
KEPT_SECONDS = 600
SCOPE = "openid email profile"


@dataclass(frozen=True)
class Provider:
    """What a provider says about itself."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str
    takes_secret_in_body: bool


def discover(issuer: str) -> Provider:
    """Ask the issuer. Raises SignOnError when it is not who it is said to be."""
    issuer = issuer.strip()
    found = get_json(issuer.rstrip("/") + "/.well-known/openid-configuration")
    if found.get("issuer") != issuer:
        raise SignOnError(
            f"The provider calls itself {str(found.get('issuer'))[:200]!r}. Enter exactly that as the issuer."
        )
    needed = {
        name: str(found.get(name) or "") for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")
    }
    for address in needed.values():
        check_url(address)
    # Without a word about it, the standard says, the secret goes into the header.
    methods = found.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    return Provider(
        issuer=issuer,
        **needed,
        userinfo_endpoint=str(found.get("userinfo_endpoint") or ""),
        takes_secret_in_body="client_secret_basic" not in methods,
    )


def provider_of(connection: SignOnConnection) -> Provider:
    key = f"sign-on:discovery:{connection.pk}:{connection.changed_at.timestamp()}"
    found = cache.get(key)
    if not isinstance(found, Provider):
        found = discover(connection.issuer)
        cache.set(key, found, KEPT_SECONDS)
    return found


def begin(connection: SignOnConnection, hint: str = "") -> tuple[str, str, dict[str, Any]]:
    """(address to go to, state, what to keep for the way back)."""
    provider = provider_of(connection)
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    digest = hashlib.sha256(verifier.encode()).digest()
    query = {
        "response_type": "code",
        "client_id": connection.client_id,
        "redirect_uri": callback_url(connection),
        "scope": SCOPE,
        "state": state,
        "nonce": nonce,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    if hint:
        query["login_hint"] = hint
    joint = "&" if "?" in provider.authorization_endpoint else "?"
    address = provider.authorization_endpoint + joint + urlencode(query)
    return address, state, {"nonce": nonce, "verifier": verifier}


def finish(connection: SignOnConnection, code: str, kept: dict[str, Any]) -> Claims:
    """Turn the code of the way back into what the provider says. Raises SignOnError."""
    provider = provider_of(connection)
    tokens = _exchange(connection, provider, code, kept["verifier"])
    found = verify(connection, provider, str(tokens.get("id_token") or ""), kept["nonce"])
    email_name = connection.email_attribute or "email"
    if not found.get(email_name) and provider.userinfo_endpoint and tokens.get("access_token"):
        more = get_json(provider.userinfo_endpoint, bearer=str(tokens["access_token"]))
        if more.get("sub") != found["sub"]:
            raise SignOnError("The provider answered about two different people.")
        found = {**more, **found}
    verified = found.get("email_verified")
    return Claims(
        subject=str(found["sub"]),
        email=_text(found.get(email_name)),
        email_verified=None if verified is None else verified in (True, "true"),
        name=_text(found.get(connection.name_attribute or "name")),
        groups=_texts(found.get(connection.groups_attribute or "groups")),
    )


def verify(connection: SignOnConnection, provider: Provider, token: str, nonce: str) -> dict[str, Any]:
    """The claims of an ID token: signed by the issuer, for us, now, in answer to our own question."""
    try:
        header = jwt.get_unverified_header(token)
        key = _key(connection, provider, header)
        claims: dict[str, Any] = jwt.decode(
            token,
            key=key.key,
            algorithms=[header["alg"]],
            audience=connection.client_id,
            issuer=provider.issuer,
            leeway=CLOCK_SKEW,
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )
    except (jwt.PyJWTError, KeyError, ValueError, TypeError) as error:
        raise SignOnError(f"The provider's ID token is not valid: {error}.") from error
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", None if several else connection.client_id) != connection.client_id:
        raise SignOnError("The provider's ID token was made for another application.")
    if not hmac.compare_digest(str(claims.get("nonce") or "").encode(), nonce.encode()):
        raise SignOnError("The provider's ID token does not answer this log-in (wrong nonce). Begin again.")
    return claims


def _exchange(connection: SignOnConnection, provider: Provider, code: str, verifier: str) -> dict[str, Any]:
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": callback_url(connection),
        "code_verifier": verifier,
        "client_id": connection.client_id,
    }
    secret, header = unseal(connection.client_secret), ""
    if secret and provider.takes_secret_in_body:
        fields["client_secret"] = secret
    elif secret:
        pair = f"{quote(connection.client_id, safe='')}:{quote(secret, safe='')}"
        header = f"Basic {base64.b64encode(pair.encode()).decode()}"
    return post_form(provider.token_endpoint, fields, authorization=header)


def _key(connection: SignOnConnection, provider: Provider, header: dict[str, Any]) -> jwt.PyJWK:
    if header.get("alg") not in ALGORITHMS:
        raise SignOnError(f"The provider signs with {str(header.get('alg'))[:20]!r}, which is not accepted.")
    name = f"sign-on:keys:{connection.pk}:{connection.changed_at.timestamp()}"
    kept = cache.get(name)
    found = _pick(kept, header) if isinstance(kept, dict) else None
    if found is None:  # a new key, or the first time
        kept = get_json(provider.jwks_uri)
        cache.set(name, kept, KEPT_SECONDS)
        found = _pick(kept, header)
    if found is None:
        raise SignOnError("The provider's ID token is signed by a key that the provider does not publish.")
    return found


def _pick(keys: dict[str, Any], header: dict[str, Any]) -> jwt.PyJWK | None:
    rows = [one for one in keys.get("keys", []) if isinstance(one, dict) and one.get("use", "sig") == "sig"]
    if "kid" in header:
        rows = [one for one in rows if one.get("kid") == header["kid"]]
    elif len(rows) != 1:
        return None
    return jwt.PyJWK(rows[0], algorithm=header["alg"]) if rows else None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: Any) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(one for one in values if isinstance(one, str) and one)
