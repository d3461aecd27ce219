#include "model/kafka/notes.h"

namespace kafka {

const char* NameOf(NoteKind kind) {
  switch (kind) {
    case kSent:
      return "sent";
    case kSendRefused:
      return "send_refused";
    case kBatchClosed:
      return "batch_closed";
    case kProduceSent:
      return "produce_sent";
    case kAckedToApplication:
      return "acknowledged_to_application";
    case kFailedToApplication:
      return "failed_to_application";
    case kRetried:
      return "retried";
    case kRenumbered:
      return "renumbered";
    case kProducerIdle:
      return "producer_idle";
    case kAppended:
      return "appended";
    case kDuplicate:
      return "duplicate";
    case kProduceRejected:
      return "produce_rejected";
    case kAcknowledged:
      return "acknowledged";
    case kTruncated:
      return "truncated";
    case kRecovered:
      return "recovered";
    case kFlushedTo:
      return "flushed";
    case kHighWatermark:
      return "high_watermark";
    case kFollowerHighWatermark:
      return "follower_high_watermark";
    case kFetchAnswered:
      return "fetch_answered";
    case kFollowerFetched:
      return "follower_fetched";
    case kServed:
      return "served";
    case kBecameLeader:
      return "became_leader";
    case kBecameFollower:
      return "became_follower";
    case kIsrProposed:
      return "isr_proposed";
    case kIsrCommitted:
      return "isr_committed";
    case kEpochAssigned:
      return "epoch_assigned";
    case kRegistered:
      return "registered";
    case kFenced:
      return "fenced";
    case kUnfenced:
      return "unfenced";
    case kControlledShutdown:
      return "controlled_shutdown";
    case kPartitionState:
      return "partition_state";
    case kPolled:
      return "polled";
    case kProcessed:
      return "processed";
    case kCommitted:
      return "committed";
    case kPositionReset:
      return "position_reset";
    case kConsumerCaughtUp:
      return "consumer_caught_up";
    case kNoteKindEnd:
      break;
  }
  return "unknown";
}

}  // namespace kafka
