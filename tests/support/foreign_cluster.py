"""A cluster of Dask that is somebody else's: started as by hand, where nothing of Thaw can be imported."""

from __future__ import annotations

import datetime
import os
import re
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

if TYPE_CHECKING:
    from pathlib import Path

HOST = "127.0.0.2"
"""Of this machine, and yet not the address that programs here call themselves by."""

START_S = 60.0
QUIET = {"DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "false"}


class ForeignCluster:
    """A scheduler and its workers; a context manager.

    Attributes:
        address: the scheduler's.
        workers: the processes of the workers.
    """

    def __init__(
        self, folder: Path, *, workers: int = 1, threads: int = 2, host: str = HOST, flags: tuple[str, ...] = ()
    ):
        self._folder, self._threads, self._host, self._flags = folder, threads, host, flags
        self._count = 0
        scheme = "tls" if flags else "tcp"
        self.scheduler = self._start("scheduler", "--port", "0", *([f"--protocol={scheme}"] if flags else []))
        self.address = self._wait(self.scheduler, rf"Scheduler at:\s+({scheme}://\S+)")
        self.workers: list[subprocess.Popen[bytes]] = []
        for _ in range(workers):
            self.add_worker()
        self.wait_for_workers()

    def add_worker(self, host: str = "") -> subprocess.Popen[bytes]:
        self._count += 1
        started = self._start(
            "worker",
            self.address,
            "--no-nanny",
            f"--nthreads={self._threads}",
            f"--local-directory={self._folder}",
            host=host,
        )
        self.workers.append(started)
        return started

    def wait_for_workers(self) -> None:
        for worker in self.workers:
            self._wait(worker, r"(Registered to):")

    def _start(self, what: str, *arguments: str, host: str = "") -> subprocess.Popen[bytes]:
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("DASK", "PYTHONPATH"))
        }
        command = [
            sys.executable,
            "-P",
            "-m",
            "dask",
            what,
            *arguments,
            "--host",
            host or self._host,
            "--no-dashboard",
        ]
        log = self._folder / f"{what}-{self._count}.log"
        with log.open("wb") as out:
            started = subprocess.Popen(
                [*command, f"--dashboard-address={host or self._host}:0", *self._flags],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                cwd=self._folder,
                env={**environment, **QUIET},
            )
        started.log = log  # type: ignore[attr-defined]
        return started

    def _wait(self, process: subprocess.Popen[bytes], pattern: str) -> str:
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline and process.poll() is None:
            found = re.search(pattern, process.log.read_text(errors="replace"))  # type: ignore[attr-defined]
            if found is not None:
                return found[1]
            time.sleep(0.02)
        raise AssertionError(process.log.read_text(errors="replace"))  # type: ignore[attr-defined]

    def __enter__(self) -> ForeignCluster:
        return self

    def __exit__(self, *error: object) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
        for process in (*self.workers, self.scheduler):
            process.wait()


ADAPTIVE = """
import asyncio, sys
from distributed import LocalCluster

async def main():
    async with LocalCluster(
        n_workers=0, threads_per_worker=1, processes=True, host=sys.argv[1], dashboard_address=None, asynchronous=True
    ) as cluster:
        cluster.adapt(minimum=0, maximum=2, interval="500ms")
        print("Scheduler at:", cluster.scheduler_address, flush=True)
        await asyncio.to_thread(sys.stdin.read)

if __name__ == "__main__":
    asyncio.run(main())
"""


class AdaptiveCluster:
    """One that starts workers when there is work, and ends them; a context manager that has its scheduler's address."""

    def __init__(self, folder: Path) -> None:
        script = folder / "adaptive.py"
        script.write_text(ADAPTIVE)
        self._process = subprocess.Popen(
            [sys.executable, "-P", str(script), HOST],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env={**os.environ, **QUIET},
            text=True,
        )

    def __enter__(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().rpartition(" ")[2].strip()

    def __exit__(self, *error: object) -> None:
        self._process.communicate()  # its input ends


def temporary_certificate(folder: Path) -> tuple[Path, Path]:
    """Make a certificate that is its own authority; returns its file and its key's."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "dask")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    cert_file, key_file = folder / "cert.pem", folder / "key.pem"
    cert_file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return cert_file, key_file
