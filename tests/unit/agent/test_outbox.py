from __future__ import annotations

from workers.agent.messages import Away, Beats, Bye, Hello, Message, Usage
from workers.agent.outbox import MAX_MESSAGES, MAX_ROWS, Outbox

HELLO = Hello(1, 2, "3.9.1", "/python", ("a.py",), "/home", ("/lib",), True, 5.0, 6.0)


def test_figures_are_put_together_and_stand_before_what_is_told_of_their_time() -> None:
    outbox = Outbox()
    told: list[Message] = [HELLO, Beats((1.0,)), Away(1.0, 2.0), Beats((2.0, 3.0)), Bye(3.0)]
    for message in told:
        outbox.put(message)
    assert outbox.take() == [HELLO, Beats((1.0, 2.0, 3.0)), Away(1.0, 2.0), Bye(3.0)]
    assert outbox.take() == []


def test_who_does_not_read_loses_the_oldest_figures_and_never_the_greeting() -> None:
    outbox = Outbox()
    outbox.put(HELLO)
    for moment in range(MAX_MESSAGES + 7):
        outbox.put(Usage(float(moment), 0.0, 0.0, 1))
    outbox.put(Beats(tuple(map(float, range(MAX_ROWS[Beats] + 3)))))
    hello, beats, *usage = outbox.take()
    assert hello == HELLO
    assert isinstance(beats, Beats)
    assert (len(beats.moments), beats.moments[0]) == (MAX_ROWS[Beats], 3.0)
    assert (len(usage), usage[0]) == (MAX_MESSAGES, Usage(7.0, 0.0, 0.0, 1))
