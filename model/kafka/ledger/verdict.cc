#include "model/kafka/ledger/verdict.h"

namespace kafka::ledger {
namespace {

constexpr const char* kLeaves[] = {"", "2", "3a", "3b", "3c", "3e", "-", "3d"};
constexpr const char* kMechanisms[] = {"none",
                                       "leader_died_before_copy",
                                       "leader_lost_power_before_copy",
                                       "leader_stopped_before_copy",
                                       "leader_replaced_alive",
                                       "never_reached_log",
                                       "unclean_election",
                                       "last_known_leader",
                                       "all_copies_unsynced",
                                       "sole_member_lost_cache",
                                       "member_lost_cache",
                                       "truncated_intact_copy",
                                       "elected_without_copy",
                                       "forgotten_join",
                                       "acked_unwritten",
                                       "producer_died",
                                       "error_not_looked_at",
                                       "disk_lost",
                                       "unclean_election_by_hand"};
constexpr const char* kCures[] = {"none",   "acks_all", "unclean_off", "flush_each_message",
                                  "elr_on", "callback", "size_limits"};

}  // namespace

const char* NameOf(Leaf leaf) { return kLeaves[static_cast<uint32_t>(leaf)]; }
const char* NameOf(Mechanism mechanism) { return kMechanisms[static_cast<uint32_t>(mechanism)]; }
const char* NameOf(Cure cure) { return kCures[static_cast<uint32_t>(cure)]; }

}  // namespace kafka::ledger
