// scenarios/loader/defaults.h
//
// The values of everything that a scenario leaves open, and which of them are figures that nobody
// gave.
//
// Leaves out:  what Kafka's settings decide (partitions, replication factor), and fields whose
//              absence says something (rate_per_s, keys, restart_after, heal_after, guards).
#ifndef SCENARIOS_LOADER_DEFAULTS_H_
#define SCENARIOS_LOADER_DEFAULTS_H_

#include <string_view>

#include "scenarios/loader/scenario.pb.h"

namespace loader {

// `scenario` has passed the checks. Figures of links, disks, controller and faults that it does not
// give are listed in `assumed`.
proto::Scenario WithDefaults(proto::Scenario scenario);

// The reverse, for an expanded scenario: what is listed in `assumed` is taken out, and the list.
proto::Scenario WithoutAssumed(proto::Scenario scenario);

// False if there is no such field in the message. "cluster.host.memory",
// "fault[0].rolling_restart".
bool ClearPath(google::protobuf::Message& message, std::string_view path);

}  // namespace loader

#endif  // SCENARIOS_LOADER_DEFAULTS_H_
