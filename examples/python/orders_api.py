"""An API in Python that takes Latchkey's access tokens, verified offline by the published keys (RFC 9068, RFC 6750).

Needs Python 3.9 and PyJWT with cryptography: `apt install python3-jwt python3-cryptography`, or `pip install pyjwt[crypto]`.
A revoked token passes until it expires, and tokens that are bound to a key or a certificate are refused. An API that
minds either of these asks the introspection endpoint, or stands behind a proxy that asks /oauth/forward-auth.

    LATCHKEY_URL=https://api.example AUDIENCE=https://orders.example ENVIRONMENT=production PORT=8080 python3 orders_api.py
"""

import json
import os
import re
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock

import jwt

ISSUER = os.environ["LATCHKEY_URL"] + "/oauth"
AUDIENCE = os.environ["AUDIENCE"]
ENVIRONMENT = os.environ["ENVIRONMENT"]
PORT = int(os.environ.get("PORT", "8080"))

CLOCK_SKEW_SECONDS = 30
# The key decides about the algorithm; the header of a token never does (RFC 8725, section 3.1).
ALGORITHMS = {"EC": ["ES256"], "OKP": ["EdDSA"], "RSA": ["RS256"]}
# Members by which a token would bring its own key, or change how it is read. No access token has them.
FOREIGN_HEADERS = {"jwk", "jku", "x5u", "x5c", "crit", "b64", "cty", "zip", "enc"}
REQUIRED_CLAIMS = ["iss", "sub", "client_id", "aud", "exp", "iat", "jti", "scope", "environment"]


class Refusal(Exception):
    """A refused call, with all that its answer says."""

    def __init__(self, status, detail, error=None, **parameters):
        super().__init__(detail)
        self.status, self.detail, self.error, self.parameters = status, detail, error, parameters


class KeysAway(Exception):
    """The keys could not be fetched: neither yes nor no."""


class PublishedKeys(jwt.PyJWKClient):
    """The issuer's keys: kept for five minutes, fetched at most once in 30 s, whatever key ids callers make up."""

    COOLDOWN_SECONDS = 30

    def __init__(self, uri):
        super().__init__(uri, lifespan=300)
        self._lock, self._fetched_at, self._last = Lock(), None, None

    def fetch_data(self):
        with self._lock:
            now = time.monotonic()
            if self._fetched_at is None or now - self._fetched_at >= self.COOLDOWN_SECONDS:
                self._fetched_at = now
                try:
                    self._last = super().fetch_data()
                except Exception as error:
                    raise KeysAway from error
            if self._last is None:
                raise KeysAway
            return self._last


published_keys = PublishedKeys(ISSUER + "/jwks")


def token_of(authorization):
    """The token of the request: the Authorization header alone, and one of it (RFC 6750, section 2)."""
    if not authorization or not authorization[0].strip():
        raise Refusal(401, "No access token in the request. Send Authorization: Bearer TOKEN.")
    if len(authorization) > 1:
        raise Refusal(400, "The request has more than one Authorization header.", "invalid_request")
    found = re.fullmatch(r"bearer +([A-Za-z0-9\-._~+/]+=*) *", authorization[0], re.IGNORECASE)
    if not found:
        raise Refusal(401, "The Authorization header holds no bearer token.", "invalid_token")
    return found[1]


def verify(token):
    """The claims of a good token. Raises Refusal for every other one."""
    try:
        header = jwt.get_unverified_header(token)
        # RFC 9068, section 4: an id token or any other JWT of the issuer is no access token.
        if str(header.get("typ")).lower() not in ("at+jwt", "application/at+jwt") or FOREIGN_HEADERS & header.keys():
            raise Refusal(401, "The token is not an access token.", "invalid_token")
        key = published_keys.get_signing_key_from_jwt(token)
        claims = jwt.decode(
            token,
            key.key,
            algorithms=ALGORITHMS.get(key.key_type, []),
            issuer=ISSUER,
            audience=AUDIENCE,
            leeway=CLOCK_SKEW_SECONDS,
            options={"require": REQUIRED_CLAIMS},
        )
    except jwt.ExpiredSignatureError:
        raise Refusal(401, "The token expired. Request a new one.", "invalid_token") from None
    except (jwt.PyJWTError, ValueError):
        raise Refusal(401, "The token is not one that this API accepts.", "invalid_token") from None
    # The environment is sealed in twice, by audience and by claim; both must say the same.
    if claims["environment"] != ENVIRONMENT or not isinstance(claims["scope"], str):
        raise Refusal(401, f"This API accepts {ENVIRONMENT} tokens only.", "invalid_token")
    if "cnf" in claims:
        raise Refusal(401, "The token is bound to its holder, which this API does not check.", "invalid_token")
    return claims


def require(headers, scope):
    """Lets a call pass that has a token with this scope. Returns its claims."""
    claims = verify(token_of(headers.get_all("Authorization")))
    if scope not in claims["scope"].split(" "):
        raise Refusal(403, f"This call needs {scope}. Add the scope to the client, then request a new token.",
                      "insufficient_scope", scope=scope)
    return claims


class Orders(BaseHTTPRequestHandler):
    def do_GET(self):
        try:
            claims = require(self.headers, "orders_read")
            self.answer(200, {"orders": [], "clientId": claims["client_id"]})
        except Refusal as refusal:
            self.refuse(refusal)
        except KeysAway:
            detail = "The token cannot be checked now. Retry after the time in Retry-After."
            self.answer(503, {"status": 503, "detail": detail}, {"Retry-After": "30"})

    def refuse(self, refusal):
        parameters = {"realm": "orders", **refusal.parameters}
        if refusal.error:
            parameters = {**parameters, "error": refusal.error, "error_description": refusal.detail}
        challenge = "Bearer " + ", ".join(f'{name}="{value}"' for name, value in parameters.items())
        problem = {"title": refusal.error or "No access token", "status": refusal.status, "detail": refusal.detail}
        self.answer(refusal.status, problem, {"WWW-Authenticate": challenge})

    def answer(self, status, body, headers=None):
        text = json.dumps(body).encode()
        kind = "application/json" if status < 400 else "application/problem+json"
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Cache-Control": "no-store", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        """No log line holds what a caller sent."""


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", PORT), Orders)
    print(f"Listening on http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
