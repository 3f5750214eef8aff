"""What runners on several machines are made of, a folder for each engine; none of it is imported before it is chosen.

    celery/     tasks over a message broker: the Celery app, its broker and its worker on this machine
"""
