"""What crosses to places outside of this interpreter: plain data, control in, batched events out.

    near, in the program                                 far, in another process or interpreter
    --------------------                                 --------------------------------------
    tasks_away.py   tasks that were handed out           worker.py    drives tasks, sends events, heeds control
    link_server.py  a link to each far end      <------> messages.py  the messages, and the clocks' difference
    runner.py       what runners of far ends share

A far end calls back: it is told an address and a key, and opens a connection by itself (`multiprocessing.connection`,
which every Python has had for long). So a pool of processes, an interpreter of another make and an interpreter in this
process differ only in who starts them, and so would a cluster: a runner for `dask.distributed` hands `worker.begin` and
`worker.work` to its workers and a `LinkServer` with an address ("host", port) that they can reach.

`worker.py` and `messages.py`, with what they import (`workers.engine.task`, `workers.engine.loading` and
`workers.engine.gil_scheduler`), run on Python 3.9 with nothing but its standard library.
"""
