"""A broker and a Celery worker of Thaw's own on this machine, for who names no broker; kept from run to run.

The broker is a redis-server, where one is installed. It listens to a socket in a folder that only this user may enter,
and writes nothing to the disk. Without one, Celery's file system transport takes its place: messages are files, and
everybody looks for them twenty times a second, which is for trying only.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from ..catalog.user_names import without_ours
from ..utils.child import PRIVATE, private
from ..utils.errors import BadInput
from .address import REDIS, Broker

if TYPE_CHECKING:
    from ..engine.task import Control

SERVERS = ("redis-server", "valkey-server")
BEGIN = f"import json, sys; sys.path += json.loads(sys.argv.pop(1)); from {PRIVATE}.queues.app import app; app.worker_main(sys.argv[1:])"
QUICK = ("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING")
READY_S = 20.0
POLL_S = 0.05


def ready(workers: int, control: Control) -> Broker:
    global _own
    with _lock:
        if _own is not None and not _own.fits(workers):
            _own.close(); _own=None
        if _own is None:
            _own = Own(workers)
        return _own.broker


class Own:
    def __init__(self, workers):
        self.folder = Path(tempfile.mkdtemp(prefix="thaw-queue-"))
        self.workers = workers
        self.path = without_ours()
        self.server = None
        program = next(filter(None, map(shutil.which, SERVERS)), None)
        if program:
            sock = self.folder/"broker"
            self.server = subprocess.Popen([program, "--port", "0", "--unixsocket", str(sock), "--unixsocketperm", "700", "--save", "", "--appendonly", "no", "--dir", str(self.folder)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
            self.broker = Broker(f"redis+socket://{sock}", options=REDIS, is_ours=True)
            while True:
                try:
                    with socket.socket(socket.AF_UNIX) as s: s.connect(str(sock)); break
                except OSError: time.sleep(.01)
        else:
            raise BadInput("no redis")
        self.worker = subprocess.Popen(private(BEGIN, json.dumps(self.path), "worker", "--concurrency", str(workers), *QUICK), env={**os.environ, "CELERY_BROKER_URL": self.broker.url}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        from . import looking
        with looking.opened(self.broker) as queue:
            until = time.monotonic()+READY_S
            while not queue.ask("ping", 1):
                assert time.monotonic() < until and self.worker.poll() is None

    def fits(self, workers):
        return workers <= self.workers and self.path == without_ours() and self.worker.poll() is None and self.server.poll() is None

    def close(self):
        self.worker.kill(); self.worker.wait()
        self.server.kill(); self.server.wait()
        shutil.rmtree(self.folder)

_own=None
_lock=threading.Lock()
@atexit.register
def close():
    if _own: _own.close()
