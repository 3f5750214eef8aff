"""What crosses to remote workers, outside of this interpreter: plain data, control there, batched events back.

    in the program                                       in another process or interpreter
    --------------                                       ---------------------------------
    in_flight.py    tasks that were handed out           worker.py    drives tasks, sends events, heeds control
    link_server.py  a link to each remote worker <-----> messages.py  the messages, and the clocks' difference
    runner.py       what runners of remote workers share

A remote worker calls back: it is told an address and a key, and opens a connection by itself
(`multiprocessing.connection`, which every Python has had for long). So a pool of processes, another Python and an
interpreter in this process differ only in who starts them, and so would a cluster: a runner for `dask.distributed`
hands `worker.begin` and `worker.work` to its workers and a `LinkServer` with an address that they can reach.

`worker.py` and `messages.py`, with what they import (`workers.engine.task`, `workers.engine.loading` and
`workers.engine.gil_scheduler`), run on Python 3.9 with nothing but its standard library.
"""
