"""Which worker has which task, as workers come and go."""

from __future__ import annotations

from typing import NamedTuple

from workers.clusters.looks import Look, Place
from workers.clusters.seats import Errand, Seats


class Future(NamedTuple):
    """What Dask would know of an errand."""

    status: str = "pending"

    def done(self) -> bool:
        return self.status != "pending"


def place(number: int, threads: int = 1) -> Place:
    return Place(
        f"tcp://10.0.0.{number}:1", f"10.0.0.{number}", str(number), threads, "3.11.7", "2026.8.0", number
    )


def seats(*places: Place, most: int = 9) -> Seats:
    made = Seats(most)
    made.renew(places)
    return made


def give(to: Seats, number: int, status: str = "pending") -> str:
    found = to.free()
    assert found is not None
    to.give(Errand(f"errand {number}", number, found.address, Future(status)))
    return found.name


def test_the_worker_with_the_most_free_threads_comes_next() -> None:
    made = seats(place(1), place(2, threads=3))
    assert [give(made, number) for number in range(4)] == ["2", "2", "1", "2"]
    assert made.free() is None


def test_no_more_than_were_asked_for_are_away_at_once_and_few_workers_are_used() -> None:
    made = seats(*map(place, range(1, 9)), most=2)
    assert [give(made, 1), give(made, 2)] == ["1", "2"]
    assert made.free() is None
    assert made.sort(lambda number: number == 1) == []
    assert give(made, 3) == "2", "and not a third one, which would be another lane"


def test_errands_of_a_worker_that_has_gone_are_given_back() -> None:
    made = seats(place(1), place(2))
    give(made, 1)
    give(made, 2)
    assert [errand.number for errand in made.renew([place(2)])] == [1]


def test_a_lost_worker_is_not_taken_for_a_new_one() -> None:
    made = seats(place(1), place(2))
    made.lose("10.0.0.1", 1)
    known = [place(1), place(2)]
    assert [one.name for one in made.left(known)] == ["2"]
    made.left([place(2)])  # now the scheduler knows it, too
    assert [one.name for one in made.left(known)] == ["1", "2"], "another one may have its address"


def test_an_errand_that_failed_is_given_back_only_while_its_task_is_away() -> None:
    made = seats(place(1, threads=3))
    for number, status in enumerate(("error", "lost", "finished")):
        give(made, number, status)
    assert [errand.number for errand in made.sort(lambda number: number != 0)] == [1]
    assert list(made.errands) == [2]


def test_a_look_in_words() -> None:
    same = Look((place(1), place(2, threads=3)), False)
    assert same.words.startswith("2 workers, 4 threads, 2 hosts, Python 3.11.7")
    old = place(1)._replace(dask="2025.1.0")
    assert ", Dask 2025.1.0 (here " in Look((old,), False).words
