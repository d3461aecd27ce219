// model/kafka/explain/recording.h
//
// A run as one message saw it: every note, and after each event where the message's copies were.
//
// Required:    the watched run is a replay, so that the message's id is known before it is sent.
// Invariants:  (1) notes are in their order; (2) a state is kept only where it differs from the one
//              before.
// Complexity:  48 B a note; copies are looked at only when a note says that a file or a process
//              changed.
#ifndef MODEL_KAFKA_EXPLAIN_RECORDING_H_
#define MODEL_KAFKA_EXPLAIN_RECORDING_H_

#include <vector>

#include "model/kafka/explain/row.h"
#include "model/kafka/run.h"

namespace kafka::explain {

struct RecordedNote {
  sim::NoteHeader header;
  sim::Note note;
};

struct CopyState {
  sim::EventId event;
  sim::SimTime time;
  Copies copies;  // after it
};

class Recording : public kafka::RunWatcher {
 public:
  explicit Recording(kafka::MessageId message) : message_(message) {}

  void OnEvent(const sim::NoteHeader& header, std::span<const sim::Note> notes,
               const kafka::World& world) override;

  kafka::MessageId message() const { return message_; }
  const std::vector<RecordedNote>& notes() const { return notes_; }
  const std::vector<CopyState>& states() const { return states_; }
  // Batches and entries that hold the message: retries, renumbered ones, duplicates.
  const std::vector<kafka::BatchId>& batches() const { return batches_; }
  const std::vector<kafka::AppendedId>& entries() const { return entries_; }

  bool IsOurs(kafka::BatchId batch) const;
  Copies After(sim::EventId event) const;
  Copies Before(sim::EventId event) const;

 private:
  void Learn(const sim::Note& note, const kafka::World& world);
  Copies CopiesIn(const kafka::World& world) const;

  kafka::MessageId message_;
  std::vector<RecordedNote> notes_;
  std::vector<CopyState> states_;
  std::vector<kafka::BatchId> batches_;
  std::vector<kafka::AppendedId> entries_;
};

}  // namespace kafka::explain

#endif  // MODEL_KAFKA_EXPLAIN_RECORDING_H_
