// model/verdict/words.h
//
// The words of a verdict, which every simulated system shares: the fate of a message, a property of
// a run, whether it held, and whose fault a loss is.
//
// Leaves out:  how a system finds them. Each has a ledger and rules of its own.
#ifndef MODEL_VERDICT_WORDS_H_
#define MODEL_VERDICT_WORDS_H_

#include <cstdint>

namespace verdict {

// What became of a message. Each has exactly one.
enum class Fate : uint8_t {
  kOk,
  kLostAfterAck,
  kLostSilent,
  kFailedReported,
  kGhost,
  kDuplicate,
  kReordered,
  kSkipped,
  kExpired,  // not reachable yet: nothing is retained by time or size
  kInvisible,
  kLate,  // not reachable yet: no scenario states a deadline
  kPending,
};
constexpr uint32_t kFateCount = 12;
const char* NameOf(Fate fate);  // "LOST_AFTER_ACK"

// The message was acknowledged and is gone, or it is gone and nobody was told.
constexpr bool IsLoss(Fate fate) {
  return fate == Fate::kLostAfterAck || fate == Fate::kLostSilent;
}

enum class Property : uint8_t {
  kNoAckedLoss,
  kNoSilentLoss,
  kNoDuplicate,
  kOrderPerKey,
  kFlushedBeforeCopied,
};
constexpr uint32_t kPropertyCount = 5;
const char* NameOf(Property property);  // "NO_ACKED_LOSS"

enum class Status : uint8_t { kHeld, kBroken, kInconclusive };
const char* NameOf(Status status);  // "HELD"

// Whose fault a loss is, from mild to grave (docs/promise.md).
enum class LossClass : uint8_t {
  kNone,
  kAsConfigured,
  kOutsidePromise,
  kPromiseBroken,
  kUnexplained
};
// "AS_CONFIGURED". kUnexplained: no rule found the loss; an error of this program, never a guess.
const char* NameOf(LossClass loss_class);

}  // namespace verdict

#endif  // MODEL_VERDICT_WORDS_H_
