"""SAML 2.0 as a service provider: signed assertions only, each once, for us, in answer to us.

python3-saml verifies the XML, the signatures and the times; what it lets pass when it is missing (audience,
recipient, expiry) is asked for here.
"""

from datetime import UTC, datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from accounts.models import SignOnConnection

from .addresses import acs_url, metadata_url
from .claims import Claims
from .memory import first_time
from .refusals import SignOnError

LARGEST = 300_000
CLOCK_SKEW = 300  # that of python3-saml
EMAIL = (
    *("email", "mail", "emailAddress", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"),
    "urn:oid:0.9.2342.19200300.100.1.3",
)
NAME = (
    *("displayName", "name", "http://schemas.microsoft.com/identity/claims/displayname"),
    "urn:oid:2.16.840.1.113730.3.1.241",
)
GROUPS = ("groups", "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups", "memberOf")
NAMES = {"saml": "urn:oasis:names:tc:SAML:2.0:assertion"}
EMAIL_FORMAT = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
TRANSIENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"


@cache
def available() -> bool:
    """Whether the library could be installed and loaded: xmlsec has no wheel for every machine, and refuses to be
    loaded beside an lxml that was built with another libxml2. Without it OpenID Connect remains.
    """
    try:
        import onelogin.saml2.auth  # noqa: F401
    except Exception:
        return False
    return True


def begin(connection: SignOnConnection) -> tuple[str, str]:
    """(address to go to, id of the request that the answer has to name)."""
    auth = _auth(connection, {})
    address: str = auth.login(return_to="")
    return address, str(auth.get_last_request_id())


def finish(connection: SignOnConnection, answer: str) -> tuple[Claims, str]:
    """(what the provider says, id of the request that it answers, empty for none). Raises SignOnError.

    Whether the request was this browser's is for the caller to find out.
    """
    from onelogin.saml2.errors import OneLogin_Saml2_Error

    if not answer or len(answer) > LARGEST:
        raise SignOnError("The provider's answer is empty or too large.")
    try:
        asked = _in_response_to(connection, answer)
        auth = _auth(connection, {"SAMLResponse": answer})
        auth.process_response(request_id=asked or None)
    except (OneLogin_Saml2_Error, ValueError, SyntaxError) as error:
        raise SignOnError(f"The provider's answer cannot be read: {str(error)[:200]}.") from error
    if auth.get_errors() or not auth.is_authenticated():
        raise SignOnError(
            f"The provider's answer is not valid: {(auth.get_last_error_reason() or '')[:300]}."
        )
    if not asked and not connection.allows_unsolicited:
        raise SignOnError("This log-in did not begin here. Begin on our log-in page.")
    until = _confirmed_until(connection, auth.get_last_response_xml(), asked)
    identifier = auth.get_last_assertion_id()
    left = int(until - datetime.now(UTC).timestamp()) + 2 * CLOCK_SKEW
    if not identifier or not first_time(f"{connection.pk}:{identifier}", left):
        raise SignOnError("The provider's answer was used before. Begin again.")
    return _claims(connection, auth), asked


def _in_response_to(connection: SignOnConnection, answer: str) -> str:
    from onelogin.saml2.response import OneLogin_Saml2_Response
    from onelogin.saml2.settings import OneLogin_Saml2_Settings

    settings = OneLogin_Saml2_Settings(_settings(connection))
    return str(OneLogin_Saml2_Response(settings, answer).get_in_response_to() or "")


def _confirmed_until(connection: SignOnConnection, xml: Any, asked: str) -> float:
    """When the assertion ends, as its bearer confirmation says; there must be one, addressed to us alone."""
    from onelogin.saml2.xml_utils import OneLogin_Saml2_XML

    (assertion,) = OneLogin_Saml2_XML.to_etree(xml).iterfind("saml:Assertion", NAMES)
    audiences = [one.text for one in assertion.iterfind(".//saml:AudienceRestriction/saml:Audience", NAMES)]
    if metadata_url(connection) not in audiences:
        raise SignOnError("The provider's answer is not made for this application (audience).")
    for one in assertion.iterfind(
        "saml:Subject/saml:SubjectConfirmation/saml:SubjectConfirmationData", NAMES
    ):
        ends = one.get("NotOnOrAfter")
        if not ends or one.get("Recipient") != acs_url(connection):
            continue
        if (one.get("InResponseTo") or "") != asked:
            continue
        until = datetime.fromisoformat(ends.replace("Z", "+00:00")).timestamp()
        if until > datetime.now(UTC).timestamp():
            return until
    raise SignOnError(
        "The provider's answer is not addressed to this application, or it has expired (recipient)."
    )


def _claims(connection: SignOnConnection, auth: Any) -> Claims:
    attributes: dict[str, list[Any]] = auth.get_attributes()
    subject, form = str(auth.get_nameid() or ""), auth.get_nameid_format()
    if form == TRANSIENT:
        raise SignOnError(
            "The provider names people anew each time. Set it to a persistent name or to the email."
        )
    email = _first(attributes, connection.email_attribute, EMAIL)
    if not email and not connection.email_attribute and (form == EMAIL_FORMAT or "@" in subject):
        email = subject
    groups = next(
        (attributes[name] for name in _names(connection.groups_attribute, GROUPS) if attributes.get(name)), []
    )
    return Claims(
        subject=subject,
        email=email,
        name=_first(attributes, connection.name_attribute, NAME),
        groups=tuple(one for one in groups if isinstance(one, str) and one),
    )


def _names(chosen: str, usual: tuple[str, ...]) -> tuple[str, ...]:
    return (chosen,) if chosen else usual


def _first(attributes: dict[str, list[Any]], chosen: str, usual: tuple[str, ...]) -> str:
    for name in _names(chosen, usual):
        for value in attributes.get(name) or ():
            if isinstance(value, str) and value.strip():
                return value.strip()
    return ""


def own_metadata(connection: SignOnConnection) -> str:
    """What a provider wants to know about us, as XML."""
    from onelogin.saml2.settings import OneLogin_Saml2_Settings

    found: Any = OneLogin_Saml2_Settings(_settings(connection), sp_validation_only=True).get_sp_metadata()
    return found.decode() if isinstance(found, bytes) else str(found)


def _auth(connection: SignOnConnection, post: dict[str, str]) -> Any:
    if not available():
        raise SignOnError("SAML is not available on this installation: its operator has to install xmlsec.")
    from onelogin.saml2.auth import OneLogin_Saml2_Auth

    here = urlsplit(acs_url(connection))
    request = {
        "https": "on" if here.scheme == "https" else "off",
        "http_host": here.netloc,
        "script_name": here.path,
        "get_data": {},
        "post_data": post,
    }
    return OneLogin_Saml2_Auth(request, _settings(connection))


def _settings(connection: SignOnConnection) -> dict[str, Any]:
    return {
        "strict": True,
        "sp": {
            "entityId": metadata_url(connection),
            "assertionConsumerService": {
                "url": acs_url(connection),
                "binding": "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST",
            },
            "NameIDFormat": "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
        },
        "idp": {
            "entityId": connection.idp_entity_id,
            "singleSignOnService": {
                "url": connection.idp_url,
                "binding": "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect",
            },
            "x509certMulti": {"signing": connection.idp_certificates.split()},
        },
        "security": {
            "wantAssertionsSigned": True,
            "wantNameId": True,
            "wantAttributeStatement": False,
            "allowRepeatAttributeName": True,
            "rejectDeprecatedAlgorithm": True,
            "rejectUnsolicitedResponsesWithInResponseTo": True,
            "requestedAuthnContext": False,
            "allowSingleLabelDomains": True,
        },
    }
