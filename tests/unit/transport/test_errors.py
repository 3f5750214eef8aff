"""Errors of the layers below a download, in words: those that no server of the other tests brings about."""

from __future__ import annotations

import errno
import os
import re
import ssl

import pytest
import requests

from workers.transport.errors import DownloadError, TransientError, failure_of, passing
from workers.transport.http.destination import destination
from workers.transport.retry import http_date


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ssl.SSLCertVerificationError(1, "it is another's"), "The server's identity could not be verified: "),
        (requests.exceptions.ProxyError("no"), "The proxy that the environment names did not let us through."),
        (requests.exceptions.InvalidURL("http://"), "The address makes no sense."),
        (RuntimeError("something odd."), "The download failed: something odd."),
    ],
)
def test_an_error_is_told_in_words_and_is_not_tried_again(error: Exception, words: str) -> None:
    failure = failure_of(error)
    assert str(failure).startswith(words)
    assert not isinstance(failure, TransientError)


def test_the_cause_of_an_error_counts_too() -> None:
    error = RuntimeError("outer")
    error.__cause__ = ConnectionResetError("inner")
    failure = failure_of(error)
    assert isinstance(failure, TransientError)
    assert str(failure) == "The server broke the connection off."


@pytest.mark.parametrize(("url", "words"), [("http://[::1", "makes no sense"), ("ftp://a/", "no web page")])
def test_an_address_without_a_host_is_refused(url: str, words: str) -> None:
    with pytest.raises(DownloadError, match=words):
        destination(url)


def test_a_date_that_is_none_is_no_time() -> None:
    assert http_date("Wed, 21 Oct 99999 07:28:00 GMT") is None
    assert http_date("Wed, 21 Oct 2015 07:28:00 GMT") == 1445412480.0


NUMBERS = (errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOBUFS, errno.EAGAIN)
LIMITS = [
    *(OSError(number, os.strerror(number)) for number in NUMBERS),
    MemoryError(),
    RuntimeError("can't start new thread"),
]


@pytest.mark.parametrize("error", LIMITS, ids=repr)
def test_a_limit_of_this_machine_is_called_so_and_tried_again(error: Exception) -> None:
    outer = requests.ConnectionError("Connection aborted.")
    outer.__context__ = error  # as urllib3 and requests hand it on
    for found in (failure_of(outer), passing(error)):
        assert isinstance(found, TransientError)
        assert re.search("^The system (gives|has) .*no more .*: use fewer workers, or .*[.]$", str(found))


def test_what_does_not_pass_by_itself_is_not_tried_again() -> None:
    assert passing(OSError(errno.ENOSPC, "No space left on device")) is None
    assert passing(OSError("of no number")) is None
    assert passing(ValueError()) is None
