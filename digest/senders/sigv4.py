"""Signature Version 4: how requests to AWS are signed.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html. Thirty lines of
HMAC in place of botocore: that has 16 MB of service descriptions, of which SES would need one request.
"""

from __future__ import annotations

import hashlib
import hmac
from time import gmtime, strftime
from urllib.parse import quote, urlsplit

from digest.settings import Secret


def signed(
    method: str,
    url: str,
    body: bytes,
    *,
    region: str,
    service: str,
    access_key: str,
    secret_key: Secret,
    session_token: Secret,
    at: float,
) -> dict[str, str]:
    """The header fields that sign a request without a query, as of *at* (Unix time)."""
    parts = urlsplit(url)
    stamp = strftime("%Y%m%dT%H%M%SZ", gmtime(at))
    scope = f"{stamp[:8]}/{region}/{service}/aws4_request"
    fields = {"content-type": "application/json", "host": parts.netloc, "x-amz-date": stamp}
    if session_token:
        fields["x-amz-security-token"] = session_token.reveal()
    names = ";".join(fields)
    request = "\n".join(
        [
            method,
            quote(parts.path or "/", safe="/-_.~"),
            "",
            *(f"{name}:{value}" for name, value in fields.items()),
            "",
            names,
            hashlib.sha256(body).hexdigest(),
        ]
    )
    digest = hashlib.sha256(request.encode()).hexdigest()
    key = f"AWS4{secret_key.reveal()}".encode()
    for word in (stamp[:8], region, service, "aws4_request"):
        key = hmac.digest(key, word.encode(), "sha256")
    signature = hmac.digest(key, f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{digest}".encode(), "sha256").hex()
    proof = f"Credential={access_key}/{scope}, SignedHeaders={names}, Signature={signature}"
    return {**fields, "authorization": f"AWS4-HMAC-SHA256 {proof}"}
