"""Personal fields sealed, persons found again by keyed hashes; the keys come from the environment.

SAWT_SECRET_KEY never touches data itself: it wraps one random data key, kept in the database.  So the secret
can be changed (`rewrap`) without touching a row, and keyed hashes go on matching afterwards.
"""

import hashlib
import hmac
import os
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12  # bytes, NIST SP 800-38D


class WrongKey(Exception):
    """This secret did not seal that."""


def wrapping_key(secret: str) -> bytes:
    """The 32-byte key that a secret from the environment stands for (scrypt, RFC 7914: about 50 ms)."""
    return hashlib.scrypt(secret.encode(), salt=b"sawt wrapping key", n=2**14, r=8, p=1, dklen=32)


def encrypt(key: bytes, clear: bytes) -> bytes:
    """AES-256-GCM: nonce, then ciphertext with its tag."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, clear, None)


def decrypt(key: bytes, sealed: bytes) -> bytes:
    """The clear bytes, or WrongKey."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], None)
    except InvalidTag as error:
        raise WrongKey from error


class Vault:
    """Seals, opens and recognises, under the installation's data key."""

    def __init__(self, data_key: bytes):
        self._aead = AESGCM(_derive(data_key, "seal"))
        self._hash_key = _derive(data_key, "recognise")

    def seal(self, value: Any) -> bytes:
        """Anything JSON, sealed."""
        nonce = os.urandom(_NONCE)
        return nonce + self._aead.encrypt(nonce, orjson.dumps(value), None)

    def open(self, sealed: bytes) -> Any:
        """What was sealed, or WrongKey."""
        try:
            return orjson.loads(self._aead.decrypt(sealed[:_NONCE], sealed[_NONCE:], None))
        except InvalidTag as error:
            raise WrongKey from error

    def seal_bytes(self, value: bytes) -> bytes:
        """A photo, a voice note, a document, sealed."""
        nonce = os.urandom(_NONCE)
        return nonce + self._aead.encrypt(nonce, value, b"bytes")

    def open_bytes(self, sealed: bytes) -> bytes:
        """What `seal_bytes` sealed, or WrongKey."""
        try:
            return self._aead.decrypt(sealed[:_NONCE], sealed[_NONCE:], b"bytes")
        except InvalidTag as error:
            raise WrongKey from error

    def recognise(self, purpose: str, value: str) -> str:
        """The same 32 hex digits for the same value and purpose; the value cannot be guessed without the key."""
        return keyed_hash(self._hash_key, f"{purpose}\0{value}")


def keyed_hash(key: bytes, value: str) -> str:
    """HMAC-SHA-256 cut to 128 bits, in hex."""
    return hmac.new(key, value.encode(), "sha256").hexdigest()[:32]


def _derive(key: bytes, purpose: str) -> bytes:
    return hmac.new(key, purpose.encode(), "sha256").digest()
