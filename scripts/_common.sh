# Shared by the scripts beside it, which read it with `.`; POSIX sh.
# Sets $root (the checkout) and $python (the Python of its virtual environment).

unset CDPATH PYTHONHOME
unset PYTHONDONTWRITEBYTECODE # tests and benchmarks start the program hundreds of times: it is to be compiled once
root=$(cd -- "$(dirname -- "$0")/.." && pwd -P) || exit 2
if [ -f "$root/_common.sh" ]; then root=${root%/*}; fi # the script lies in a folder below scripts/
python=$root/.venv/bin/python
child=
server=
scratch=

say() { printf '%s\n' "$*" >&2; }

fail() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 2
}

# setup SET: make ready what the set needs, or leave with one sentence.
setup() { sh "$root/scripts/setup" "$1" || exit; }

# run_child COMMAND ARGS...: like a plain call, but a TERM to the script reaches the command at once (a shell hears
# a signal only between foreground commands). A background command of a shell ignores Ctrl+C and has no stdin:
# Python sets the one right, descriptor 3 the other.
run_child() {
    "$python" -I -c '
import os, signal, sys
for number in (signal.SIGINT, signal.SIGQUIT):
    signal.signal(number, signal.SIG_DFL)
os.execvp(sys.argv[1], sys.argv[1:])' "$@" <&3 3<&- &
    child=$!
    while :; do
        code=0
        wait "$child" || code=$?
        kill -0 "$child" 2>/dev/null || break # wait also returns when a signal came to the script
    done
    child=
    return "$code"
}

# catch_signals: pass TERM on to the command, let Ctrl+C end it (it hears that itself), and tidy up at the end.
catch_signals() {
    exec 3<&0
    stopped=0
    trap 'tidy_up' EXIT
    trap 'stopped=130' INT
    trap 'stopped=143; [ -z "$child" ] || kill -TERM "$child" 2>/dev/null' TERM
    trap 'stopped=129; [ -z "$child" ] || kill -TERM "$child" 2>/dev/null' HUP
}

leave_if_stopped() { [ "$stopped" -eq 0 ] || exit "$stopped"; }

tidy_up() {
    if [ -n "$server" ]; then
        kill "$server" 2>/dev/null && wait "$server" 2>/dev/null
    fi
    if [ -n "$scratch" ]; then rm -rf -- "$scratch"; fi
}

# start_display: start an X server that shows nothing, on a display number that is free, and set $display.
# catch_signals comes first: tidy_up ends the server. Where it can be had, the kernel ends it even after a kill -9.
start_display() {
    scratch=$(mktemp -d) || fail "no temporary folder can be made."
    mkfifo "$scratch/display" || fail "no pipe can be made in $scratch."
    if setpriv --pdeathsig KILL true 2>/dev/null; then tied="setpriv --pdeathsig KILL"; else tied=; fi
    [ -d /tmp/.X11-unix ] || mkdir -m 1777 /tmp/.X11-unix 2>/dev/null || :
    $tied Xvfb -displayfd 4 -screen 0 1920x1080x24 -nolisten tcp -noreset \
        4>"$scratch/display" >"$scratch/xvfb.log" 2>&1 3<&- </dev/null &
    server=$!
    display=
    read -r display <"$scratch/display" || :
    if [ -z "$display" ]; then
        reason=$(tail -n 1 "$scratch/xvfb.log")
        fail "no X server for the tests could be started: ${reason:-Xvfb said nothing.}"
    fi
    display=:$display
}
