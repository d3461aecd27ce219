// tests/support/slow_twin.h
//
// The slow twins of all invariants: the same questions, put to the state of the whole World (logs
// and files of brokers, the controller and its log, what is sent) instead of to notes.
//
// It looks after every event, and within one before a fault strikes, compares what it finds with
// what it found before, and has a committed prefix, exceptions and a history of its own.
// Invariants:  (1) no note is read; (2) after every event the ledger's picture is the state; (3) at
//              the end of a run each invariant was violated for the folds if and only if it was
//              here.
// Leaves out:  what programs were told, which is in no state: taken from the ledger, and nobody may
//              have been told what no broker answered.
#ifndef TESTS_SUPPORT_SLOW_TWIN_H_
#define TESTS_SUPPORT_SLOW_TWIN_H_

#include <array>
#include <map>
#include <string>
#include <vector>

#include "model/kafka/run.h"

namespace fate_tests {

using kafka::BrokerId;
using kafka::BrokerSet;
using kafka::Offset;
using kafka::PartitionId;

class SlowTwin : public kafka::StateWatcher {
 public:
  void OnBegin(const kafka::World& world) override;
  void AfterEvent(const kafka::Effects& effects, const kafka::World& world) override;
  void BeforeStrike(const kafka::Effects& effects, const kafka::World& world) override;
  void OnEnd(const kafka::RunOutcome& outcome, const kafka::World& world) override;
  StateWatcher* OfFork(const kafka::World&, const kafka::World&) override { return nullptr; }

  // Where a picture folded from notes and the state part now. "": it missed nothing.
  std::string DifferenceFrom(const kafka::ledger::Ledger& ledger) const;
  // The first one of the run, with its event; also of verdicts at the end.
  const std::string& first_difference() const { return first_difference_; }
  uint64_t violated(kafka::invariants::Invariant invariant) const {
    return violated_[static_cast<uint32_t>(invariant)];
  }
  uint64_t looks() const { return looks_; }

  // Goes on with a copy of the World that it looks at.
  void MoveTo(const kafka::World& copy) { world_ = &copy; }
  bool LooksAt(const kafka::World& world) const { return world_ == &world; }

 private:
  // One replica as it was at the last look. A dead one is what its file holds; of one whose host
  // has crashed since, as far as that is what it held before.
  struct Copy {
    BrokerId broker;
    bool up = false;
    bool leads = false;
    int min_isr = 1;       // as its process knew it before this event
    bool pending = false;  // a change of the ISR
    BrokerSet proposed;    // by it
    kafka::PartitionEpoch partition_epoch;
    kafka::LeaderEpoch epoch;
    BrokerSet isr;
    Offset high_watermark{0};
    Offset recovery_point{0};
    Offset told_at_most = Offset::Unknown();  // the watermark that it may have been told
    bool admitted = false;                    // in this event
    Offset before{0};                         // the leader's watermark before that
    uint32_t moves = 0;  // what may move its watermark in this event: fetches that it admitted as
                         // leader, appends, a change of the ISR
    kafka::Log log;
    kafka::Log file;  // what a start would make of the file, since the process went
    std::vector<kafka::broker::RemoteReplica> remotes;
  };
  // What was seen at offsets, by anybody.
  struct Seen {
    std::map<int64_t, uint32_t> entries;  // by base
    Offset end{0};
  };
  struct Removal {
    BrokerId broker;
    uint32_t entry = 0;
    bool with_cache = false;
  };
  struct Drop {
    uint32_t entry = 0;
    bool excused = false;
    kafka::LeaderEpoch epoch;  // of who began to lead without it
  };
  struct Leadership {  // as the controller gave it
    BrokerId leader;
    kafka::LeaderEpoch epoch;
    bool unclean = false;
  };
  // A leader stopped waiting for them without a word of the controller's.
  struct Forgotten {
    BrokerId leader;
    kafka::LeaderEpoch epoch;
    kafka::PartitionEpoch partition_epoch;
    BrokerSet joining;
    bool open = true;               // that leader knows no more
    bool admitted = false;          // the controller did
    std::vector<uint32_t> entries;  // that the leader claimed to be committed meanwhile
  };
  struct Partition {
    PartitionId id;
    kafka::MetadataRecord record;
    std::vector<Leadership> leaderships;
    std::vector<Copy> copies;
    std::vector<Removal> removals;
    std::vector<Drop> drops;
    std::vector<Forgotten> forgotten;
    std::vector<uint32_t> committed;  // entries
    Offset committed_end{0};
    BrokerId claim_by;
    BrokerSet claim_view;
    int claim_min_isr = 1;  // as the leader knew it that claims
    kafka::LeaderEpoch claim_epoch;
    Offset claim_to{0};
    Seen below_watermark;
    Seen delivered;
  };
  using Change = std::vector<uint32_t>;

  // slow_twin.cc: what has changed.
  void Look(const kafka::Effects& effects, const kafka::World& world);
  void LookAtBroker(BrokerId broker);
  void LookAtDown(Partition& partition, Copy& copy, bool crashed);
  void CutToFile(Partition& partition, Copy& copy, const Change& removed);
  void LookAtStarted(Partition& partition, Copy& copy, const kafka::broker::Partition& now);
  void LookAtRunning(Partition& partition, Copy& copy, const kafka::broker::Partition& now);
  void LookAtWhatItWas(Partition& partition, Copy& copy, const kafka::broker::Partition& now);
  void LookAtRecords();
  void LookAtSends(const kafka::Effects& effects);
  void LookAtFetchAnswer(const sim::Effect& effect, std::span<const uint64_t> words);
  void Remove(Partition& partition, const Copy& copy, const Change& removed, bool with_cache);
  void Claim(Partition& partition, const Copy& copy, Offset to);
  void Advance(Partition& partition);
  void Forget(Partition& partition, const Copy& was, const Copy& copy);
  void ClaimForgetful(Partition& partition, const Copy& copy, Offset from);
  void Admit(Partition& partition);

  // slow_twin_checks.cc: one each.
  void Expect(kafka::invariants::Invariant invariant, bool holds, const Partition& partition,
              BrokerId broker);
  void CheckRecovery(const Partition& partition, const Copy& was, const kafka::Log& now);
  void CheckFlushed(const Partition& partition, const Copy& copy, Offset was);
  void CheckRemoved(const Partition& partition, BrokerId broker, const Change& removed);
  void CheckAdded(const Partition& partition, const kafka::broker::Partition& now, BrokerId broker,
                  const Change& added);
  bool IsDuplicate(const Partition& partition, const kafka::Log& log, uint32_t entry) const;
  void BecomeLeader(Partition& partition, Copy& copy);
  void CheckLeaderWatermark(Partition& partition, Copy& copy, const Copy& was);
  void CheckFollowerWatermark(Partition& partition, Copy& copy, Offset was);
  void CheckLogMatch(Partition& partition, const Copy& copy, Offset from);
  void CheckAdmitted(Partition& partition, Copy& copy, const Copy& was);
  void CheckCandidates(Partition& partition, BrokerSet asked);
  void CheckServed(Partition& partition, const Copy& copy, uint32_t first, uint32_t count);
  void CheckAcked();

  // slow_twin_history.cc: exceptions, and small questions.
  bool Excused(const Partition& partition, BrokerId broker, uint32_t entry) const;
  bool IsTruncationUndone(const Partition& partition, BrokerId broker, uint32_t entry) const;
  bool IsUncleanElection(const Partition& partition, BrokerId broker) const;
  bool IsReplacedUncleanly(const Partition& partition, kafka::LeaderEpoch epoch) const;
  bool IsAnotherHistory(const Partition& partition, const Copy& copy, Offset offset,
                        uint32_t before) const;
  bool IsForgottenJoin(const Partition& partition, BrokerId broker, uint32_t entry) const;
  bool IsPowerLoss(const Partition& partition, BrokerId broker, uint32_t entry) const;
  bool LostWithCache(const Partition& partition, BrokerId broker, uint32_t entry) const;
  bool HasHad(const Partition& partition, const Copy& copy, uint32_t entry) const;
  bool EverHad(const Partition& partition, const Copy& copy, uint32_t entry) const;
  bool IsLost(const Partition& partition, kafka::MessageId message) const;
  int64_t FirstMissing(const std::vector<uint32_t>& entries, const kafka::Log& log) const;
  Copy* Find(Partition& partition, BrokerId broker) const;
  const kafka::Appended& At(const Partition& partition, uint32_t entry) const;
  Offset EndOf(const Partition& partition, uint32_t entry) const;
  // In effect, as the controller and as a broker's process knows it.
  int MinIsr(const Partition& partition) const;
  int MinIsrOn(BrokerId broker, const Partition& partition) const;
  int FirstMinIsr(BrokerId broker, const Partition& partition) const;
  std::string Differs(const kafka::ledger::Ledger& ledger, const Partition& partition) const;
  std::string Differs(const kafka::ledger::Replica& shadow, const Copy& copy) const;
  void Keep(const std::string& difference);

  const kafka::World* world_ = nullptr;
  std::vector<Partition> partitions_;
  std::vector<uint32_t> crashes_;       // of hosts, by broker
  std::vector<uint16_t> incarnations_;  // by broker
  BrokerSet registered_;
  std::vector<bool> answered_;  // by batch: somebody said it is stored
  size_t records_seen_ = 0;
  size_t sends_seen_ = 0;
  sim::EventId event_;
  std::array<uint64_t, kafka::invariants::kInvariantCount> violated_{};
  std::array<std::string, kafka::invariants::kInvariantCount> first_violation_;
  std::string first_difference_;
  uint64_t looks_ = 0;
};

// Whether an entry of the tables stands in a log.
bool Holds(const kafka::Log& log, uint32_t entry);

}  // namespace fate_tests

#endif  // TESTS_SUPPORT_SLOW_TWIN_H_
