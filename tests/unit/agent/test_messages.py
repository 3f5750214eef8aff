import json
import os
import socket
import stat
import threading
from typing import Any

import pytest

from workers.agent.invitation import VARIABLE, invite, make_folder, remove_folder
from workers.agent.messages import (
    BadMessage,
    Beats,
    Bye,
    Delivery,
    Dump,
    Frames,
    Frozen,
    Hello,
    Message,
    Seen,
    Threads,
    decode,
    encode,
)
from workers.agent.proof import prove_as_agent, prove_as_listener
from workers.monitors.freeze import Freeze, Line, Sighting, Stack
from workers.monitors.threads.changes import Change

LINE = Line("a.py", 3, "slot", "work()")
FREEZE = Freeze(
    1.0, 2.5, "python", "GUI thread", (LINE,), 0, ((3, "work()"),), 4, 1.0, (Stack((LINE[:3],), 4, 1.5),)
)
SLOT = Delivery("slot", "Window.slot", "a.py", 2)
HELLO = Hello(1, 2, "3.9.1", "/python", ("a.py", "--", "", "ä\udcff"), "/home", ("/lib",), True, 5.0, 6.0)
MESSAGES: list[Message] = [
    HELLO._replace(argv=("a.py", "--", "", "ä")),
    Beats((1.0, 2.0)),
    Frozen(FREEZE, SLOT),
    Seen(Sighting(1.0, 0.5, "sleep", "GUI thread", LINE), SLOT),
    Threads((Change(1.0, 7, "pool", "gil"),)),
    Dump(),
    Bye(9.0),
]


def test_messages_come_back_as_they_were_in_whatever_pieces() -> None:
    frames = Frames()
    data = b"".join(map(encode, MESSAGES))
    assert [one for byte in data for one in frames.feed(bytes([byte]))] == MESSAGES


def test_what_is_no_text_comes_as_one_that_can_be_written() -> None:
    (hello,) = Frames().feed(encode(HELLO))
    assert isinstance(hello, Hello)
    assert hello.argv[-1] == "ä\\udcff"


def _with(message: Any, **fields: Any) -> Any:
    return json.dumps({**json.loads(encode(message)[4:]), **fields}).encode()


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\xff",
        b"[]",
        b"{}",
        b'{"message":"nobody"}',
        b'{"message":[]}',
        b'{"message":"bye"}',
        b'{"message":"bye","moment":true}',
        b'{"message":"bye","moment":NaN}',
        b'{"message":"bye","moment":1,"more":2}',
        b'{"message":"beats","moments":{}}',
        b"[" * 100_000,
        _with(Frozen(FREEZE, SLOT), freeze=FREEZE._replace(guilty=1)),
        _with(Frozen(FREEZE, SLOT), freeze=FREEZE._replace(kind="magic")),
        _with(Frozen(FREEZE, SLOT), freeze=FREEZE[:-1]),
        _with(MESSAGES[4], changes=[Change(1.0, 7, "pool", "flies")]),
    ],
)
def test_what_is_no_message_is_told_as_such(payload: Any) -> None:
    with pytest.raises(BadMessage):
        decode(payload)


def test_a_frame_that_would_be_too_long_is_refused_before_it_comes() -> None:
    with pytest.raises(BadMessage):
        list(Frames().feed(b"\xff\xff\xff\xff"))


def _both(of_agent: Any, of_listener: Any) -> Any:
    ours, theirs = socket.socketpair()
    found: list[PermissionError] = []

    def prove() -> None:
        with ours:
            try:
                prove_as_agent(ours, of_agent)
            except PermissionError as error:
                found.append(error)

    thread = threading.Thread(target=prove)
    thread.start()
    with theirs:
        try:
            prove_as_listener(theirs, of_listener)
        except PermissionError as error:
            found.append(error)
    thread.join()
    return found


def test_who_knows_the_key_is_let_in_and_nobody_else() -> None:
    assert not _both(b"key", b"key")
    assert len(_both(b"key", b"another")) == 2


def test_the_invitation_is_its_owners_alone_and_names_the_key_in_its_file_only() -> None:
    folder = make_folder()
    key, variables = invite(folder, "somewhere", {"PYTHONPATH": "mine", "A": "b"})
    file = variables[VARIABLE]
    if os.name == "posix":
        assert stat.S_IMODE(os.stat(folder).st_mode) == 0o700
        assert stat.S_IMODE(os.stat(file).st_mode) == 0o600
    assert variables["PYTHONPATH"].endswith(f"{os.pathsep}mine")
    assert variables["A"] == "b"
    assert key.hex() not in "".join(variables.values())
    remove_folder(folder)
    assert not folder.exists()
