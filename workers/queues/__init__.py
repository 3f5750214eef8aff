"""Tasks through a message broker, by Celery. The runner is `workers/runners/celery_queue.py`; here is what it stands on.

    in the program                                        in a Celery worker, on any machine
    --------------                                        ----------------------------------
    address.py   what names a broker                      app.py    the Celery app, with its one task
    looking.py   who answers there, before and in a run
    here.py      a broker and a worker of Thaw's own

Only `app.py` and `looking.py` import Celery, and nobody imports these before that runner is chosen.
"""
