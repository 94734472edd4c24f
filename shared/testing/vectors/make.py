#!/usr/bin/env python3
"""Computes signatures.json, the table every signature verifier of this repository is held against.

Every HMAC is computed twice, by Python's hmac module and by the openssl command line. None of our own
code takes part, so a mistake in our verifier cannot hide in its own expectations.

  make.py           recompute and compare with the committed file (exit 1: the rows that differ are named)
  make.py --write   write the file

Exit 2: openssl is missing, the two implementations disagree, or a row contradicts its own verdict.
Needs Python 3.9 or newer and openssl on the PATH; nothing else.
"""

import argparse
import base64
import hashlib
import hmac
import json
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

FILE = Path(__file__).resolve().parent / "signatures.json"

VERDICTS = ("ok", "no_secret", "no_body", "no_header", "malformed", "mismatch", "stale")
TOLERANCE = 300  # seconds, both ways


class CannotCompute(Exception):
    """The table cannot be trusted; nothing is compared or written."""


# --- The two implementations ---------------------------------------------------------------------

_cache = {}


def by_python(key, message):
    return hmac.new(key, message, hashlib.sha256).hexdigest()


def by_openssl(key, message):
    # HMAC pads a short key with zero bytes, so one zero byte is the same key as none at all. openssl
    # refuses an empty hexkey.
    command = ["openssl", "dgst", "-sha256", "-mac", "HMAC", "-macopt", f"hexkey:{(key or bytes(1)).hex()}"]
    try:
        done = subprocess.run(command + ["-binary"], input=message, capture_output=True, check=True)
    except FileNotFoundError:
        raise CannotCompute("openssl is not on the PATH; install it, it is the second opinion")
    except subprocess.CalledProcessError as error:
        raise CannotCompute(f"openssl failed: {error.stderr.decode(errors='replace').strip()}")
    return done.stdout.hex()


def mac(key, message):
    """HMAC-SHA256 in lower-case hex, agreed on by both implementations."""
    if (key, message) not in _cache:
        python, openssl = by_python(key, message), by_openssl(key, message)
        if python != openssl:
            raise CannotCompute(f"python says {python}, openssl says {openssl}, for {message[:60]!r}")
        _cache[key, message] = python
    return _cache[key, message]


def calibrate():
    """Holds both implementations against published answers (RFC 4231, test cases 2 and 6)."""
    published = [
        (
            b"Jefe",
            b"what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ),
        (
            b"\xaa" * 131,
            b"Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        ),
    ]
    for key, message, answer in published:
        if mac(key, message) != answer:
            raise CannotCompute("python and openssl agree with each other but not with RFC 4231")


# --- Bodies --------------------------------------------------------------------------------------


def utf8(text):
    return {"utf8": text}


def raw(data):
    return {"base64": base64.b64encode(data).decode()}


def repeat(text, times):
    return {"repeat": {"utf8": text, "times": times}}


def bytes_of(body):
    if "utf8" in body:
        return body["utf8"].encode()
    if "base64" in body:
        return base64.b64decode(body["base64"], validate=True)
    return body["repeat"]["utf8"].encode() * body["repeat"]["times"]


def sign(secret, t, body):
    """The documented signature: key = the secret's bytes, message = `<t>.<raw body>`."""
    return mac(secret.encode(), f"{t}.".encode() + bytes_of(body))


# --- The table -----------------------------------------------------------------------------------

T = 1779098700  # 2026-05-18T10:05:00Z
NOW = T * 1000
NEW = "test-signing-secret-new"
OLD = "test-signing-secret-old"
OTHER = "test-signing-secret-of-another-endpoint"

TEXT = (
    '{"id":"evt_01JVH6Q0Z8M4N2K7T5R3W9XYAB","type":"member.joined",'
    '"created_at":"2026-05-18T10:05:00Z","api_version":"2026-05-01",'
    '"project_id":"prj_01JVH6Q0Z8M4N2K7T5R3W9XYAC","data":{"amount":"29.00"}}'
)
BODY = utf8(TEXT)
EMPTY = utf8("")
FORGED = "0" * 64

rows = []


def row(name, verdict, why, *, header="", secrets=(NEW,), body=BODY, now=NOW):
    rows.append(
        {
            "name": name,
            "secrets": list(secrets),
            "header": header if header is None or isinstance(header, str) else list(header),
            "body": body,
            "now": now,
            "verdict": verdict,
            "why": why,
        }
    )


def signed(body=BODY, secret=NEW, t=T, version="v1"):
    return f"t={t},{version}={sign(secret, t, body)}"


def plain_rows():
    row("a delivery signed with the one secret is accepted", "ok", "the documented form", header=signed())
    row(
        "the known answer is accepted: secret \"secret\", time 1700000000, body {}",
        "ok",
        "small enough to check by hand: printf '1700000000.{}' | openssl dgst -sha256 -hmac secret",
        header="t=1700000000,v1=b8569b78799ff9e3cbff0fc2d63a33a2b57f3282abd07c37ae5e8e7d79a5f163",
        secrets=["secret"],
        body=utf8("{}"),
        now=1700000000000,
    )
    row(
        "time zero at time zero is accepted",
        "ok",
        "0 is a time like any other; a truthiness check would refuse it",
        header=signed(t=0),
        now=0,
    )


def body_rows():
    genuine = [
        ("emoji", utf8('{"name":"Ana \U0001f389\U0001f469\u200d\U0001f680"}'), "characters beyond the basic plane"),
        ("right-to-left text", utf8('{"name":"\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627"}'), "Hebrew and Arabic"),
        ("JSON escapes", utf8('{"name":"\\u00e9 \\/ \\n \\ud83c\\udf89"}'), "the escapes are bytes, not the characters they stand for"),
        ("CRLF line ends", utf8('{\r\n  "id": "evt_1"\r\n}\r\n'), "line ends must not be normalised"),
        ("a byte order mark", utf8('\ufeff{"id":"evt_1"}'), "decoding to text first would drop the mark"),
        ("bytes that are not UTF-8", raw(b'{"name":"\xff\xfe\xc3\x28\xed\xa0\x80"}'), "decoding to text first would replace the bytes"),
        ("a NUL byte", utf8('{"name":"a\u0000b"}'), "a C string would end here"),
        ("1 MiB", repeat("a", 1048576), "far beyond one hash block and one read of a stream"),
        ("a trailing newline", utf8(TEXT + "\n"), "the newline is part of what was signed"),
        ("only a space", utf8(" "), "one byte is a body; whether it is JSON is the next step's question"),
        ("a leading dot", utf8('.{"id":"evt_1"}'), "only the first dot ends the time"),
    ]
    for what, body, why in genuine:
        row(f"a signed body with {what} is accepted", "ok", why, header=signed(body), body=body)

    text = '{"name":"Zo\u00eb","ok":true}'
    changed = [
        ("one byte differs", BODY, utf8(TEXT.replace("29.00", "29.01")), "the amount was changed on the way"),
        ("the last byte is missing", BODY, utf8(TEXT[:-1]), "cut short"),
        ("a trailing newline was added", BODY, utf8(TEXT + "\n"), "an editor or a shell adds it"),
        ("a trailing newline was removed", utf8(TEXT + "\n"), BODY, "trimming changes the bytes"),
        ("it was re-serialised with spaces", BODY, utf8(json.dumps(json.loads(TEXT))), "the same JSON is not the same bytes"),
        ("its keys were reordered", utf8('{"a":1,"b":2}'), utf8('{"b":2,"a":1}'), "the same JSON is not the same bytes"),
        ("its escapes were decoded", utf8('{"name":"Zo\\u00eb"}'), utf8('{"name":"Zo\u00eb"}'), "what parsing and writing again does"),
        ("its unicode was normalised", utf8(text), utf8(unicodedata.normalize("NFD", text)), "it looks the same and is not"),
        ("CRLF became LF", utf8('{\r\n}\r\n'), utf8("{\n}\n"), "text mode does this"),
        ("its byte order mark was dropped", utf8('\ufeff{"id":"evt_1"}'), utf8('{"id":"evt_1"}'), "text decoders do this"),
        (
            "invalid bytes became replacement characters",
            raw(b'{"name":"\xff"}'),
            utf8('{"name":"\ufffd"}'),
            "what decoding to text and encoding again does",
        ),
        ("1 MiB lost its last byte", repeat("a", 1048576), repeat("a", 1048575), "a body limit cut it"),
    ]
    for what, was, now_is, why in changed:
        row(f"a body is refused when {what}", "mismatch", why, header=signed(was), body=now_is)

    row("an empty body is refused even when signed", "no_body", "there is no event in it", header=signed(EMPTY), body=EMPTY)


def rotation_rows():
    right = sign(NEW, T, BODY)
    sets = {"old": [OLD], "new": [NEW], "old and new": [OLD, NEW], "new and old": [NEW, OLD]}
    t, v1, v0 = f"t={T}", f"v1={right}", f"v0={sign(OLD, T, BODY)}"
    orders = [(t, v1), (v1, t), (t, v0, v1), (t, v1, v0), (v0, t, v1), (v1, t, v0), (v0, v1, t), (v1, v0, t)]
    for parts in orders:
        order = ",".join(part.split("=")[0] for part in parts)
        for held, secrets in sets.items():
            good = NEW in secrets or v0 in parts
            row(
                f"rotation: a header {order} is {'accepted' if good else 'refused'} by who holds {held}",
                "ok" if good else "mismatch",
                "v1 is signed with the new secret" + (", v0 with the old one" if v0 in parts else " only"),
                header=",".join(parts),
                secrets=secrets,
            )
        if v0 in parts:
            row(
                f"rotation: a header {order} is refused by who holds neither secret",
                "mismatch",
                "both signatures are tried and neither fits",
                header=",".join(parts),
                secrets=[OTHER],
            )
    before = f"{t},v1={sign(OLD, T, BODY)}"
    row("before rotation: v1 by the old secret is accepted by who holds both", "ok", "the new secret is deployed first", header=before, secrets=[NEW, OLD])
    row("before rotation: v1 by the old secret is refused by who holds only the new", "mismatch", "the old secret was dropped too early", header=before)
    row("v0 alone is accepted", "ok", "either version may match", header=f"{t},{v0}", secrets=[OLD])
    row(
        "v0 by the new secret and v1 by the old one are accepted",
        "ok",
        "every secret is tried against both versions",
        header=f"{t},v1={sign(OLD, T, BODY)},v0={right}",
    )
    row("a forged v1 beside a good v0 is accepted", "ok", "either may match", header=f"{t},v1={FORGED},{v0}", secrets=[OLD])
    row("a forged v0 beside a good v1 is accepted", "ok", "either may match", header=f"{t},v0={FORGED},{v1}")
    row("both versions forged are refused", "mismatch", "none fits", header=f"{t},v0={FORGED},v1={'f' * 64}", secrets=[OLD, NEW])


def header_form_rows():
    right = sign(NEW, T, BODY)
    t, v1 = f"t={T}", f"v1={right}"
    row("the first of two v1 may match", "ok", "any may match", header=f"{t},{v1},v1={FORGED}")
    row("the last of two v1 may match", "ok", "any may match", header=f"{t},v1={FORGED},{v1}")
    row("the last of two v0 may match", "ok", "any may match", header=f"{t},v0={FORGED},v0={right}")
    row("the same v1 twice is accepted", "ok", "any may match", header=f"{t},{v1},{v1}")
    row("an unknown v2 is ignored", "ok", "a later scheme must not break this one", header=f"{t},v2=anything,{v1}")
    row("an unknown word without a value is ignored", "ok", "it says nothing we read", header=f"{t},flag,{v1}")
    row("a trailing comma is ignored", "ok", "an empty part says nothing", header=f"{t},{v1},")
    row("spaces around the parts are ignored", "ok", "lists in headers are often written so", header=f" {t} ,  {v1} ")
    row("a good signature under v2 alone is malformed", "malformed", "no v1 and no v0 is present", header=f"{t},v2={right}")
    row("a good signature under v11 is malformed", "malformed", "v11 is not v1", header=f"{t},v11={right}")
    row("a good signature under V1 is malformed", "malformed", "names are lower-case as documented", header=f"{t},V1={right}")
    row("a good signature under another mark is malformed", "malformed", "a receiver may put a mark of its own in the place of v1, and nobody else may", header=f"{t},!={right}")
    row("parts split by semicolons are malformed", "malformed", "the time would be everything after t=", header=f"{t};{v1}")
    row("the same t twice is accepted", "ok", "it says the same thing twice", header=f"{t},{t},{v1}")
    later = f"t={T + 1}"
    row("two different t are malformed, the signed one first", "malformed", "which one is meant cannot be known", header=f"{t},{later},{v1}")
    row("two different t are malformed, the signed one last", "malformed", "which one is meant cannot be known", header=f"{later},{t},{v1}")
    row("a good t beside an empty t is malformed", "malformed", "they differ", header=f"{t},t=,{v1}")
    row("the same t written in two ways is malformed", "malformed", "the text is signed, and the texts differ", header=f"{t},t=00{T},{v1}")
    row(
        "an old signed t cannot be renewed by a second t",
        "malformed",
        "a replay with a fresh time added",
        header=f"t={T - 3600},{t},v1={sign(NEW, T - 3600, BODY)}",
    )
    row("a header without t is malformed", "malformed", "the signed text cannot be rebuilt", header=v1)
    row("a header with t alone is malformed", "malformed", "there is no signature in it", header=t)
    row("a header of junk is malformed", "malformed", "neither time nor signature", header="Bearer abc.def.ghi")
    row("a bare hex signature is malformed", "malformed", "there is no time and no name", header=right)
    row("ten thousand commas are malformed", "malformed", "and answered at once", header="," * 10000)

    row("no header at all is refused", "no_header", "an unsigned request", header=None)
    row("an empty header is refused", "no_header", "as good as none", header="")
    row("a header of whitespace is refused", "no_header", "as good as none", header=" \t ")
    row("an empty list of headers is refused", "no_header", "as good as none", header=[])
    row("a list with one empty header is refused", "no_header", "its one element is the header", header=[""])
    row("a list with one good header is accepted", "ok", "some servers hand over lists", header=[f"{t},{v1}"])
    row("a list with one forged header is refused", "mismatch", "its one element is the header", header=[f"{t},v1={FORGED}"])
    row("two headers are malformed, the good one first", "malformed", "someone on the way added one", header=[f"{t},{v1}", f"{t},v1={FORGED}"])
    row("two headers are malformed, the good one last", "malformed", "someone on the way added one", header=[f"{t},v1={FORGED}", f"{t},{v1}"])
    row("two equal headers are malformed", "malformed", "exactly one is expected", header=[f"{t},{v1}", f"{t},{v1}"])
    row("one header split into two lines is malformed", "malformed", "the lines are not joined", header=[t, v1])


def time_rows():
    right = sign(NEW, T, BODY)
    for age, verdict in [(-301, "stale"), (-300, "ok"), (-299, "ok"), (0, "ok"), (299, "ok"), (300, "ok"), (301, "stale")]:
        when = "from now" if age == 0 else f"{abs(age)} s in the {'past' if age > 0 else 'future'}"
        row(
            "a time of exactly now is accepted" if age == 0 else f"a time {when} is {'accepted' if verdict == 'ok' else 'stale'}",
            verdict,
            "300 seconds are allowed both ways, both ends included",
            header=signed(),
            now=(T + age) * 1000,
        )
    edges = [
        ("300.999 s in the past is accepted", "ok", (T + 300) * 1000 + 999, "now is floored to the second"),
        ("300.001 s in the past is accepted", "ok", (T + 300) * 1000 + 1, "now is floored to the second"),
        ("301.999 s in the past is stale", "stale", (T + 301) * 1000 + 999, "floored to 301"),
        ("299.001 s in the future is accepted", "ok", (T - 300) * 1000 + 999, "floored to 300"),
        ("300.001 s in the future is stale", "stale", (T - 300) * 1000 - 1, "floored to 301, where cutting towards zero would say 300"),
        ("300.999 s in the future is stale", "stale", (T - 301) * 1000 + 1, "floored to 301"),
    ]
    for what, verdict, now, why in edges:
        row(f"a time {what}", verdict, why, header=signed(), now=now)
    row("a time ten years ahead is stale", "stale", "the future is bounded too", header=signed(t=T + 315360000))
    row("a time a day old is stale", "stale", "a genuine delivery replayed", header=signed(t=T - 86400))
    row("a time in milliseconds is malformed", "malformed", "13 digits; the unit is seconds", header=signed(t=NOW))
    row("a time of 12 digits far ahead is stale when signed", "stale", "well formed, signed, and not now", header=signed(t=999999999999))
    row("a time of 12 digits far ahead is a mismatch when forged", "mismatch", "the signature is compared first", header=f"t=999999999999,v1={FORGED}")
    row("a time padded to 12 digits is accepted as signed", "ok", "the text of t is what was signed", header=signed(t=f"00{T}"))
    row("a time padded after signing is refused", "mismatch", "the text of t is what was signed", header=f"t=00{T},v1={right}")

    # Signed over the very text they carry, so that nothing but the shape of t can refuse them.
    malformed = [
        ("empty", ""),
        ("negative", f"-{T}"),
        ("with a plus sign", f"+{T}"),
        ("decimal", f"{T}.0"),
        ("in hexadecimal", hex(T)),
        ("in exponent form", "1e9"),
        ("followed by junk", f"{T}junk"),
        ("followed by a second word", f"{T} 1"),
        ("with an equals sign in it", f"{T}={T}"),
        ("in other digits", "".join(chr(0xFF10 + int(digit)) for digit in str(T))),
        ("padded to 13 digits", f"000{T}"),
        ("of 20 digits", "99999999999999999999"),
        ("as a date", "2026-05-18T10:05:00Z"),
        ("as NaN", "NaN"),
    ]
    for what, t in malformed:
        row(f"a time {what} is malformed, although signed", "malformed", "t is one to twelve digits 0-9", header=signed(t=t))
    row("a signature made for another time is refused", "mismatch", "the time is part of what is signed", header=f"t={T},v1={sign(NEW, T - 60, BODY)}")


def value_rows():
    right = sign(NEW, T, BODY)
    t = f"t={T}"
    mixed = "".join(c.upper() if i % 2 else c for i, c in enumerate(right))
    row("upper-case hex is accepted", "ok", "bytes are compared, not letters", header=f"{t},v1={right.upper()}")
    row("mixed-case hex is accepted", "ok", "bytes are compared, not letters", header=f"{t},v1={mixed}")
    flipped = right[:-1] + ("1" if right[-1] == "0" else "0")
    start = ("1" if right[0] == "0" else "0") + right[1:]
    digest = bytes.fromhex(right)
    bad = [
        ("whose last digit differs", flipped, "the whole value is compared"),
        ("whose first digit differs", start, "the whole value is compared"),
        ("of zeros", FORGED, "right shape, wrong value"),
        ("that is empty", "", "a v1 without a value is no candidate"),
        ("of 63 digits", right[:-1], "not exactly 64"),
        ("of 65 digits", right + "0", "hex decoders drop an odd last digit: 65 would pass for 64"),
        ("of 66 digits", right + "00", "not exactly 64"),
        ("of 128 digits", right + right, "not exactly 64"),
        ("of 2 digits", right[:2], "a prefix is not enough"),
        ("followed by letters that are not hex", right + "zz", "hex decoders stop at the first wrong letter"),
        ("with one letter that is not hex", right[:-1] + "g", "not hex"),
        ("followed by an equals sign", right + "=", "the value is everything after the first ="),
        ("in quotes", f'"{right}"', "not hex"),
        ("with 0x in front", "0x" + right, "not hex"),
        ("with sha256= in front", "sha256=" + right, "another vendor's form"),
        ("with a space inside", right[:32] + " " + right[32:], "not hex"),
        ("in base64", base64.b64encode(digest).decode(), "the form is hex"),
        ("in unpadded base64url", base64.urlsafe_b64encode(digest).decode().rstrip("="), "the form is hex"),
    ]
    for what, value, why in bad:
        row(f"a v1 {what} is refused", "mismatch", why, header=f"{t},v1={value}")
    row("an ill-formed v1 does not hide a good v0", "ok", "only that value is skipped", header=f"{t},v1=zz,v0={right}")
    row("an ill-formed v1 does not hide a good v1", "ok", "only that value is skipped", header=f"{t},v1=,v1={right}")

    message = bytes_of(BODY)
    key = NEW.encode()
    row("a signature of the body alone is refused", "mismatch", "the time is part of what is signed", header=f"{t},v1={mac(key, message)}")
    row("a signature joined by a colon is refused", "mismatch", "time and body are joined by a dot", header=f"{t},v1={mac(key, f'{T}:'.encode() + message)}")
    row("a plain SHA-256 of the text is refused", "mismatch", "anyone can compute it", header=f"{t},v1={hashlib.sha256(f'{T}.'.encode() + message).hexdigest()}")
    row("key and message swapped are refused", "mismatch", "the secret is the key", header=f"{t},v1={mac(f'{T}.'.encode() + message, key)}")


def secret_rows():
    row("a signature by another endpoint's secret is refused", "mismatch", "genuine, but not for us", header=signed(secret=OTHER))
    row("a secret in the wrong case is refused", "mismatch", "the secret is used exactly as given", header=signed(), secrets=[NEW.upper()])
    row("no secrets at all are refused", "no_secret", "there is nothing to check with", header=signed(), secrets=[])
    blank = [("empty", ""), ("one space", " "), ("whitespace", " \t\r\n "), ("a no-break space", "\u00a0")]
    for what, secret in blank:
        row(
            f"a secret that is {what} is refused, even when it signed the delivery",
            "no_secret",
            "anyone can sign with it",
            header=signed(secret=secret),
            secrets=[secret],
        )
    row("several blank secrets are refused", "no_secret", "none is left to check with", header=signed(secret=""), secrets=["", "  ", "\n"])
    row("an empty secret beside a good one is skipped", "ok", "the slot for the old secret is often empty", header=signed(), secrets=["", NEW])
    row("an empty secret after a good one is skipped", "ok", "the slot for the old secret is often empty", header=signed(), secrets=[NEW, ""])
    row("an empty secret beside a good one signs nothing", "mismatch", "skipped, not tried: anyone can sign with it", header=signed(secret=""), secrets=["", NEW])
    row("a blank secret beside a good one signs nothing", "mismatch", "skipped, not tried: anyone can sign with it", header=signed(secret="  "), secrets=[NEW, "  "])
    row("an empty secret beside a wrong one is refused as a mismatch", "mismatch", "there was a secret to check with", header=signed(), secrets=["", OTHER])

    good = [
        ("in unicode", "gehe\u00efm-\u043a\u043b\u044e\u0447-\u9375-\U0001f511", "its UTF-8 bytes are the key"),
        ("of one character", "x", "its length is not ours to judge"),
        ("of 64 bytes", "k" * 64, "exactly one hash block"),
        ("of 65 bytes", "k" * 65, "longer keys are hashed first"),
        ("of 300 bytes", "long-" * 60, "longer keys are hashed first"),
        ("with a trailing space", NEW + " ", "used exactly as given"),
        ("with a leading space", " " + NEW, "used exactly as given"),
        ("with a whsec_ prefix", "whsec_dGVzdC1zaWduaW5nLXNlY3JldA==", "the prefix is part of the key and nothing is decoded"),
        ("that looks like hex", "00112233445566778899aabbccddeeff", "the text is the key, not what it encodes"),
    ]
    for what, secret, why in good:
        row(f"a secret {what} is accepted", "ok", why, header=signed(secret=secret), secrets=[secret])

    wrong = [
        ("with a trailing space added", NEW, NEW + " ", "nothing is trimmed: the bytes differ"),
        ("with a trailing newline added", NEW, NEW + "\n", "nothing is trimmed: the bytes differ"),
        ("with its trailing space lost", NEW + " ", NEW, "nothing is trimmed: the bytes differ"),
        ("in another unicode form", "cl\u00e9-secr\u00e8te", unicodedata.normalize("NFD", "cl\u00e9-secr\u00e8te"), "the bytes differ"),
        ("without its prefix", "whsec_abcdef", "abcdef", "the prefix is part of the key"),
        ("cut at 64 bytes", "long-" * 60, ("long-" * 60)[:64], "the whole key counts"),
    ]
    for what, signer, held, why in wrong:
        row(f"a secret {what} is refused", "mismatch", why, header=signed(secret=signer), secrets=[held])


def order_rows():
    row("no secret is said before no body and no header", "no_secret", "the first thing to mend", header=None, secrets=[], body=EMPTY)
    row("no secret is said before malformed", "no_secret", "the first thing to mend", header="junk", secrets=[" "])
    row("no body is said before no header", "no_body", "second in order", header=None, body=EMPTY)
    row("no body is said before malformed", "no_body", "second in order", header="junk", body=EMPTY)
    row("malformed is said before mismatch, for a bad t", "malformed", "the text to compare cannot be rebuilt", header=f"t=soon,v1={FORGED}")
    row("malformed is said before mismatch, for two t and ill-formed values", "malformed", "the text to compare cannot be rebuilt", header=f"t={T},t={T + 1},v1=zz")
    row("a forged old delivery is a mismatch, not stale", "mismatch", "stale is only said of a genuine delivery", header=f"t={T - 3600},v1={FORGED}")
    row("a forged future delivery is a mismatch, not stale", "mismatch", "stale is only said of a genuine delivery", header=f"t={T + 3600},v1={FORGED}")
    row("an old delivery with only ill-formed values is a mismatch", "mismatch", "stale is only said of a genuine delivery", header=f"t={T - 3600},v1=")
    row(
        "an old delivery signed for rotation is stale by its v0 alone",
        "stale",
        "genuine by the old secret, and old",
        header=f"t={T - 3600},v0={sign(OLD, T - 3600, BODY)},v1={sign(NEW, T - 3600, BODY)}",
        secrets=[OLD],
    )


# --- Guards --------------------------------------------------------------------------------------


def guard(made):
    """Refuses rows that contradict their verdict: a genuine signature is in the header of every `ok` and
    `stale` row and of no `mismatch` row, and the age parts `ok` from `stale`. Without this, a slip in the
    table above would become the truth for every verifier."""
    names = [r["name"] for r in made]
    for r in made:
        name, verdict = r["name"], r["verdict"]
        if names.count(name) > 1:
            raise CannotCompute(f"two rows are named: {name}")
        if verdict not in VERDICTS:
            raise CannotCompute(f"{name}: unknown verdict {verdict}")
        if verdict not in ("ok", "stale", "mismatch"):
            continue
        header = r["header"] if isinstance(r["header"], str) else r["header"][0]
        parts = [part.strip().partition("=") for part in header.split(",")]
        t = next(value for key, _, value in parts if key == "t")
        present = {
            value.lower()
            for key, _, value in parts
            if key in ("v0", "v1") and re.fullmatch("[0-9a-fA-F]{64}", value)
        }
        genuine = {sign(secret, t, r["body"]) for secret in r["secrets"] if secret.strip()}
        if bool(present & genuine) != (verdict in ("ok", "stale")):
            raise CannotCompute(f"{name}: says {verdict}, but the signatures say otherwise")
        if verdict != "mismatch" and (abs(r["now"] // 1000 - int(t)) <= TOLERANCE) != (verdict == "ok"):
            raise CannotCompute(f"{name}: says {verdict}, but the age says otherwise")


def make():
    calibrate()
    rows.clear()
    for part in (plain_rows, body_rows, rotation_rows, header_form_rows, time_rows, value_rows, secret_rows, order_rows):
        part()
    guard(rows)
    return rows


# --- File ----------------------------------------------------------------------------------------


def inline(value):
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(k)}: {inline(v)}" for k, v in value.items()) + " }"
    return json.dumps(value)


def layout(made):
    """The JSON text, as the repository's formatter would lay it out (tabs counted as 2, width 100), in ASCII:
    an invisible character in a test table must be seen."""
    lines = []
    for r in made:
        fields = []
        for key, value in r.items():
            text = f'"{key}": {inline(value)}'
            if len(text) + len("\t\t,") + 2 > 100 and isinstance(value, dict):
                inner = ",\n".join(f"\t\t\t{json.dumps(k)}: {inline(v)}" for k, v in value.items())
                text = f'"{key}": {{\n{inner}\n\t\t}}'
            elif len(text) + len("\t\t,") + 2 > 100 and isinstance(value, list):
                inner = ",\n".join(f"\t\t\t{inline(v)}" for v in value)
                text = f'"{key}": [\n{inner}\n\t\t]'
            fields.append(f"\t\t{text}")
        lines.append("\t{\n" + ",\n".join(fields) + "\n\t}")
    return "[\n" + ",\n".join(lines) + "\n]\n"


def compare(made):
    """Names every row that differs; an empty list means the committed file is right."""
    if not FILE.exists():
        return [f"{FILE.name} does not exist"]
    try:
        committed = json.loads(FILE.read_text(encoding="utf-8"))
    except ValueError as error:
        return [f"{FILE.name} is not JSON: {error}"]
    if not isinstance(committed, list) or not all(isinstance(r, dict) for r in committed):
        return [f"{FILE.name} is not a list of rows"]
    theirs = {r.get("name"): r for r in committed}
    ours = {r["name"]: r for r in made}
    found = [f"missing row: {name}" for name in ours if name not in theirs]
    found += [f"unknown row: {name}" for name in theirs if name not in ours]
    for name, r in ours.items():
        if name in theirs and theirs[name] != r:
            keys = [key for key in {**r, **theirs[name]} if r.get(key) != theirs[name].get(key)]
            found.append(f"row differs in {', '.join(keys)}: {name}")
    if not found and committed != made:
        found.append("the rows are the same, but repeated or in another order")
    return found


def main():
    parser = argparse.ArgumentParser(
        description="Recompute the signature vectors with Python's hmac and the openssl command line, and"
        " compare them with the committed signatures.json.",
        epilog="Exit codes: 0 same (or written), 1 the committed file differs, 2 nothing could be computed.",
    )
    parser.add_argument("--write", action="store_true", help="write signatures.json instead of comparing")
    arguments = parser.parse_args()
    try:
        made = make()
    except CannotCompute as error:
        print(f"make.py: {error}. Nothing was {'written' if arguments.write else 'compared'}.", file=sys.stderr)
        return 2
    count = f"{len(made)} rows, {len(_cache)} HMACs computed by python and by openssl alike"
    if arguments.write:
        FILE.write_bytes(layout(made).encode("ascii"))
        print(f"Wrote {FILE.name}: {count}.")
        return 0
    found = compare(made)
    for line in found:
        print(line, file=sys.stderr)
    if found:
        print(f"{FILE.name} is not what make.py computes. If the table changed on purpose: make.py --write", file=sys.stderr)
        return 1
    print(f"{FILE.name} is right: {count}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
