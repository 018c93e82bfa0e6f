"""TXT records, from the machine's resolver or from the one that SIGN_ON_DNS_SERVER names."""

import dns.exception
import dns.resolver
from django.conf import settings

from .refusals import SignOnError

SECONDS = 5.0


def txt_records(name: str) -> list[str]:
    """The texts of a name; none where it has none. Raises SignOnError when nobody answers."""
    try:
        answer = _resolver().resolve(name, "TXT", lifetime=SECONDS, search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except dns.exception.DNSException as error:
        raise SignOnError(
            f"The name servers of {name} did not answer ({type(error).__name__}). Try again in a few minutes."
        ) from error
    return [b"".join(row.strings).decode("utf-8", "replace") for row in answer]


def _resolver() -> dns.resolver.Resolver:
    if not settings.SIGN_ON_DNS_SERVER:
        return dns.resolver.Resolver()
    host, _, port = settings.SIGN_ON_DNS_SERVER.rpartition(":")
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = [host.strip("[]")], int(port)
    return resolver
