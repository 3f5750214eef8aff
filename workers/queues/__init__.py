"""Tasks through a message broker, by Celery: what the runner `workers/runners/celery_queue.py` stands on.

    in the program                                        in a Celery worker, on any machine
    --------------                                        ----------------------------------
    address.py     what names a broker                    app.py         the Celery app, with its one task
    looking.py     who answers there, before a run        own_worker.py  the worker of Thaw's own
    watching.py    the same in a run, once a second
    connection.py  a connection to a broker
    here.py        a broker and a worker of Thaw's own

Only the right side, `connection.py` and `watching.py` import Celery, and nobody imports these before a run on it, or
before a broker is named.
"""
