import hashlib
import hmac
import re
import time


def verify(secrets, header, body, now=None):
    """True only for a delivery signed with one of your secrets in the last five minutes.

    secrets: list of str, one or the old and the new one during a rotation
    header:  value of MP-Signature, or None
    body:    the raw bytes, before any parsing
    now:     unix seconds
    """
    now = int(time.time()) if now is None else now
    usable = [secret for secret in secrets if secret.strip()]
    if not usable or not header or not body:
        return False

    times, signatures = set(), []
    for part in header.split(","):
        name, _, value = part.partition("=")
        if name.strip() == "t":
            times.add(value.strip())
        elif name.strip() in ("v1", "v0"):
            signatures.append(value.strip())
    if len(times) != 1:
        return False
    (signed,) = times
    if not re.fullmatch(r"[0-9]{1,12}", signed) or abs(now - int(signed)) > 300:
        return False

    matched = False
    for secret in usable:
        message = signed.encode() + b"." + body
        expected = hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()
        for signature in signatures:
            if not re.fullmatch(r"[0-9a-fA-F]{64}", signature):
                continue
            if hmac.compare_digest(signature.lower(), expected):
                matched = True
    return matched
