"""What tasks wait for, in the words of `threading` and `queue`: a wait can be cancelled, and tells what it is for."""

import importlib
import sys
from queue import Empty, Full
from threading import BrokenBarrierError

from ..utils.child import PRIVATE
from .locks import BoundedSemaphore, Lock, RLock, Semaphore
from .queues import Queue
from .signals import Barrier, Condition, Event
from .sleeping import sleep
from .thing import Deadlock, WaitEnded

__all__ = [
    "Barrier",
    "BoundedSemaphore",
    "BrokenBarrierError",
    "Condition",
    "Deadlock",
    "Empty",
    "Event",
    "Full",
    "Lock",
    "Queue",
    "RLock",
    "Semaphore",
    "WaitEnded",
    "sleep",
]

if PRIVATE in sys.modules and __name__ != f"{PRIVATE}.sync":
    # A person's file imports `workers.sync` in a process where our package is called otherwise: there is to be but one.
    sys.modules[__name__] = importlib.import_module(f"{PRIVATE}.sync")
