#include "model/kafka/notes.h"

#include <array>

namespace kafka {
namespace {

constexpr uint16_t kFirst = sim::kFirstSystemNote;
constexpr uint16_t kEnd = kNoteKindEnd;

// In the order of NoteKind.
constexpr std::array<const char*, kEnd - kFirst> kNoteNames = {"sent",
                                                               "send_refused",
                                                               "batch_closed",
                                                               "produce_sent",
                                                               "acknowledged_to_application",
                                                               "failed_to_application",
                                                               "retried",
                                                               "renumbered",
                                                               "producer_idle",
                                                               "appended",
                                                               "duplicate",
                                                               "produce_rejected",
                                                               "acknowledged",
                                                               "truncated",
                                                               "loaded",
                                                               "recovered",
                                                               "flushed",
                                                               "high_watermark",
                                                               "follower_high_watermark",
                                                               "fetch_answered",
                                                               "follower_fetched",
                                                               "served",
                                                               "became_leader",
                                                               "became_follower",
                                                               "isr_proposed",
                                                               "isr_committed",
                                                               "epoch_assigned",
                                                               "registered",
                                                               "fenced",
                                                               "unfenced",
                                                               "controlled_shutdown",
                                                               "partition_state",
                                                               "polled",
                                                               "processed",
                                                               "committed",
                                                               "position_reset",
                                                               "consumer_caught_up",
                                                               "proposal_forgotten",
                                                               "consumer_ended"};
static_assert(kNoteNames.back() != nullptr, "a kind without a name");

}  // namespace

const char* NameOf(NoteKind kind) {
  const auto number = static_cast<uint16_t>(kind);
  return number < kFirst || number >= kEnd ? "unknown" : kNoteNames[number - kFirst];
}

}  // namespace kafka
