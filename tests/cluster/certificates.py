"""Certificates for tests: an authority, and what it vouches for."""

from __future__ import annotations

import datetime
import ipaddress
from pathlib import Path
from typing import Any

import pytest
from heavywater.cluster.tls import Tls

x509 = pytest.importorskip("cryptography.x509", reason="pip install cryptography")
from cryptography.hazmat.primitives import hashes, serialization  # noqa: E402  only where it is installed
from cryptography.hazmat.primitives.asymmetric import ec  # noqa: E402

LONG = datetime.timedelta(days=2)


def write(folder: Path, name: str, host: str = "127.0.0.1", vouched_by: str | None = None) -> Tls:
    """Files of a certificate in a folder: ``NAME.pem``, ``NAME.key``, and of the one who vouches for it (itself by default)."""
    key: Any = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    issuer, signing = subject, key
    if vouched_by is not None:
        issuer = x509.load_pem_x509_certificate((folder / f"{vouched_by}.pem").read_bytes()).subject
        signing = serialization.load_pem_private_key((folder / f"{vouched_by}.key").read_bytes(), None)
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - LONG)
        .not_valid_after(now + LONG)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))]), False)
        .add_extension(x509.BasicConstraints(ca=vouched_by is None, path_length=None), True)
        .sign(signing, hashes.SHA256())
    )
    (folder / f"{name}.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / f"{name}.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    authority = str(folder / f"{vouched_by or name}.pem")
    return Tls(authority, str(folder / f"{name}.pem"), str(folder / f"{name}.key"))
