#include "command.h"

#include <stddef.h>

const struct command *const commands[] = {
    &command_agenda,    &command_approve,  &command_check,   &command_completion,
    &command_diff,      &command_doctor,   &command_enrol,   &command_explain,
    &command_lint,      &command_log,      &command_new,     &command_policy,
    &command_rebuild,   &command_rehearse, &command_renew,   &command_replay,
    &command_report,    &command_run,      &command_split,   &command_template,
    &command_timestamp, &command_verify,   &command_witness, NULL,
};
