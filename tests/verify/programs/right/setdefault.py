"""One step that looks and puts in: all get the one list that came first."""

groups = {}


def run(index):
    groups.setdefault("all", []).append(index)


def check():
    assert sorted(groups["all"]) == [0, 1, 2]
