"""What a shell completes: bash itself is asked, where it is there; zsh reads its script."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from workers.catalog import lookup
from workers.command_line.completion import script
from workers.command_line.declaration import SHELLS, parser
from workers.command_line.parser import parse
from workers.utils.errors import BadInput

BASH = shutil.which("bash")


def completed(*words: str) -> set[str]:
    """What bash makes of the last of these words."""
    assert BASH is not None
    ask = f'{script("bash")}\nCOMP_WORDS=("$@")\nCOMP_CWORD=$(($# - 1))\n_thaw\nprintf "%s\\n" "${{COMPREPLY[@]}}"\n'
    done = subprocess.run([BASH, "-c", ask, "bash", *words], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return set(done.stdout.split())


@pytest.mark.skipif(BASH is None, reason="there is no bash")
@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("thaw", "--ru"), {"--runner", "--runners"}),
        (("thaw", "--compare", "--runner", "thread_"), {"thread_pool", "thread_per_task"}),
        (("thaw", "--runner", "=", "thread_"), {"thread_pool", "thread_per_task"}),
        (("thaw", "--network", "="), {"fair", "busy", "rough", "stormy"}),
        (("thaw", "--workloads", "primes,hash"), {"primes,hashing", "primes,hash_files"}),
        (("thaw", "--workload", "counter.f"), {"counter.fixed"}),
        (("thaw", "--lesson", "lost_u"), {"lost_updates"}),
        (("thaw", "--report", ""), set()),  # bash's own: files
        (("thaw", "--tasks", "1"), set()),
        (("thaw", "--headless", "--watch", "my_app.py", "--ru"), set()),
    ],
)
def test_bash_completes(words: tuple[str, ...], found: set[str]) -> None:
    assert completed(*words) == found


@pytest.mark.parametrize("shell", SHELLS)
def test_every_option_is_in_every_script_and_nothing_that_is_missing_here(shell: str) -> None:
    text = script(shell)
    options = {word for action in parser()._actions for word in action.option_strings} - {"--weather"}
    assert [word for word in sorted(options) if word not in text] == []
    for name, entry in lookup.runners().items():
        assert bool(re.search(rf"[ \"(]{name}[ \")]", text)) == (not entry.missing)


@pytest.mark.parametrize("shell", [shell for shell in SHELLS if shutil.which(shell)])
def test_the_shell_can_read_its_script(shell: str) -> None:
    done = subprocess.run([shell, "-n"], input=script(shell), capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_another_shell_is_refused() -> None:
    assert parse(["--print-completion", "bash"]).completion == "bash"
    for said in ("fish", ""):
        with pytest.raises(BadInput, match=f"--print-completion is for one of bash, zsh, not '{said}'"):
            parse(["--print-completion", said])
