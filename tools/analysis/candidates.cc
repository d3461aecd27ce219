// What an engineer would try: settings of the user's own configuration, known pairs, placement,
// and the fault itself.
#include <algorithm>
#include <set>

#include "tools/analysis/case_rescue.h"
#include "tools/analysis/causes_text.h"
#include "tools/analysis/cures.h"
#include "tools/analysis/what_if.h"
#include "tools/answers/settings_line.h"

namespace analysis {
namespace {

using answers::Cause;

// Ends of a message that a setting may bear on.
enum Bears : uint8_t {
  kLost = 1,
  kSilent = 2,  // lost, and nobody was told anything
  kDuplicated = 4,
  kOutOfOrder = 8,
  kFailed = 16,
  kGone = 32,    // invisible, pending at its producer
  kUnread = 64,  // skipped by a group, or not come to
};

// When the value in force needs no improvement.
enum class Enough : uint8_t { kEqual, kAtLeast, kAtMost };

// A value that an engineer would try in the place of the one in force.
struct Improvement {
  kafka_config::Scope scope;
  const char* name;
  const char* value;
  Enough enough;
  uint8_t bears;
  bool said;  // also when it is in force already
};

using enum kafka_config::Scope;
// In the order in which they are tried; the likely ones first.
constexpr Improvement kImprovements[] = {
    {kProducer, "acks", "all", Enough::kEqual, kLost | kSilent, true},
    {kTopic, "min.insync.replicas", "2", Enough::kAtLeast, kLost, true},
    {kTopic, "unclean.leader.election.enable", "false", Enough::kEqual, kLost, true},
    {kTopic, "flush.messages", "1", Enough::kAtMost, kLost, false},
    {kTopic, "flush.ms", "1000", Enough::kAtMost, kLost, false},
    {kTopic, "replication.factor", "3", Enough::kAtLeast, kLost | kFailed | kGone, true},
    {kProducer, "enable.idempotence", "true", Enough::kEqual, kDuplicated | kOutOfOrder | kLost,
     true},
    {kProducer, "max.in.flight.requests.per.connection", "1", Enough::kAtMost, kOutOfOrder, false},
    {kTopic, "min.insync.replicas", "1", Enough::kAtMost, kFailed | kGone, false},
    {kProducer, "retries", "2147483647", Enough::kAtLeast, kFailed | kSilent, true},
    {kProducer, "retries", "0", Enough::kAtMost, kDuplicated, false},
    {kProducer, "delivery.timeout.ms", "300000", Enough::kAtLeast, kFailed | kSilent | kGone,
     false},
    {kProducer, "request.timeout.ms", "60000", Enough::kAtLeast, kDuplicated | kOutOfOrder, false},
    {kProducer, "max.block.ms", "120000", Enough::kAtLeast, kFailed | kSilent, false},
    {kProducer, "max.request.size", "10485760", Enough::kAtLeast, kFailed | kSilent, false},
    {kTopic, "max.message.bytes", "10485760", Enough::kAtLeast, kFailed | kSilent, false},
    {kBroker, "replica.lag.time.max.ms", "10000", Enough::kAtMost, kLost | kFailed, false},
    {kBroker, "broker.session.timeout.ms", "30000", Enough::kAtLeast, kLost, false},
    {kBroker, "broker.session.timeout.ms", "6000", Enough::kAtMost, kFailed, false},
    {kBroker, "controlled.shutdown.enable", "true", Enough::kEqual, kLost | kFailed, false},
    {kTopic, "unclean.leader.election.enable", "true", Enough::kEqual, kGone, false},
    {kConsumer, "auto.offset.reset", "earliest", Enough::kEqual, kUnread, true},
};

uint8_t BearsOn(const Story& story) {
  switch (story.fate) {
    case kafka::ledger::Fate::kLostAfterAck:
      return kLost;
    case kafka::ledger::Fate::kLostSilent:
      return story.has_finding && story.finding.leaf == kafka::ledger::Leaf::kNothingPromised
                 ? kSilent
                 : kLost;
    case kafka::ledger::Fate::kDuplicate:
      return kDuplicated;
    case kafka::ledger::Fate::kReordered:
      return kOutOfOrder;
    case kafka::ledger::Fate::kFailedReported:
    case kafka::ledger::Fate::kGhost:
      return kFailed;
    case kafka::ledger::Fate::kSkipped:
      return kUnread;
    case kafka::ledger::Fate::kPending:
      return story.awaited ? kUnread : kGone;
    default:
      return kGone;
  }
}

class Proposer {
 public:
  Proposer(const Case& base, const Story& story, const answers::Explanation& causes)
      : base_(base), story_(story), causes_(causes), bears_(BearsOn(story)) {
    kafka::Runner runner;
    names_ = NamesOf(base, story, runner);
    power_ = std::any_of(base.faults.begin(), base.faults.end(), [](const auto& fault) {
      return fault.kind == sim::FaultKind::kPowerLoss || fault.kind == sim::FaultKind::kPanic;
    });
    stops_ = std::any_of(base.faults.begin(), base.faults.end(),
                         [](const auto& fault) { return fault.kind == sim::FaultKind::kStop; });
  }

  std::vector<Candidate> Propose() {
    for (const Improvement& row : kImprovements) {
      if ((row.bears & bears_) != 0 && CanMatter(row)) AddSetting(row);
    }
    AddElr();
    AddProgram();
    AddConfirmed();
    AddPairs();
    AddRacks();
    AddFault();
    std::stable_sort(found_.begin(), found_.end(), [](const Candidate& a, const Candidate& b) {
      return a.is_default < b.is_default;
    });
    return std::move(found_);
  }

 private:
  const kafka_config::Definition* Find(const Improvement& row) const {
    return base_.tables->Find(row.scope, row.name);
  }

  kafka_config::EffectiveSetting InForce(kafka_config::Scope scope, const char* name) const {
    const kafka_config::Configuration& configuration = base_.prepared.configuration;
    if (scope == kProducer) return configuration.Producer(names_.producer, name);
    if (scope == kTopic) return configuration.Topic(names_.topic, name);
    if (scope == kConsumer) return configuration.Consumer(names_.consumer, name);
    return configuration.Broker(kafka_config::Configuration::kAnyBroker, name);
  }

  bool CanMatter(const Improvement& row) const {
    const kafka_config::Definition* definition = Find(row);
    if (definition == nullptr) return false;
    if (row.scope == kConsumer && names_.consumer.empty()) return false;
    const kafka_config::Fidelity& fidelity = definition->fidelity;
    const bool acts = fidelity.is_modelled && fidelity.tag == kafka_config::Tag::kVerdict;
    if (!acts && !definition->is_pseudo) return false;
    const std::string_view name = row.name;
    if (name == "flush.ms") return power_;
    if (name == "controlled.shutdown.enable") return stops_;
    if (name == "replication.factor") return base_.setup().brokers.size() >= 3;
    if (name == "min.insync.replicas" && row.enough == Enough::kAtLeast) return Replicas() >= 2;
    if (name == "max.request.size" || name == "max.message.bytes") return HasLargeMessages();
    return true;
  }

  size_t Replicas() const {
    return names_.partition.exists()
               ? base_.setup().partitions[names_.partition.value].replicas.size()
               : 3;
  }

  bool HasLargeMessages() const {
    const auto& producers = base_.setup().producers;
    return std::any_of(producers.begin(), producers.end(), [](const auto& producer) {
      return producer.program.message_bytes > 500'000;
    });
  }

  bool IsEnough(const Improvement& row) const {
    const kafka_config::EffectiveSetting now = InForce(row.scope, row.name);
    const std::string text = now.Text() == "-1" ? "all" : now.Text();
    if (text == row.value) return true;
    if (row.enough == Enough::kEqual || now.IsNull()) return false;
    const int64_t value = now.Int64();
    const int64_t wanted = std::stoll(row.value);
    return row.enough == Enough::kAtLeast ? value >= wanted : value <= wanted;
  }

  static std::string LineOf(const Improvement& row) {
    return std::string(kafka_config::ScopeName(row.scope)) + ":" + row.name + "=" + row.value;
  }

  void AddSetting(const Improvement& row) {
    if (!IsEnough(row)) {
      // Idempotence that was asked for together with another acks is refused by the client.
      const bool alone = std::string_view(row.name) != "enable.idempotence" || IsSet("acks");
      if (alone) return AddSet(Candidate::Kind::kSetting, {LineOf(row)});
      if ((bears_ & kLost) == 0) {
        AddSet(Candidate::Kind::kPair, {"producer:acks=all", LineOf(row)});
      }
      return;
    }
    if (!row.said) return;
    const kafka_config::Origin origin = InForce(row.scope, row.name).origin;
    const bool given = origin.kind != kafka_config::Origin::Kind::kDefault &&
                       origin.kind != kafka_config::Origin::Kind::kAssumed;
    Candidate said{.change = LineOf(row), .is_default = true};
    said.remark =
        given ? "already set; not the cause here" : "already the default; not the cause here";
    found_.push_back(std::move(said));
  }

  // The row of that name is in force.
  bool IsSet(std::string_view name) const {
    const Improvement* row =
        std::find_if(std::begin(kImprovements), std::end(kImprovements),
                     [&](const Improvement& other) { return name == other.name; });
    return IsEnough(*row);
  }

  void AddSet(Candidate::Kind kind, std::vector<std::string> set) {
    std::set<std::string> lines(set.begin(), set.end());
    if (!seen_.insert(lines).second) return;
    Candidate candidate{.kind = kind, .set = std::move(set)};
    for (const std::string& line : candidate.set) {
      candidate.change += (candidate.change.empty() ? "" : ", ") + line;
    }
    found_.push_back(std::move(candidate));
  }

  void AddElr() {
    if (bears_ != kLost || base_.prepared.scenario.scenario.cluster().elr()) return;
    found_.push_back({.change = "cluster:elr=true", .elr = true});
  }

  void AddProgram() {
    if (bears_ != kUnread) return;
    const auto& consumers = base_.prepared.scenario.scenario.consumer();
    const bool early = std::any_of(consumers.begin(), consumers.end(), [](const auto& consumer) {
      return consumer.commit() == loader::proto::Consumer::BEFORE;
    });
    if (early) AddSet(Candidate::Kind::kProgram, {answers::kCommitAfterChange});
  }

  // What was confirmed together is offered together.
  void AddConfirmed() {
    std::vector<std::string> together;
    bool elr = false;
    for (const Cause& cause : causes_.causes()) {
      if (cause.kind() != Cause::SETTING || cause.confirmation() != Cause::CONFIRMED) continue;
      if (cause.removal() == "cluster:elr=true") {
        elr = true;
      } else {
        together.push_back(cause.removal());
      }
    }
    if (elr && !together.empty()) {
      Candidate both{.kind = Candidate::Kind::kPair, .set = together, .elr = true};
      both.change = Listed(together) + " and cluster:elr=true";
      found_.push_back(std::move(both));
      return;
    }
    if (!together.empty()) {
      AddSet(together.size() > 1 ? Candidate::Kind::kPair : Candidate::Kind::kSetting, together);
    }
  }

  void AddPairs() {
    if (bears_ != kLost) return;
    const bool acks = !IsSet("acks");
    const bool isr = !IsSet("min.insync.replicas") && Replicas() >= 2;
    const bool flush = !IsSet("flush.messages");
    const bool copies = !IsSet("replication.factor") && base_.setup().brokers.size() >= 3;
    const auto pair = [&](bool wanted, const char* a, const char* b) {
      if (wanted) AddSet(Candidate::Kind::kPair, {a, b});
    };
    pair(acks && isr, "producer:acks=all", "topic:min.insync.replicas=2");
    pair(flush && copies, "topic:flush.messages=1", "topic:replication.factor=3");
    pair(acks && flush && power_, "producer:acks=all", "topic:flush.messages=1");
  }

  void AddRacks() {
    const auto& racks = base_.prepared.scenario.scenario.cluster().racks();
    const std::set<std::string> different(racks.begin(), racks.end());
    if (racks.empty() || static_cast<int>(different.size()) == racks.size()) return;
    Candidate candidate{.kind = Candidate::Kind::kPlacement, .change = "a rack for each broker"};
    for (int i = 0; i < racks.size(); ++i) {
      candidate.racks.push_back("own-rack-" + std::to_string(i + 1));
    }
    found_.push_back(std::move(candidate));
  }

  // The decisive fault: the first of the chain, else the first that was confirmed.
  const DeclaredFault* Decisive() const {
    for (const DeclaredFault& fault : names_.faults) {
      if (fault.fired && fault.rank == 0) return &fault;
    }
    for (const Cause& cause : causes_.causes()) {
      if (cause.kind() != Cause::FAULT) continue;
      for (const DeclaredFault& fault : names_.faults) {
        if (fault.fired && fault.name == cause.name()) return &fault;
      }
    }
    return nullptr;
  }

  void AddFault() {
    const DeclaredFault* fault = Decisive();
    if (fault == nullptr) return;
    const std::string text = fault->text.substr(0, fault->text.find(','));
    uint16_t number = fault->planned.front();
    for (const uint16_t planned : fault->planned) {
      const bool decisive =
          !story_.faults_in_chain.empty() && story_.faults_in_chain.front() == planned;
      if (decisive) number = planned;
    }
    const auto add = [&](std::string change, sim::Duration later, bool orderly) {
      found_.push_back({.kind = Candidate::Kind::kFault,
                        .change = std::move(change),
                        .fault = number,
                        .later = later,
                        .orderly = orderly});
    };
    add(text + " 40 ms later", sim::Milliseconds(40), false);
    add(text + " 1 s later", sim::Seconds(1), false);
    if (fault->kind == sim::FaultKind::kKill) add("an orderly stop instead of " + text, {}, true);
  }

  const Case& base_;
  const Story& story_;
  const answers::Explanation& causes_;
  const uint8_t bears_;
  CaseNames names_;
  bool power_ = false;
  bool stops_ = false;
  std::set<std::set<std::string>> seen_;
  std::vector<Candidate> found_;
};

}  // namespace

std::vector<Candidate> CandidatesOf(const Case& base, const Story& story,
                                    const answers::Explanation& causes) {
  return Proposer(base, story, causes).Propose();
}

Variation VariationOf(const Candidate& candidate) {
  Changes changes = Sorted(candidate.set);
  changes.elr = changes.elr || candidate.elr;
  Variation variation{.set = changes.set};
  changes.set.clear();
  const bool settings_only =
      candidate.kind != Candidate::Kind::kProgram && candidate.racks.empty() && !changes.elr;
  if (settings_only) return variation;
  variation.edit = [racks = candidate.racks, changes](loader::proto::Scenario& edited) {
    Edit(changes, edited);
    if (racks.empty()) return;
    edited.mutable_cluster()->clear_racks();
    for (const std::string& rack : racks) edited.mutable_cluster()->add_racks(rack);
  };
  return variation;
}

std::vector<sim::PlannedFault> PlanOf(const Candidate& candidate,
                                      const std::vector<sim::PlannedFault>& plan,
                                      std::span<const sim::RealisedFault> realised) {
  std::vector<sim::PlannedFault> anchored = PlanOf(plan, realised, {});
  if (candidate.fault < 0) return anchored;
  sim::PlannedFault& fault = anchored[static_cast<size_t>(candidate.fault)];
  if (candidate.orderly) fault.kind = sim::FaultKind::kStop;
  if (candidate.later.ns == 0) return anchored;
  for (const sim::RealisedFault& fired : realised) {
    if (fired.plan != candidate.fault) continue;
    fault.note_kind = 0;
    fault.by_uid = false;
    fault.at = fired.time + candidate.later;
  }
  return anchored;
}

}  // namespace analysis
