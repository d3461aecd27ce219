// model/kafka/notes.h
//
// What Kafka's parts say. Trace, protocol points, ledger, promise, invariants and explanation read
// these and nothing else, so each carries what its readers need to judge it.
//
// The kinds stand in model/kafka/notes/, one file a speaker or subject; here are the lists of them.
#ifndef MODEL_KAFKA_NOTES_H_
#define MODEL_KAFKA_NOTES_H_

#include <concepts>
#include <cstdint>
#include <optional>
#include <string_view>

#include "model/kafka/notes/consumers.h"
#include "model/kafka/notes/controller.h"
#include "model/kafka/notes/logs.h"
#include "model/kafka/notes/producers.h"
#include "model/kafka/notes/replication.h"
#include "model/kafka/vocabulary/errors.h"
#include "model/kafka/vocabulary/ids.h"
#include "model/kafka/vocabulary/requests.h"
#include "sim/notes/engine_notes.h"
#include "sim/notes/note.h"

namespace kafka {

// What brokers say: all of it is about a partition, and about the speaker's log of it.
using BrokerNotes = sim::JoinedNotes<notes::LogNotes, notes::ReplicationNotes>;
using Notes = sim::JoinedNotes<notes::ProducerNotes, BrokerNotes, notes::ControllerNotes,
                               notes::ConsumerNotes>;
// With those of the engine.
using AllNotes = sim::JoinedNotes<sim::EngineNotes, Notes>;

namespace notes {

template <typename N>
concept HasPartition = requires(N note) {
  { note.partition } -> std::same_as<PartitionId&>;
};

}  // namespace notes

inline constexpr auto kSpeakers = Notes::TableOf<notes::Speaker>(
    notes::Speaker::kEngine, []<typename N>() { return N::kNote.speaker; });
[[gnu::always_inline]] constexpr notes::Speaker SpeakerOf(uint16_t kind) {
  return kind < kSpeakers.size() ? kSpeakers[kind] : notes::Speaker::kEngine;
}

// The subject of the kind is a partition.
constexpr bool IsAboutPartition(uint16_t kind) {
  constexpr auto about =
      Notes::TableOf<bool>(false, []<typename N>() { return notes::HasPartition<N>; });
  return kind < about.size() && about[kind];
}
// Requires: IsAboutPartition.
constexpr PartitionId PartitionOf(const sim::Note& note) {
  return {static_cast<uint16_t>(note.subject)};
}

// The kind that scenarios call so, as a point for a fault to strike at.
std::optional<uint16_t> KindOfFaultPoint(std::string_view name);

}  // namespace kafka

#endif  // MODEL_KAFKA_NOTES_H_
