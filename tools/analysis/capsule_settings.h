// tools/analysis/capsule_settings.h
//
// A user's files and flags as --set lines, so that a capsule needs no file of theirs.
//
// Invariants:  (1) the scenario of the capsule with these lines has the effective value of every
//              setting that the model acts on;  (2) no value of any other setting is in them.
#ifndef TOOLS_ANALYSIS_CAPSULE_SETTINGS_H_
#define TOOLS_ANALYSIS_CAPSULE_SETTINGS_H_

#include <string>
#include <vector>

#include "scenarios/kafka_config/configuration.h"

namespace analysis {

// "producer:acks=all", "topic/orders:min.insync.replicas=2". A scenario's line stands over a file
// and under --set: where making a file's line a --set line would turn that round, a line for the
// single broker, topic or client says what really held.
std::vector<std::string> CapsuleSettings(const kafka_config::Configuration& configuration);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_CAPSULE_SETTINGS_H_
