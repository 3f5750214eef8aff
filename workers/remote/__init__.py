"""What crosses to remote workers, outside of this interpreter: plain data, control there, batched events back.

    in the program                                       in another process or interpreter
    --------------                                       ---------------------------------
    in_flight.py    tasks that were handed out           worker.py    drives tasks, sends events, heeds control
    link_server.py  a link to each remote worker <-----> messages.py  the messages, and the clocks' difference
    link.py         one of them                          wire.py      what they go through: calls, keys, TCP
    runner.py       what runners of remote workers share
    shipping.py     our package for who has no Thaw

A remote worker calls back: it is told an address and a key, and opens a connection by itself
(`multiprocessing.connection`, which every Python has had for long). So a pool of processes, another Python, an
interpreter in this process and a cluster's worker differ only in who starts them.

`worker.py`, `messages.py` and `wire.py`, with what they import (`workers.engine.task`, `workers.engine.loading` and
`workers.engine.gil_scheduler`), run on Python 3.9 with nothing but its standard library.
"""
