// model/kafka/ledger/truth.h
//
// What stands outside of the modelled system and sees everything: the ledger and the invariants, as
// one value inside the World.
#ifndef MODEL_KAFKA_LEDGER_TRUTH_H_
#define MODEL_KAFKA_LEDGER_TRUTH_H_

#include <cstdint>
#include <span>
#include <utility>

#include "model/kafka/invariants/invariants.h"
#include "model/kafka/ledger/guard.h"
#include "model/kafka/ledger/judge.h"
#include "model/kafka/ledger/ledger.h"
#include "model/kafka/ledger/verdict.h"
#include "model/kafka/setup.h"
#include "model/kafka/vocabulary/records.h"
#include "sim/faults/fault.h"
#include "sim/notes/note.h"

namespace kafka::ledger {

struct Truth {
  Ledger ledger;
  kafka::invariants::Invariants invariants;

  // Of a cluster that has been formed and to which nobody has sent anything yet.
  void Begin(const kafka::Setup& setup) {
    ledger.Begin(setup);
    invariants.Begin(ledger);
  }

  void Observe(const sim::NoteHeader& header, std::span<const sim::Note> notes,
               const kafka::Tables& tables, const kafka::Setup& setup) {
    ledger.now = header;
    for (const sim::Note& note : notes) {
      switch (SpeakerOf(note.kind)) {
        case notes::Speaker::kBroker:
          ObserveBroker(note, tables, setup);
          break;
        case notes::Speaker::kProducer:
          ledger.FoldProducer(note, tables, setup);
          break;
        case notes::Speaker::kConsumer:
        case notes::Speaker::kOffsetStore:
          ledger.FoldConsumer(note, tables, setup);
          break;
        case notes::Speaker::kController:
          ObserveController(note, tables, setup);
          break;
        case notes::Speaker::kEngine:
          ledger.FoldEngine(note, tables, setup);
          break;
      }
    }
  }
  // The end of a run: reads the logs, and judges.
  void Finish(const kafka::Tables& tables, const kafka::Setup& setup, Verdict& verdict) {
    FinalRead read = ReadAtEnd(ledger, tables, setup, std::move(verdict.read));
    invariants.AtEnd(ledger, tables, read);
    verdict = MakeVerdict(ledger, tables, setup, std::move(read));
  }

  bool GuardHolds(const sim::FaultGuard& guard, const sim::Note& note, const kafka::Tables& tables,
                  const kafka::Setup& setup) const {
    return kafka::ledger::GuardHolds(ledger, guard, note, tables, setup);
  }
  uint64_t UidOf(const sim::Note& note, const kafka::Tables& tables,
                 const kafka::Setup& setup) const {
    return kafka::ledger::UidOf(SubjectOf(ledger, note, tables, setup), tables, setup);
  }
  bool IsAbout(const sim::Note& note, uint64_t uid, const kafka::Tables& tables,
               const kafka::Setup& setup) const {
    return kafka::ledger::IsAbout(ledger, note, uid, tables, setup);
  }
  // The partition's leader, or the last one while there is none.
  kafka::BrokerId LastLeader(kafka::PartitionId partition) const {
    return ledger.of(partition).last_leader;
  }

 private:
  void ObserveBroker(const sim::Note& note, const kafka::Tables& tables, const kafka::Setup& setup);
  void ObserveController(const sim::Note& note, const kafka::Tables& tables,
                         const kafka::Setup& setup);
};

inline void HashInto(sim::StableHash& hash, const Truth& truth) {
  hash(truth.ledger, truth.invariants);
}

}  // namespace kafka::ledger

#endif  // MODEL_KAFKA_LEDGER_TRUTH_H_
