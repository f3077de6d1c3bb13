# shellcheck shell=bash
# How the bench measures: each command is a process of its own; what is compared runs in turns, ROUNDS times; a figure is
# made of medians. Everything lands in two files of $work:
#   samples   KEY CLOCK_MS PROCESSOR_MS MIB                          one line a run
#   figures   POINT<tab>WHAT<tab>OURS<tab>PEER<tab>RATIO<tab>ASKED   one line a figure

# sample KEY COMMAND...
sample() {
    local key=$1 cost
    shift
    cost=$("$METER" "$@") || { echo "bench: $key: the command failed: $*" >&2 && return 1; }
    echo "$key $cost" >>"$work/samples"
}

# A command that says its rate in its last line: rate KEY COMMAND...; kept as the third number.
rate() {
    local key=$1 said
    shift
    said=$("$@" | tail -n 1)
    echo "$key 0 $said 0" >>"$work/samples"
}

# rounds COMMAND...: as often as is asked for
rounds() {
    local i
    for ((i = 0; i < ROUNDS; i++)); do "$@" || return 1; done
}

# median KEY clock|cpu|mib
median() {
    awk -v key="$1" -v field="$(case $2 in clock) echo 2 ;; cpu) echo 3 ;; mib) echo 4 ;; esac)" \
        '$1 == key { print $field }' "$work/samples" | sort -g |
        awk '{ at[NR] = $1 } END { if (NR == 0) exit 1; printf "%.3f", (at[int((NR + 1) / 2)] + at[int(NR / 2) + 1]) / 2 }'
}

calc() { awk "BEGIN { printf \"%.${2:-2}f\", $1 }"; }

# figure POINT WHAT OURS PEER RATIO [ASKED]: of text; a number that was not taken is "-"
figure() { printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$4" "$5" "${6--}" >>"$work/figures"; }

# How often ours is faster than a peer: faster POINT WHAT OURS PEER clock|cpu ASKED [NAME]
faster() {
    local ours peer
    ours=$(median "$3" "$5") peer=$(median "$4" "$5")
    figure "$1" "$2 ($5)" "$(calc "$ours") ms" "$(calc "$peer") ms" "$(calc "$peer / $ours")" "$6"
}

# How often ours takes as long as the floor: within POINT WHAT OURS FLOOR clock|cpu ASKED
within() {
    local ours floor
    ours=$(median "$3" "$5") floor=$(median "$4" "$5")
    figure "$1" "$2 ($5)" "$(calc "$ours") ms" "$(calc "$floor") ms" "$(calc "$ours / $floor")" "$6"
}

# most POINT WHAT KEY [ASKED]: the memory of a process
most() { figure "$1" "$2: memory" "$(calc "$(median "$3" mib)" 1) MiB" - - "${4--}"; }

version() { "$@" 2>&1 | head -n 1; }

# The machine and what was compared, as JSON.
machine() {
    jq -n --arg cpu "$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)" --argjson cores "$(nproc)" \
        --arg kernel "$(uname -sr)" --arg memory "$(awk '/^MemTotal/ { printf "%.0f MiB", $2 / 1024 }' /proc/meminfo)" \
        --arg load "$(cut -d ' ' -f 1-3 /proc/loadavg)" --arg day "$(date -u +%FT%TZ)" \
        --arg disk "$(df --output=fstype "$work" | tail -n 1)" \
        --arg verger "$(version "$VERGER" --version)" --arg compiler "$(readelf -p .comment "$VERGER" | sed -n 's/.*\] *//p' | head -n 1)" \
        --arg openssl "$(version openssl version)" --arg git "$(version git --version)" --arg tar "$(version tar --version)" \
        --arg bash "$(version bash --version)" --arg ssh "$(version ssh -V)" --arg sha "$(version sha256sum --version)" \
        '{day: $day, cpu: $cpu, cores: $cores, memory: $memory, kernel: $kernel, disk: $disk, load: $load,
          versions: {verger: $verger, compiler: $compiler, openssl: $openssl, git: $git, tar: $tar, bash: $bash,
                     ssh: $ssh, sha256sum: $sha}}'
}

figures_json() {
    jq -R -s --slurpfile samples <(jq -R 'split(" ") | {key: .[0], clock_ms: (.[1] | tonumber),
            cpu_ms: (.[2] | tonumber), mib: (.[3] | tonumber)}' "$work/samples") \
        --argjson machine "$(machine)" --argjson rounds "$ROUNDS" --argjson full "${FULL:+true}${FULL:-false}" '
        {machine: $machine, rounds: $rounds, full: ($full == true),
         figures: [split("\n")[] | select(. != "") | split("\t") | {point: .[0], what: .[1], ours: .[2], peer: .[3],
            ratio: (.[4] | tonumber? // null), asked: (if .[5] == "-" then null else .[5] end)}
            | .reached = (if .asked == null then null
                          elif .asked | startswith("< ") then
                              (.ours | split(" ")[0] | tonumber) < (.asked | split(" ")[1] | tonumber)
                          elif .ratio == null then null
                          elif .asked | startswith(">= ") then .ratio >= (.asked[3:] | tonumber)
                          elif .asked | startswith("<= ") then .ratio <= (.asked[3:] | tonumber) else null end)],
         samples: $samples}' "$work/figures"
}

# For people: figures_json's, as a table.
table() {
    jq -r '.machine | "\(.cores) cores of \(.cpu), \(.memory), \(.kernel), \(.disk); load \(.load); \(.day)",
        (.versions | to_entries | map("\(.key): \(.value)") | join("; "))' "$1" | fold -s -w 118
    jq -r '"medians of \(.rounds) rounds in turns; clock: what a watch says; cpu: user and system time of all processes"' "$1"
    printf '\n%-2s %-62s %12s %12s %8s %s\n' '' '' verger peer ratio asked
    jq -r '.figures[] | [.point, .what, .ours, .peer, (.ratio // "-"), (.asked // "-"),
        (if .reached == false then "not reached" else "" end)] | @tsv' "$1" |
        awk -F '\t' '{ printf "%-2s %-62s %12s %12s %8s %-8s %s\n", $1, $2, $3, $4, $5, $6, $7 }'
}
