"""A SAML identity provider of the tests: its key, its metadata, and answers that are really signed."""

import base64
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import uuid4

import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from django.utils import timezone
from lxml import etree

from accounts.models import SignOnConnection
from accounts.sso.addresses import acs_url, metadata_url

ENTITY = "https://idp.halden.example/metadata"
URL = "https://idp.halden.example/sso"
EMAIL_FORMAT = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
PASSWORD_CLASS = "urn:oasis:names:tc:SAML:2.0:ac:classes:Password"
PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"


@cache
def key_pair(name: str) -> tuple[bytes, str]:
    """(private key as PEM, certificate as base64 of DER); made once a process for each name."""
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{name} signing")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2026, 1, 1))
        .not_valid_after(datetime(2046, 1, 1))
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return pem, base64.b64encode(certificate.public_bytes(serialization.Encoding.DER)).decode()


def saml_connection(**fields: Any) -> SignOnConnection:
    """In use and tested, inside the organization's context."""
    given = {
        "protocol": "saml",
        "name": "Halden IdP",
        "is_enabled": True,
        "idp_entity_id": ENTITY,
        "idp_url": URL,
        "idp_certificates": key_pair("halden")[1],
        "changed_at": timezone.now(),
        "tested_at": timezone.now(),
    }
    return SignOnConnection.objects.create(**(given | fields))


def metadata(certificate: str | None = None) -> str:
    return f"""<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{ENTITY}">
      <IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
        <KeyDescriptor use="signing"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data>
          <X509Certificate>{certificate or key_pair("halden")[1]}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>
        <SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="{URL}"/>
      </IDPSSODescriptor></EntityDescriptor>"""


def stamp(seconds: float) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(kw_only=True)
class Answer:
    """A SAML response to a connection. Each field is what a test gets wrong."""

    connection: SignOnConnection
    request_id: str = ""
    subject: str = "u-1"
    subject_format: str = PERSISTENT
    email: str = "vera@halden.example"
    name: str = "Vera"
    groups: tuple[str, ...] = ()
    issuer: str = ENTITY
    audience: str | None = None
    recipient: str | None = None
    confirmed_request: str | None = None
    begins: float = -10
    ends: float = 300
    confirmation_ends: float | None = 300
    key: str = "halden"
    sign: str = "assertion"
    #: "sha256" or the broken "sha1".
    digest: str = "sha256"
    assertion_id: str = field(default_factory=lambda: f"_{uuid4().hex}")

    def tree(self) -> Any:
        def named(name: str, *values: str) -> str:
            inside = "".join(f"<saml:AttributeValue>{value}</saml:AttributeValue>" for value in values)
            return f'<saml:Attribute Name="{name}">{inside}</saml:Attribute>' if values else ""

        answers = f' InResponseTo="{self.request_id}"' if self.request_id else ""
        confirmed = self.request_id if self.confirmed_request is None else self.confirmed_request
        confirms = f' InResponseTo="{confirmed}"' if confirmed else ""
        recipient = acs_url(self.connection) if self.recipient is None else self.recipient
        to = f' Recipient="{recipient}"' if recipient else ""
        until = (
            f' NotOnOrAfter="{stamp(self.confirmation_ends)}"' if self.confirmation_ends is not None else ""
        )
        audience = metadata_url(self.connection) if self.audience is None else self.audience
        only = (
            f"<saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction>"
        )
        mail = [self.email] if self.email else []
        attributes = named("mail", *mail) + named("displayName", self.name) + named("groups", *self.groups)
        return etree.fromstring(
            f"""<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"
              xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_{uuid4().hex}" Version="2.0"
              IssueInstant="{stamp(0)}" Destination="{acs_url(self.connection)}"{answers}>
            <saml:Issuer>{self.issuer}</saml:Issuer>
            <samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>
            <saml:Assertion ID="{self.assertion_id}" Version="2.0" IssueInstant="{stamp(0)}">
              <saml:Issuer>{self.issuer}</saml:Issuer>
              <saml:Subject><saml:NameID Format="{self.subject_format}">{self.subject}</saml:NameID>
                <saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">
                  <saml:SubjectConfirmationData{until}{to}{confirms}/></saml:SubjectConfirmation></saml:Subject>
              <saml:Conditions NotBefore="{stamp(self.begins)}" NotOnOrAfter="{stamp(self.ends)}">
                {only if audience else ""}</saml:Conditions>
              <saml:AuthnStatement AuthnInstant="{stamp(0)}"><saml:AuthnContext>
                <saml:AuthnContextClassRef>{PASSWORD_CLASS}</saml:AuthnContextClassRef>
              </saml:AuthnContext></saml:AuthnStatement>
              <saml:AttributeStatement>{attributes}</saml:AttributeStatement>
            </saml:Assertion></samlp:Response>"""
        )

    def signed(self) -> Any:
        tree = self.tree()
        what = {"assertion": tree.find("{*}Assertion"), "response": tree}.get(self.sign)
        if what is not None:
            sign(what, self.key, self.digest)
        return tree

    def encoded(self) -> str:
        return encode(self.signed())


def encode(tree: Any) -> str:
    return base64.b64encode(tree if isinstance(tree, bytes) else etree.tostring(tree)).decode()


def sign(element: Any, key: str = "halden", digest: str = "sha256") -> None:
    """An enveloped signature after the issuer, as the schema wants it."""
    transform = xmlsec.constants
    methods = {
        "sha256": (transform.TransformRsaSha256, transform.TransformSha256),
        "sha1": (transform.TransformRsaSha1, transform.TransformSha1),
    }
    signature_method, digest_method = methods[digest]
    node = xmlsec.template.create(element, transform.TransformExclC14N, signature_method, ns="ds")
    element.insert(1, node)
    xmlsec.tree.add_ids(element, ["ID"])
    reference = xmlsec.template.add_reference(node, digest_method, uri="#" + element.get("ID"))
    xmlsec.template.add_transform(reference, transform.TransformEnveloped)
    xmlsec.template.add_transform(reference, transform.TransformExclC14N)
    xmlsec.template.add_x509_data(xmlsec.template.ensure_key_info(node))
    context = xmlsec.SignatureContext()
    pem, certificate = key_pair(key)
    context.key = xmlsec.Key.from_memory(pem, xmlsec.constants.KeyDataFormatPem)
    context.key.load_cert_from_memory(base64.b64decode(certificate), xmlsec.constants.KeyDataFormatCertDer)
    context.sign(node)
