// What an engineer would try: settings of the user's own configuration, known pairs, placement,
// and the fault itself.
#include <algorithm>
#include <set>
#include <utility>

#include "tools/analysis/case_names.h"
#include "tools/analysis/improvements.h"
#include "tools/analysis/what_if.h"

namespace analysis {
namespace {

using answers::Cause;
using Line = answers::WhatIf::Line;
using enum kafka_config::Scope;

class Proposer {
 public:
  Proposer(const Case& base, const Story& story, const answers::Explanation& causes)
      : base_(base), story_(story), causes_(causes), bears_(BearsOn(story)) {
    kafka::Runner runner(base.prepared.state_watcher);
    names_ = NamesOf(base, story, runner);
    power_ = std::any_of(base.faults.begin(), base.faults.end(), [](const auto& fault) {
      return fault.kind == sim::FaultKind::kPowerLoss || fault.kind == sim::FaultKind::kPanic;
    });
    stops_ = std::any_of(base.faults.begin(), base.faults.end(),
                         [](const auto& fault) { return fault.kind == sim::FaultKind::kStop; });
  }

  std::vector<Candidate> Propose() {
    for (const Improvement& row : Improvements()) {
      if ((row.bears & bears_) != 0 && CanMatter(row)) AddSetting(row);
    }
    AddElr();
    AddProgram();
    AddConfirmed();
    AddPairs();
    AddRacks();
    AddFault();
    std::stable_sort(found_.begin(), found_.end(), [](const Candidate& a, const Candidate& b) {
      return a.is_in_force() < b.is_in_force();
    });
    return std::move(found_);
  }

 private:
  const kafka_config::Definition* Find(const Improvement& row) const {
    return base_.tables->Find(row.scope, row.name);
  }

  kafka_config::EffectiveSetting ValueOf(const Improvement& row) const {
    return InForce(base_, names_, row.scope, row.name);
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
    const kafka_config::EffectiveSetting now = ValueOf(row);
    const std::string text = now.Text() == "-1" ? "all" : now.Text();
    if (text == row.value) return true;
    if (row.enough == Enough::kEqual || now.IsNull()) return false;
    const int64_t value = now.Int64();
    const int64_t wanted = std::stoll(row.value);
    return row.enough == Enough::kAtLeast ? value >= wanted : value <= wanted;
  }

  static SettingChange ChangeTo(const Improvement& row) { return {row.scope, row.name, row.value}; }

  void AddSetting(const Improvement& row) {
    if (!IsEnough(row)) {
      // Idempotence that was asked for together with another acks is refused by the client.
      const bool alone = std::string_view(row.name) != "enable.idempotence" || IsSet("acks");
      if (alone) return AddNew(Line::SETTING, Together(ChangeTo(row)));
      if ((bears_ & kLost) == 0) AddNew(Line::PAIR, Together(AcksAll(), ChangeTo(row)));
      return;
    }
    if (!row.said) return;
    const kafka_config::Origin origin = ValueOf(row).origin;
    const bool given = origin.kind != kafka_config::Origin::Kind::kDefault &&
                       origin.kind != kafka_config::Origin::Kind::kAssumed;
    Add(Line::SETTING, Together(ChangeTo(row)), given ? Line::ALREADY_SET : Line::ALREADY_DEFAULT);
  }

  // The row of that name is in force.
  bool IsSet(std::string_view name) const {
    const std::span<const Improvement> rows = Improvements();
    return IsEnough(*std::find_if(rows.begin(), rows.end(),
                                  [&](const Improvement& row) { return name == row.name; }));
  }

  void Add(Line::Kind kind, ChangeSet changes, Line::Verdict known = Line::VERDICT_UNSPECIFIED) {
    answers::ChangeList answer = AnswerOf(changes, names_);
    found_.push_back({kind, std::move(changes), std::move(answer), known});
  }
  // Unless the same settings are a candidate already.
  void AddNew(Line::Kind kind, const ChangeSet& changes) {
    for (const ChangeSet& seen : seen_) {
      if (AreSame(seen, changes)) return;
    }
    seen_.push_back(changes);
    Add(kind, changes);
  }

  void AddElr() {
    if (bears_ != kLost || base_.prepared.scenario.scenario.cluster().elr()) return;
    Add(Line::SETTING, Together(ElrOn{}));
  }

  void AddProgram() {
    if (bears_ != kUnread) return;
    const auto& consumers = base_.prepared.scenario.scenario.consumer();
    const bool early = std::any_of(consumers.begin(), consumers.end(), [](const auto& consumer) {
      return consumer.commit() == loader::proto::Consumer::BEFORE;
    });
    if (early) AddNew(Line::PROGRAM, Together(CommitAfter{}));
  }

  // What was confirmed together is offered together.
  void AddConfirmed() {
    ChangeSet together;
    bool elr = false;
    for (const Cause& cause : causes_.causes()) {
      if (cause.kind() != Cause::SETTING || cause.confirmation() != Cause::CONFIRMED) continue;
      elr = elr || cause.change().elr_on();
      if (!cause.change().has_setting()) continue;
      const answers::SettingValue& setting = cause.change().setting();
      const auto scope = kafka_config::ParseScope(setting.scope());
      if (scope) together.push_back(SettingChange{*scope, setting.name(), setting.value()});
    }
    if (together.empty()) return;
    if (elr) {
      together.push_back(ElrOn{});
      return Add(Line::PAIR, together);
    }
    AddNew(together.size() > 1 ? Line::PAIR : Line::SETTING, together);
  }

  static SettingChange AcksAll() { return {kProducer, "acks", "all"}; }
  static SettingChange FlushEach() { return {kTopic, "flush.messages", "1"}; }

  void AddPairs() {
    if (bears_ != kLost) return;
    const bool acks = !IsSet("acks");
    const bool isr = !IsSet("min.insync.replicas") && Replicas() >= 2;
    const bool flush = !IsSet("flush.messages");
    const bool copies = !IsSet("replication.factor") && base_.setup().brokers.size() >= 3;
    const auto pair = [&](bool wanted, const SettingChange& a, const SettingChange& b) {
      if (wanted) AddNew(Line::PAIR, Together(a, b));
    };
    pair(acks && isr, AcksAll(), {kTopic, "min.insync.replicas", "2"});
    pair(flush && copies, FlushEach(), {kTopic, "replication.factor", "3"});
    pair(acks && flush && power_, AcksAll(), FlushEach());
  }

  void AddRacks() {
    const auto& racks = base_.prepared.scenario.scenario.cluster().racks();
    const std::set<std::string> different(racks.begin(), racks.end());
    if (racks.empty() || static_cast<int>(different.size()) == racks.size()) return;
    Add(Line::PLACEMENT, Together(OwnRacks{}));
  }

  // The decisive fault: the first of the chain, else the first that was confirmed.
  const NamedFault* Decisive() const {
    for (const NamedFault& fault : names_.faults) {
      if (fault.fired && fault.rank == 0) return &fault;
    }
    for (const Cause& cause : causes_.causes()) {
      if (cause.kind() != Cause::FAULT) continue;
      for (const NamedFault& fault : names_.faults) {
        if (fault.fired && fault.answer.index() == cause.fault().index()) return &fault;
      }
    }
    return nullptr;
  }

  void AddFault() {
    const NamedFault* fault = Decisive();
    if (fault == nullptr) return;
    uint16_t number = fault->planned.front();
    for (const uint16_t planned : fault->planned) {
      const bool decisive =
          !story_.faults_in_chain.empty() && story_.faults_in_chain.front() == planned;
      if (decisive) number = planned;
    }
    Add(Line::FAULT, Together(FaultMoved{number, sim::Milliseconds(40)}));
    Add(Line::FAULT, Together(FaultMoved{number, sim::Seconds(1)}));
    if (fault->answer.kind() == answers::kill) Add(Line::FAULT, Together(OrderlyInstead{number}));
  }

  const Case& base_;
  const Story& story_;
  const answers::Explanation& causes_;
  const uint8_t bears_;
  CaseNames names_;
  bool power_ = false;
  bool stops_ = false;
  std::vector<ChangeSet> seen_;
  std::vector<Candidate> found_;
};

}  // namespace

std::vector<Candidate> CandidatesOf(const Case& base, const Story& story,
                                    const answers::Explanation& causes) {
  return Proposer(base, story, causes).Propose();
}

}  // namespace analysis
