// model/kafka/explain/whys.h
//
// Negative provenance: why a broker had no copy, why another was allowed to lead, why the producer
// was told yes. From notes of rules that fired, or from the guard that kept one from firing.
//
// Invariants:  at most kWhysAtMost, those first that answer the end of the message.
#ifndef MODEL_KAFKA_EXPLAIN_WHYS_H_
#define MODEL_KAFKA_EXPLAIN_WHYS_H_

#include <vector>

#include "model/kafka/explain/chain.h"
#include "model/kafka/explain/inquiry.h"

namespace kafka::explain {

constexpr size_t kWhysAtMost = 5;

enum class WhyKind : uint8_t {
  // Why was there no copy on `broker`?
  kNotFetchedYet,   // its last fetch (`at`) ended at `a`; a = -1: it never got an answer
  kAnswerUnread,    // the answer with it was written at `at`, and came too late
  kWasDown,         // since `at`
  kWasCutOff,       // since `at`, by fault number `a`
  kNotInSync,       // left the ISR at `at`, and had not caught up
  kLostCache,       // had it since `b` ns, lost it at `at`; the kernel would have written it at `a`
  kTruncatedIt,     // at `at`, to end `a`, following epoch `b`, of leader `other`
  kRecoveredShort,  // at `at`, up to `a`
  // Why did `broker` lead?
  kFromIsr,      // `set`: the ISR before
  kFromElr,      // `set`: the ELR before
  kLastKnown,    // nobody eligible was left
  kUnclean,      // by setting
  kOutsideIsr,   // by none of these: a bug
  kStillLeads,   // it was the leader all along
  kNobodyLeads,  // nobody eligible is up. `set`: who would be
  // Why not `broker`, which had it?
  kHolderIneligible,  // neither in the ISR nor in the ELR. `set`: who could be elected
  kHolderDown,        // since `at`
  kHolderNotChosen,   // eligible (`set`) and up; another one was first, or, with `a` = 1, its own
                      // registration took it out in the very record
  // Why was the producer told yes?
  kToldByLeaderAlone,  // acks=1. `broker` answered at `at`
  kToldByWatermark,    // acks=all. `set`: ISR; `a`: effective min.insync.replicas; `b`: watermark
  kToldWithoutRule,    // acks=all, and the watermark had not passed it
  kToldAtSending,      // acks=0
  kPlantedBug,         // a rule did not fire. `a`: kafka::Mutant
  // Of the others.
  kRefusedBelowMinIsr,  // `set`: ISR; `a`: min.insync.replicas
  kFailedWith,      // `a`: kafka::Error; `b`: when send() took it, in ns, if it was then given up
                    // for being too old, else 0
  kWaitsForMember,  // acks=all waits for `broker`, in the ISR `set` and down since `at`
  kNoCallback,
  kProducerGone,
  kAnswerLost,       // `broker` answered (or would have) at `at`, and it did not arrive
  kIdempotenceOff,   // so the broker cannot recognise it
  kNewEpoch,         // the producer renumbered it at `at`
  kUnknownToLeader,  // idempotent, and the leader that wrote it again had no trace of it
  kManyInFlight,     // `a`: max.in.flight.requests.per.connection
  kWatermarkBelow,   // `a`: high watermark; `set`: members of the ISR that lack it; `b`: the ISR as
                     // a
                     // set, and min.insync.replicas << 32
  kPositionPassed,   // a group's offset, to `a`; committed at `at`
  kPositionReset,    // a consumer's position, to `a`, from `b` (-1: it had none)
  kProcessedAgain,   // the offset had not been committed
  kReaderEnded,   // the program that was to read it ended. `a`: kafka::ConsumerEnd; `b`: its number
  kReaderBehind,  // the program that was to read it had not come to it
  kStillWaiting,  // its outcome is not known yet
};

struct Why {
  WhyKind kind{};
  kafka::BrokerId broker;
  kafka::BrokerId other;
  kafka::BrokerSet set;
  sim::NoteHeader at;  // of the note or rule that answers it
  uint64_t a = 0;
  uint64_t b = 0;
};

std::vector<Why> FindWhys(const Inquiry& its, const Chain& chain);

}  // namespace kafka::explain

#endif  // MODEL_KAFKA_EXPLAIN_WHYS_H_
