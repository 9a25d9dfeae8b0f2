#!/usr/bin/env bash
# Checks the number of instructions of a call against a multiple of a peer's number. Unlike times, these numbers do not
# depend on other load of the machine. Needs valgrind: installs it with apt-get if possible, otherwise skips the check.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v valgrind >/dev/null; then
    if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
        { apt-get update -qq && apt-get install -y -qq valgrind; } >/dev/null 2>&1 || true
    fi
fi
if ! command -v valgrind >/dev/null; then
    echo "skipped: valgrind, which counts instructions, is not installed, and this user cannot install it"
    exit 0
fi

# Without the command line, which `calls` does not use.
cargo build -q --release -p otel-contract-benches --no-default-features --features tsc --bin calls

# Prints the number of instructions of 1,000 calls. Arguments: scene, peer.
count() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null '--toggle-collect=*counted_calls*' \
        target/release/calls "$1" "$2" 1000 2>&1 | awk '/Collected :/ { print $NF }'
}

failed=0
# Scene, peer, and the bound for otel-contract in percent of the peer.
while IFS=, read -r scene peer most; do
    ours=$(count "$scene" ours)
    theirs=$(count "$scene" "$peer")
    [ -n "$ours" ] && [ -n "$theirs" ] || { echo "error: valgrind counted nothing in scene $scene" >&2; exit 1; }
    percent=$((ours * 100 / theirs))
    printf '%-18s %6d instructions a call, %3d %% of %s (at most %d %%)\n' \
        "$scene" $((ours / 1000)) "$percent" "$peer" "$most"
    if [ "$percent" -gt "$most" ]; then
        echo "error: in scene $scene, an operation takes more instructions than its bound" >&2
        failed=1
    fi
done <<'END'
sampled,floor,120
sampled,by hand,54
fails,by hand,49
own-provider,floor,148
unsampled-parent,by hand,30
unsampled,by hand,28
none,in_span,30
END
exit "$failed"
