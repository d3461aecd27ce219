#include "model/kafka/ledger/verdict.h"

#include <algorithm>

namespace kafka::ledger {
namespace {

constexpr const char* kLeaves[] = {"", "2", "3a", "3b", "3c", "3e", "-"};
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
                                       "error_not_looked_at"};
constexpr const char* kCures[] = {"none",   "acks_all", "unclean_off", "flush_each_message",
                                  "elr_on", "callback", "size_limits"};

// Large enough for all that anybody sends to that topic. A batch of several records is no larger
// than batch.size.
std::vector<std::string> SizeLimits(const kafka::Setup& setup, kafka::PartitionId partition) {
  constexpr uint32_t kOverhead = 512;  // of a batch and a record, rounded up
  uint32_t batch = 0;
  std::vector<std::string> settings;
  for (const kafka::ProducerSetup& producer : setup.producers) {
    if (producer.program.topic != setup.partitions[partition.value].topic) continue;
    const uint32_t record = producer.program.message_bytes + kOverhead;
    batch = std::max({batch, record, producer.settings.batch_size});
    if (record <= producer.settings.max_request_size || !settings.empty()) continue;
    settings.push_back("producer:max.request.size=");
  }
  for (std::string& setting : settings) setting += std::to_string(batch);
  if (batch > setup.topic_of(partition).max_message_bytes) {
    settings.push_back("topic:max.message.bytes=" + std::to_string(batch));
  }
  return settings;
}

}  // namespace

const char* NameOf(Leaf leaf) { return kLeaves[static_cast<uint32_t>(leaf)]; }
const char* NameOf(Mechanism mechanism) { return kMechanisms[static_cast<uint32_t>(mechanism)]; }
const char* NameOf(Cure cure) { return kCures[static_cast<uint32_t>(cure)]; }

std::vector<std::string> SettingsOf(Cure cure, const kafka::Setup& setup,
                                    kafka::PartitionId partition) {
  switch (cure) {
    case Cure::kAcksAll: {
      std::vector<std::string> settings{"producer:acks=all"};
      const bool alone = setup.partitions[partition.value].replicas.size() < 2;
      if (!alone && setup.topic_of(partition).min_insync_replicas < 2) {
        settings.push_back("topic:min.insync.replicas=2");
      }
      return settings;
    }
    case Cure::kUncleanOff:
      return {"topic:unclean.leader.election.enable=false"};
    case Cure::kFlushEachMessage:
      return {"topic:flush.messages=1"};
    case Cure::kSizeLimits:
      return SizeLimits(setup, partition);
    default:
      return {};
  }
}

}  // namespace kafka::ledger
