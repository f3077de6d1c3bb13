#!/usr/bin/env bats
# What a run keeps of the machine it runs at: the doctor's report, and a clock that was behind.
load trial

# The fault injector's clock, from enrolment on: it makes passwords cheap, so that all of it must run under it.
at_clock() { LD_PRELOAD=$FAULT FAULT_ROOT=/nowhere FAULT_LOG=/dev/null FAULT_CLOCK=$1 "${@:2}"; }

setup_file() {
    prepare && rm -rf home-ca home-root
    at_clock 0 enrol ca && at_clock 0 enrol root
    at_clock 0 at_ca >said && keep asked
}
setup() { back_to asked; }

@test "the first page of each session has the report of its machine, and the transcript what does not hold" {
    at_clock 0 at_root
    for page in record/00000[05]-*.tar; do
        tar -xOf "$page" evidence/doctor.json >report
        cmp report <(jq -cS . report)
        jq -e '.format == "verger-doctor-1" and (.rows | map(.id) | contains(["network", "fence", "filesystem_home"]))' report
        # This kernel hides Landlock, so there is something that does not hold.
        tar -xOf "$page" transcript.txt | grep -F "This machine, fence: the kernel does not hold this process"
    done
    run ! tar -tf record/000001-*.tar evidence/doctor.json
    holds
}

@test "a clock that is behind: refused with what to do; once it is set the page says so, and the record holds" {
    run ! --separate-stderr at_clock -3600 at_root
    [[ $stderr == *"seconds before "*", when the previous page was finished; set the clock, all watching, and try again"* ]]
    [ ! -e record/000005-sign-offline.tar ]
    at_clock 0 at_root
    run -0 tar -xOf record/000005-*.tar transcript.txt
    [[ $output == *"Put right at "*": The clock of this machine said "*"; it was set."* ]]
    holds
}

@test "a network interface that is up at an offline station: an answer in the file is a deviation, none is a warning" {
    [ -n "$("$VERGER" doctor --json | jq -r '.rows[] | select(.id == "network" and .standing == "warn")')" ] ||
        skip "no interface is up here"
    at_clock 0 at_root
    tar -xOf record/000005-*.tar page.json | jq -e '.deviations | map(select(.rule == "network.up")) == []'
    back_to asked
    answer sign-offline.network.1 true
    at_clock 0 at_root
    tar -xOf record/000005-*.tar page.json | jq -e '.deviations | map(.rule) | contains(["network.up"])'
    holds
}
