// model/kafka/invariants/invariants.h
//
// What must never happen, whatever breaks: folds over notes at constant cost, one file each.
//
// Each reads the note and the ledger, which is told apart from what brokers believe: before the
// ledger has folded the note or behind it (ledger::Truth has who reads what, in which order).
// Invariants:  a violation is recorded once, where it happens; what it damaged is then taken as it
//              is, so that one bug does not show as a thousand.
// Leaves out:  FC:I6, I9, I11..I15, I19, I20.
#ifndef MODEL_KAFKA_INVARIANTS_INVARIANTS_H_
#define MODEL_KAFKA_INVARIANTS_INVARIANTS_H_

#include <array>
#include <cstdint>
#include <vector>

#include "model/kafka/invariants/exceptions.h"
#include "model/kafka/ledger/final_read.h"
#include "model/kafka/ledger/ledger.h"
#include "model/kafka/setup.h"
#include "model/kafka/vocabulary/records.h"

namespace kafka::invariants {

enum class Invariant : uint8_t {
  kAckedDurable,       // what was acknowledged is readable in the end: FC:I1
  kLeaderComplete,     // a new leader has all that was committed: FC:I2
  kLogMatch,           // two copies agree below their watermarks: FC:I3
  kCommittedPrefix,    // what was committed stays what it is: FC:I4
  kCandidateComplete,  // so does everybody who could be elected: FC:I5
  kStableRead,         // what was read is never replaced: FC:I7
  kNoDup,              // idempotence keeps each message once: FC:I8
  kFenced,             // an epoch that is over changes nothing: FC:I10
  kOffsetUnique,       // one offset is read with one value: FC:I16
  kReadLimit,          // nothing above the watermark is read: FC:I17
  kHonestRecovery,     // FC:I18, as far as a log's end goes
  kHonestFlush,        // FC:I18, of recovery points
  kMinIsr,             // no watermark moves below min.insync.replicas: KB:I-16
  kFollowerWatermark,  // a follower never claims more than its leader: KB:I-17
};
constexpr uint32_t kInvariantCount = 14;
const char* NameOf(Invariant invariant);  // "FC:I2 LeaderComplete"

struct Violation {
  Invariant invariant{};
  kafka::BrokerId broker;
  kafka::PartitionId partition;
  kafka::ledger::Moment at;
  kafka::Offset offset = kafka::Offset::Unknown();

  friend bool operator==(const Violation&, const Violation&) = default;
};

// How often an invariant was looked at. Vacuous: there was nothing that could have been wrong.
struct Tally {
  uint64_t evaluated = 0;
  uint64_t nonvacuous = 0;
  uint64_t violated = 0;
  std::array<uint64_t, kExceptionCount> excepted{};  // by the exception that it names

  friend bool operator==(const Tally&, const Tally&) = default;
};

// Records that an installation dropped, and which exception allows it.
struct Drop {
  kafka::PartitionId partition;
  kafka::ledger::IdRange ids;
  Exception exception{};
  kafka::LeaderEpoch epoch;  // of the leader that began without them

  friend bool operator==(const Drop&, const Drop&) = default;
};

// What a leader may have told a follower about its high watermark (KB:R-12).
struct SentWatermark {
  sim::EventId fetched;     // the event that admitted the follower's last fetch
  kafka::Offset before{0};  // the watermark before that fetch
  kafka::Offset greatest =
      kafka::Offset::Unknown();  // that the last answer may carry; unknown: any

  friend bool operator==(const SentWatermark&, const SentWatermark&) = default;
};

// What stands around a broker's note: the speaker's copy of the partition, and the ledger.
class View {
 public:
  View(kafka::PartitionId about, const kafka::ledger::Replica& speaker,
       const kafka::ledger::Ledger& before, const kafka::Tables& with, const kafka::Setup& in)
      : ledger(before), tables(with), setup(in), partition_(about), speaker_(speaker) {}

  const kafka::ledger::Ledger& ledger;
  const kafka::Tables& tables;
  const kafka::Setup& setup;

  kafka::PartitionId partition() const { return partition_; }
  // The speaker's.
  const kafka::ledger::Replica& replica() const { return speaker_; }
  kafka::BrokerId broker() const { return replica().broker; }

  kafka::ledger::TableView table() const { return {&tables, partition()}; }

 private:
  kafka::PartitionId partition_;
  const kafka::ledger::Replica& speaker_;
};

// Where a high watermark moved.
struct Move {
  kafka::Offset from;
  kafka::Offset to;
};

struct Invariants {
  static constexpr uint32_t kKept = 32;

  std::array<Tally, kInvariantCount> tallies{};
  std::vector<Violation> violations;  // the first kKept; tallies count them all
  std::vector<Drop> drops;
  std::vector<kafka::ledger::ShadowLog>
      below_watermark;                              // by partition: what anybody had below its own
  std::vector<kafka::ledger::ShadowLog> delivered;  // by partition: what consumers were served
  std::vector<SentWatermark> told;                  // by replica, as in the ledger

  void Begin(const kafka::ledger::Ledger& ledger);
  // The end of a run.
  void AtEnd(const kafka::ledger::Ledger& ledger, const kafka::Tables& tables,
             const kafka::ledger::FinalRead& read);

  Tally& of(Invariant invariant) { return tallies[static_cast<uint32_t>(invariant)]; }
  const Tally& of(Invariant invariant) const { return tallies[static_cast<uint32_t>(invariant)]; }
  uint64_t violated() const;

  // For the files of single invariants.
  struct Place {
    kafka::PartitionId partition;
    kafka::BrokerId broker;
    kafka::Offset offset;
  };
  // Counts an evaluation, and records the place if it does not hold. Returns `holds`.
  bool Expect(Invariant invariant, bool holds, const kafka::ledger::Ledger& ledger,
              const Place& place) {
    Hold(invariant, 1);
    if (!holds) [[unlikely]]
      Violate(invariant, ledger, place);
    return holds;
  }
  // So many evaluations that hold.
  void Hold(Invariant invariant, uint64_t times) {
    Tally& tally = of(invariant);
    tally.evaluated += times;
    tally.nonvacuous += times;
  }
  void Violate(Invariant invariant, const kafka::ledger::Ledger& ledger, const Place& place);
  void Vacuous(Invariant invariant) { ++of(invariant).evaluated; }
  void Excepted(Invariant invariant, Exception exception);
};

// One file each. Which notes each reads stands there.
void CheckAckedDurable(Invariants& all, const kafka::ledger::Ledger& ledger,
                       const kafka::Tables& tables, const kafka::ledger::FinalRead& read);
void CheckLeaderComplete(Invariants& all, const View& view, const notes::BecameLeader& said);
void CheckLogMatch(Invariants& all, const View& view, const Move& moved);
void CheckCommittedClaim(Invariants& all, const View& view, const notes::HighWatermark& said);
void CheckCommittedCut(Invariants& all, const View& view, const notes::Truncated& said);
void CheckCandidateComplete(Invariants& all, const kafka::ledger::Ledger& ledger,
                            const kafka::Tables& tables, const kafka::Setup& setup,
                            const notes::PartitionState& said);
void CheckCandidateComplete(Invariants& all, const kafka::ledger::Ledger& ledger,
                            const kafka::Tables& tables, const kafka::Setup& setup,
                            const notes::Registered& said);
void CheckStableRead(Invariants& all, const View& view, const notes::BecameLeader& said);
void CheckNoDup(Invariants& all, const View& view, const notes::Appended& said);
void CheckFencedAppend(Invariants& all, const View& view, const notes::Appended& said);
void CheckFencedClaim(Invariants& all, const View& view, const notes::HighWatermark& said);
void CheckFencedProposal(Invariants& all, const View& view, const notes::IsrProposed& said);
void CheckOffsetUnique(Invariants& all, const View& view, const notes::Served& said);
void CheckReadLimit(Invariants& all, const View& view, const notes::Served& said);
void CheckHonestRecovery(Invariants& all, const View& view, const notes::LogKept& said);
void CheckHonestRecovery(Invariants& all, const View& view, kafka::Offset end);
void CheckHonestFlush(Invariants& all, const View& view, const notes::FlushedTo& said);
void CheckMinIsr(Invariants& all, const View& view, const notes::HighWatermark& said);
void CheckFollowerWatermark(Invariants& all, const View& view,
                            const notes::FollowerHighWatermark& said);
// `follower`: the copy of the follower whom the note names. Null: it has none.
void CheckFencedFetch(Invariants& all, const View& view, const kafka::ledger::Replica* follower);
void RecordFetched(Invariants& all, const View& view, const notes::FollowerFetched& said,
                   const kafka::ledger::Replica* follower);
void RecordAnswered(Invariants& all, const View& view, const notes::FetchAnswered& said,
                    const kafka::ledger::Replica* follower);
void ForgetSentWatermark(Invariants& all, const View& view);

// A log that is still in an older epoch than a leader that was allowed to drop a record, and holds
// that record, is another history from there on: the exception for what differs at `offset`, where
// `before` was seen. One of the two may have been committed by a leader that had forgotten whom it
// proposed, and the other one be of the member that never had it.
Exception WhyAnotherHistory(const Invariants& all, const View& view, kafka::Offset offset,
                            kafka::AppendedId before);

// Takes what a new leader lacks out of the logs that the checks compare with.
void AcceptLoss(Invariants& all, const View& view, const notes::BecameLeader& said);

void HashInto(sim::StableHash& hash, const Invariants& invariants);

}  // namespace kafka::invariants

#endif  // MODEL_KAFKA_INVARIANTS_INVARIANTS_H_
