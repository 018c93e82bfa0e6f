"""A SAML provider's description of itself, as an administrator pastes it or as its address serves it."""

from typing import Any

from cryptography import x509

from .fetch import check_url, get_text
from .refusals import SignOnError

REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"


def read(text: str) -> dict[str, str]:
    """The provider's name, address and certificates. Takes the XML, or an address that serves it."""
    from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser

    text = text.strip()
    if not text.startswith("<"):
        text = get_text(text)
    try:
        found: dict[str, Any] = OneLogin_Saml2_IdPMetadataParser.parse(text, required_sso_binding=REDIRECT)
        idp = found["idp"]
        several = idp.get("x509certMulti", {}).get("signing") or [idp["x509cert"]]
        result = {
            "idp_entity_id": str(idp["entityId"]),
            "idp_url": str(idp["singleSignOnService"]["url"]),
            "idp_certificates": "\n".join("".join(one.split()) for one in several),
        }
    except Exception as error:  # whatever a parser of XML raises; the sentence is the same
        raise SignOnError(
            "This is no SAML metadata of a provider with a certificate and a log-in address for HTTP-Redirect. "
            "Copy the whole XML, or its address."
        ) from error
    check_url(result["idp_url"])
    if len(result["idp_entity_id"]) > 500 or len(result["idp_url"]) > 500:
        raise SignOnError("The provider's name or address is longer than 500 characters.")
    for one in certificates(result["idp_certificates"]):
        if one.not_valid_before_utc > one.not_valid_after_utc:
            raise SignOnError("A certificate of the provider ends before it begins.")
    return result


def certificates(kept: str) -> list[x509.Certificate]:
    """Raises SignOnError for what is no certificate."""
    import base64

    try:
        return [x509.load_der_x509_certificate(base64.b64decode(one)) for one in kept.split()]
    except ValueError as error:
        raise SignOnError("A certificate in the provider's metadata cannot be read.") from error
