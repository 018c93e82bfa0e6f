"""Single sign-on: an organization's members come in through its own identity provider.

The protocols are spoken here with PyJWT and python3-saml rather than through allauth's providers, which keep
identities in tables without a policy, ask for no nonce, take an ID token without its signature and a SAML answer
without looking for a replay. Everything after that is allauth's and Django's as for any log-in.
"""
