"""What crosses to places outside of this interpreter: plain data, control in, batched events out.

    near, in the program                              far, in another process or interpreter
    --------------------                              --------------------------------------
    away.py      tasks that were handed out           end.py     drives tasks, sends events, heeds control
    exchange.py  a link to each far end      <------> wire.py    the messages, and the clocks' difference

A far end calls back: it is told an address and a key, and opens a connection by itself (`multiprocessing.connection`,
which every Python has had for long). So a pool of processes, an interpreter of another make and an interpreter in this
process differ only in who starts them, and so would a cluster: a runner for `dask.distributed` hands `end.begin` and
`end.work` to its workers and an `LinkServer` with an address ("host", port) that they can reach.

`end.py` and `wire.py`, with `workers.engine.task`, `workers.engine.loading` and `workers.engine.gil_scheduler` that
they import, run on Python 3.9 with nothing but its standard library.
"""
