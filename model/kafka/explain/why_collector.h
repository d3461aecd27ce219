// model/kafka/explain/why_collector.h
//
// The questions about one message while they are put and answered: what the files of whys.h share.
//
// Nobody else includes it. A question adds its answer, or nothing where it does not arise.
#ifndef MODEL_KAFKA_EXPLAIN_WHY_COLLECTOR_H_
#define MODEL_KAFKA_EXPLAIN_WHY_COLLECTOR_H_

#include <optional>
#include <vector>

#include "model/kafka/explain/whys.h"

namespace kafka::explain {

struct WhyCollector {
  const Inquiry& inquiry;
  const Chain& chain;
  std::vector<Why> whys;

  // whys.cc: of what was lost.
  void Loss();
  void NoCopyOn(kafka::BrokerId broker);
  bool LostIt(kafka::BrokerId broker);
  why::LostCache CacheLoss(kafka::BrokerId broker, sim::EventId until) const;
  why::TruncatedIt Truncation(kafka::BrokerId broker, sim::EventId event) const;
  void NeverHadIt(kafka::BrokerId broker);
  const ChainFault* KeptAwayBy(kafka::BrokerId broker) const;
  const RecordedNote* LeftIsr(kafka::BrokerId broker, sim::EventId until) const;
  const RecordedNote* AnswerWith(kafka::BrokerId broker, sim::EventId until) const;
  void WhyItLed();
  why::Detail RuleOfElection(const kafka::ledger::PartitionRecord& before) const;
  void WhyNotHolders();
  kafka::BrokerSet Electable(const kafka::ledger::PartitionRecord& before) const;
  bool RegisteredUncleanly(kafka::BrokerId broker, sim::EventId event) const;
  void WhyAcknowledged();

  // whys_of_others.cc: of every other end.
  std::optional<why::FailedWith::TooOld> GaveUp(const RecordedNote& failed) const;
  void Failed();
  void Unanswered();
  void AnswerLost();
  void Twice();
  void Reordered();
  void Awaited();
  void Unread();
  void Others();

  // Both.
  // The last note for which `holds`, before `until`.
  template <typename Holds>
  const RecordedNote* Last(sim::EventId until, Holds holds) const {
    const RecordedNote* last = nullptr;
    for (const RecordedNote& said : inquiry.notes()) {
      if (said.header.event > until) break;
      if (holds(said.note)) last = &said;
    }
    return last;
  }
  template <typename Holds>
  const RecordedNote* First(sim::EventId from, Holds holds) const {
    for (const RecordedNote& said : inquiry.notes()) {
      if (said.header.event >= from && holds(said.note)) return &said;
    }
    return nullptr;
  }
  // When the process of `broker` ended, if it was down just before `event`.
  const RecordedNote* DownAt(kafka::BrokerId broker, sim::EventId event) const;
  void Add(const sim::NoteHeader& at, const why::Detail& detail) { whys.push_back({at, detail}); }
  sim::EventId AuthorsEnd() const {
    const kafka::ledger::Finding& finding = *inquiry.finding;
    if (finding.incident.exists()) return finding.incident.event;
    return finding.elected.exists() ? finding.elected.event : inquiry.moments.end.event;
  }
};

}  // namespace kafka::explain

#endif  // MODEL_KAFKA_EXPLAIN_WHY_COLLECTOR_H_
