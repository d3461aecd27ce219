// model/kafka/explain/row.h
//
// A row of a chain: something that happened and mattered to one message, and where its copies were
// afterwards. A row holds facts alone; tools/render/explain_text makes words of them.
#ifndef MODEL_KAFKA_EXPLAIN_ROW_H_
#define MODEL_KAFKA_EXPLAIN_ROW_H_

#include <array>
#include <cstdint>
#include <variant>

#include "model/kafka/explain/row_details.h"
#include "sim/notes/note.h"

namespace kafka::explain {

// The safest place in which a broker has the message.
enum class Layer : uint8_t {
  kNone,
  kPageCache,   // goes with the kernel
  kDriveCache,  // goes with the power
  kMedium,
  kDead,  // its process is down; what it wrote is still there
};
using Copies = std::array<Layer, kafka::kMaxBrokers>;  // by broker

constexpr bool IsAnywhere(const Copies& copies) {
  for (const Layer layer : copies) {
    if (layer != Layer::kNone) return true;
  }
  return false;
}

struct Row {
  enum Mark : uint8_t { kPromise = 1, kNoReturn = 2, kErased = 4 };

  row::Detail detail;
  sim::NoteHeader header;
  sim::MachineId machine;  // who said it; none: the engine
  uint32_t times = 1;      // how often, of rows that were made one
  uint8_t marks = 0;
  uint8_t rank = 9;  // 0: never left out
  bool decisive = false;
  Copies copies{};

  // The details, or null if the row is of another kind.
  template <typename Kind>
  const Kind* As() const {
    return std::get_if<Kind>(&detail);
  }
  template <typename Kind>
  Kind* As() {
    return std::get_if<Kind>(&detail);
  }
  template <typename... Kinds>
  bool Is() const {
    return (std::holds_alternative<Kinds>(detail) || ...);
  }
};

// "APPENDED": what the explanation's JSON calls the kind.
const char* NameOf(const row::Detail& detail);

}  // namespace kafka::explain

#endif  // MODEL_KAFKA_EXPLAIN_ROW_H_
