"""What tasks wait for, in the words of `threading` and `queue`: a wait can be cancelled, and tells what it is for."""

from queue import Empty, Full
from threading import BrokenBarrierError

from .locks import BoundedSemaphore, Lock, RLock, Semaphore
from .queues import Queue
from .signals import Barrier, Condition, Event
from .thing import Deadlock
from .waits import sleep

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
    "sleep",
]
