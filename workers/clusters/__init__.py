"""Clusters of `dask.distributed`: which one is meant, what there is of it, and one of our own on this machine.

    in the program                                          in another process
    --------------                                          ------------------
    address.py   which cluster an address means
    engine.py    Dask itself, without a word; a client
    looks.py     who works there; asked before a run, too
    arrivals.py  workers made ready for a run: Thaw is brought there
    own.py       the cluster on this machine, kept  ------> member.py   its scheduler, or one of its workers
    pair.py      what these, and the program, show each other before they talk
    waiting.py   waits for the first worker of a cluster that has none
    seats.py     which worker has which task                carried.py  functions that reach workers that lack Thaw
    post.py      messages by Dask's own means       <-----> worker_post.py  the other end

Nothing here imports Dask before a cluster is asked for.
"""
