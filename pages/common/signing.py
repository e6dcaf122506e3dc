"""How the pages sign what a browser keeps for them, cookies and forms: HMAC-SHA-256, by the installation's cookie key."""

import hashlib

from flask import current_app
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import Signer, URLSafeTimedSerializer

# Flask-WTF signs the tokens of forms by the default of itsdangerous, SHA-1, and has no setting for that.
Signer.default_digest_method = staticmethod(hashlib.sha256)


class SignedCookies(SecureCookieSessionInterface):
    """Web sessions in a signed cookie. Flask names SHA-1 itself, whatever the default of itsdangerous is."""

    digest_method = staticmethod(hashlib.sha256)


def serializer(purpose: str) -> URLSafeTimedSerializer:
    """Signs and reads values for one purpose: a text that was signed for another purpose is refused."""
    return URLSafeTimedSerializer(str(current_app.secret_key), salt=purpose)
