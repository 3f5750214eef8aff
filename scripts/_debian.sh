# Shared by scripts that take things from Debian's packages without installing them; POSIX sh, read after _common.sh.
# Sets $work (a folder that goes at the end) and $refused (whether something could not be had).

refused=no
work=

# refuse SENTENCE: one that cannot be had here.
refuse() {
    say "${0##*/}: $*"
    refused=yes
}

# a_folder: make $work, which goes at the end.
a_folder() {
    [ -z "$work" ] || return 0
    work=$(mktemp -d) || fail "no temporary folder can be made."
    trap 'rm -rf -- "$work"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
}

# tool NAME VERSION: install a tool from the package index, for this run alone.
tool() {
    python3 -m venv "$work/tool" >"$work/log" 2>&1 && "$work/tool/bin/python" -m pip install -q "$1==$2" >"$work/log" 2>&1
}

# look_into_debian KIND SUITE ...: make $apt_options lead to lists of our own, in the folder $apt: of packages (deb) or
# sources (deb-src) of these suites. Nothing that the system has is read or written.
look_into_debian() {
    [ -z "${apt_options:-}" ] || return 0
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Origin: Debian' 'Label: Debian' 2>/dev/null | head -n 1)
    keys=/usr/share/keyrings/debian-archive-keyring.gpg
    if [ -z "$mirror" ] || [ ! -f "$keys" ]; then
        refuse "it needs a Debian system that knows a mirror (apt-get update may help): nothing can be had here."
        return 1
    fi
    a_folder
    apt=$work/apt
    mkdir -p "$apt/etc/apt/apt.conf.d" "$apt/etc/apt/preferences.d" "$apt/etc/apt/sources.list.d" \
        "$apt/etc/apt/trusted.gpg.d" "$apt/var/lib/apt/lists/partial" "$apt/var/lib/dpkg" \
        "$apt/var/cache/apt/archives/partial" "$work/got"
    : >"$apt/var/lib/dpkg/status"
    while [ $# -gt 0 ]; do
        printf '%s [signed-by=%s] %s %s main\n' "$1" "$keys" "$mirror" "$2" >>"$apt/etc/apt/sources.list"
        shift 2
    done
    apt_options="-q -o Dir=$apt -o Dir::State::status=$apt/var/lib/dpkg/status -o APT::Sandbox::User=root"
    # shellcheck disable=SC2086  # the words of the options
    if ! apt-get $apt_options update >"$work/log" 2>&1; then
        refuse "Debian's lists cannot be had: $(tail -n 1 "$work/log")"
        return 1
    fi
}
