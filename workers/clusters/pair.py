"""A certificate and its key, made for one cluster on this machine: who has not both is not let in, nor believed.

What listens on the loopback can be reached by everybody who has an account here, and a scheduler runs what it is sent.
So all members of the cluster, and the program, show each other this certificate (TLS, both ways). It lies in a file
that its owner alone may read.
"""

from __future__ import annotations

import datetime
import os
from typing import Any

FILE = "pair.pem"
LASTS = datetime.timedelta(days=3650)
A_DAY = datetime.timedelta(days=1)


def write_pair(folder: str) -> str:
    """Make a pair, and write both into a file of this folder; returns its path."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Thaw's cluster on this machine")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - A_DAY)  # a clock may be set back
        .not_valid_after(now + LASTS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)  # its own authority
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    path = os.path.join(folder, FILE)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
        file.write(certificate.public_bytes(pem))
    return path


def as_members(path: str) -> Any:
    """How a member of the cluster, or a client, is to show itself and to look at others; raises OSError for no file."""
    import distributed

    security: Any = distributed.Security
    sides = ("client", "scheduler", "worker")
    shown = {f"tls_{side}_{what}": path for side in sides for what in ("cert", "key")}
    # What a person has set up for other clusters counts for none of it.
    return security(require_encryption=True, tls_ca_file=path, tls_ciphers=None, tls_min_version=None, **shown)
