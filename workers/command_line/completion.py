"""What a shell needs to complete the command `thaw`: a script, made of the parser and of what there is to run."""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING

from ..catalog import labs, lookup
from ..catalog.lessons import lessons
from ..image_server.conditions import PROFILES
from .declaration import INSTRUMENTS, LOG_LEVELS, SHELLS, parser

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Options = Sequence[argparse.Action]
    Values = Mapping[str, Sequence[str]]

LISTS = {"runners", "workloads", "instruments"}
"""Options that take several values, with commas between them."""

FILES = {"workload", "lesson"}
"""Options that take a name or a file of a person's own."""

BASH = """\
_thaw() {{
    local word=${{COMP_WORDS[COMP_CWORD]}} option=${{COMP_WORDS[COMP_CWORD - 1]}} values= head=
    if [[ $option == = ]]; then option=${{COMP_WORDS[COMP_CWORD - 2]}}; fi
    if [[ $word == = ]]; then option=${{COMP_WORDS[COMP_CWORD - 1]}} word=; fi
    local earlier
    for earlier in "${{COMP_WORDS[@]:1:COMP_CWORD - 1}}"; do
        case $earlier in {rest}) return ;; esac # all that follows is a program of one's own
    done
    case $option in
{cases}
    {free}) return ;; # a number, a word of one's own, or a file: bash completes those
    *) values="{options}" ;;
    esac
    case $option in
    {lists}) if [[ $word == *,* ]]; then head=${{word%,*}}, word=${{word##*,}}; fi ;;
    esac
    mapfile -t COMPREPLY < <(compgen -P "$head" -W "$values" -- "$word")
}}
complete -o default -F _thaw thaw
"""
ZSH = """\
#compdef thaw
_thaw_or_file() {{
    compadd -- "$@"
    _files
}}
_thaw() {{
    _arguments \\
{options}
}}
if [[ $funcstack[1] == _thaw ]]; then _thaw "$@"; else compdef _thaw thaw; fi
"""


def script(shell: str) -> str:
    """The script for one of SHELLS; it names what there is to run now."""
    options = [one for one in parser()._actions if one.help != argparse.SUPPRESS]
    return {"bash": _bash, "zsh": _zsh}[shell](options, _values())


def _values() -> Values:
    """What may stand after an option, by its name in the parser. After all others it is nothing that Thaw knows."""
    runners, workloads = (
        [entry.name for entry in entries.values() if not entry.missing]
        for entries in (lookup.runners(), {**lookup.workloads(), **labs.versions()})
    )
    return {
        "runner": runners,
        "runners": runners,
        "workload": workloads,
        "workloads": [name for name in workloads if "." not in name],
        "lesson": list(lessons()),
        "network": list(PROFILES),
        "instruments": ["all", "none", *INSTRUMENTS],
        "log_level": LOG_LEVELS,
        "print_completion": SHELLS,
    }


def _bash(options: Options, values: Values) -> str:
    def pattern(found: Options) -> str:
        return "|".join(word for one in found for word in one.option_strings)

    known = [one for one in options if one.dest in values]
    return BASH.format(
        cases="\n".join(f'    {pattern([one])}) values="{" ".join(values[one.dest])}" ;;' for one in known),
        rest=pattern([one for one in options if one.nargs == argparse.REMAINDER]),
        free=pattern([one for one in options if one.nargs != 0 and one not in known]),
        options=" ".join(word for one in options for word in one.option_strings),
        lists=pattern([one for one in options if one.dest in LISTS]),
    )


def _zsh(options: Options, values: Values) -> str:
    lines = []
    for one in options:
        help = re.sub(r"([\[\]\\:])", r"\\\1", str(one.help) % {"default": one.default}).replace("'", "’")
        often = "*" if isinstance(one, argparse._AppendAction) else ""
        for word in one.option_strings:
            lines.append(f"        '{often}{word}[{help}]{_zsh_value(one, values)}'")
    return ZSH.format(options=" \\\n".join(lines))


def _zsh_value(option: argparse.Action, values: Values) -> str:
    if option.nargs == 0:
        return ""
    if option.nargs == argparse.REMAINDER:
        return f":*:{option.metavar}:_files"
    name, known = str(option.metavar).replace(":", " "), " ".join(values.get(option.dest, ()))
    if option.dest in LISTS:
        return f":{name}:_sequence compadd - {known}"
    if option.dest in FILES:
        return f":{name}: _thaw_or_file {known}"
    if known:
        return f":{name}:({known})"
    return f":{name}:{'_files' if 'FILE' in name or name == 'PATH' else ' '}"
