// Every kind of note has a line that shows each of its fields: in words, or by its name.
#include "tools/render/trace.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "sim/event.h"
#include "sim/faults/fault.h"
#include "sim/storage/host_storage.h"

namespace render {
namespace {

// Fields that a line shows otherwise than by themselves.
const std::set<std::string> kShownByTheSpeaker = {
    // A line begins with the process that speaks, and a process stays on its host.
    "process_started.host", "process_killed.host", "process_exited.host", "stop_requested.host",
    "grace_over.host", "paused.host", "resumed.host",
    // The client that speaks.
    "producer_idle.producer", "polled.consumer", "processed.consumer", "position_reset.consumer",
    "consumer_caught_up.consumer", "consumer_ended.consumer"};

// Enough brokers and partitions for every value below; no batch and no message, so that their
// numbers show.
kafka::Setup SomeSetup() {
  kafka::Setup setup;
  setup.topics.push_back({.name = "orders", .settings = {}, .partitions = {}});
  for (uint16_t i = 0; i < 12; ++i) {
    setup.brokers.push_back({.name = "broker-" + std::to_string(i + 1)});
    setup.partitions.push_back({.topic = {0}, .index = i, .replicas = {}});
  }
  setup.producers.push_back({.name = "producer/shop"});
  return setup;
}

std::string LineOf(const sim::Note& note) {
  static const kafka::Setup setup = SomeSetup();
  return Describe(setup, {}, note, TraceDetail::kAllFields);
}

// Two values of a field, `which` = 0 and 1, that no other field of a note has. `place` counts the
// note's fields.
template <typename Value>
Value SomeValue(uint32_t place, uint32_t which) {
  if constexpr (std::is_same_v<Value, bool>) {
    return which == 1;
  } else if constexpr (std::is_enum_v<Value>) {
    return static_cast<Value>(which + 1);
  } else if constexpr (std::is_integral_v<Value>) {
    return static_cast<Value>(31 + 10 * place + which);
  } else if constexpr (requires(Value value) { value.ns; }) {
    return Value{int64_t{31 + 10 * place + which}};
  } else if constexpr (std::is_same_v<Value, kafka::BrokerId> ||
                       std::is_same_v<Value, kafka::PartitionId> ||
                       std::is_same_v<Value, sim::HostId> || std::is_same_v<Value, sim::FileId> ||
                       std::is_same_v<Value, sim::MachineId>) {
    return Value{static_cast<decltype(Value::value)>(2 + 2 * place + which)};
  } else {
    return Value{static_cast<decltype(Value::value)>(31 + 10 * place + which)};
  }
}

template <typename Kind>
Kind SomeNote() {
  Kind note{};
  uint32_t place = 0;
  std::apply(
      [&](const auto&... fields) {
        ((note.*(fields.member) =
              SomeValue<typename std::remove_cvref_t<decltype(fields)>::Type>(place++, 0)),
         ...);
      },
      Kind::kFields);
  return note;
}

// The fields of a kind that may change without a change of the line.
template <typename Kind>
std::vector<std::string> Hidden() {
  std::vector<std::string> hidden;
  uint32_t place = 0;
  const Kind note = SomeNote<Kind>();
  const auto look = [&](const auto& field) {
    Kind other = note;
    other.*(field.member) =
        SomeValue<typename std::remove_cvref_t<decltype(field)>::Type>(place++, 1);
    const std::string name = std::string(Kind::kNote.name) + "." + field.name;
    const bool shows =
        LineOf(sim::Note::Of(sim::MachineId{4}, note)) != LineOf(sim::Note::Of({4}, other));
    if (!shows && !kShownByTheSpeaker.contains(name)) hidden.push_back(name);
  };
  std::apply([&](const auto&... fields) { (look(fields), ...); }, Kind::kFields);
  return hidden;
}

TEST(TraceLine, ShowsEveryFieldOfEveryKind) {
  kafka::AllNotes::ForEach(
      []<typename Kind>() { EXPECT_THAT(Hidden<Kind>(), testing::IsEmpty()); });
}

// Numbers are there as themselves, not only by a difference that they make.
template <typename Kind>
void ExpectNumbers() {
  const Kind note = SomeNote<Kind>();
  const std::string line = LineOf(sim::Note::Of(sim::MachineId{4}, note));
  const auto look = [&](const auto& field) {
    using Value = typename std::remove_cvref_t<decltype(field)>::Type;
    if constexpr (std::is_same_v<Value, kafka::Offset> ||
                  std::is_same_v<Value, kafka::LeaderEpoch> ||
                  std::is_same_v<Value, kafka::PartitionEpoch> ||
                  std::is_same_v<Value, kafka::BrokerEpoch> ||
                  std::is_same_v<Value, kafka::BatchId> ||
                  std::is_same_v<Value, kafka::MessageId> ||
                  std::is_same_v<Value, kafka::AppendedId>) {
      EXPECT_THAT(line, testing::HasSubstr(std::to_string((note.*(field.member)).value)))
          << Kind::kNote.name << "." << field.name;
    }
  };
  std::apply([&](const auto&... fields) { (look(fields), ...); }, Kind::kFields);
}

TEST(TraceLine, ShowsOffsetsEpochsAndIdsAsNumbers) {
  kafka::AllNotes::ForEach([]<typename Kind>() { ExpectNumbers<Kind>(); });
}

// Its line said nothing but the partition.
TEST(TraceLine, OfAForgottenProposalSaysWhatTookItsPlace) {
  const kafka::notes::ProposalForgotten note{.partition = {0},
                                             .proposed = {0b111},
                                             .leader_epoch = {4},
                                             .partition_epoch = {9},
                                             .committed = {0b011}};
  EXPECT_THAT(LineOf(sim::Note::Of(sim::MachineId{2}, note)),
              testing::HasSubstr("orders-0 {1,2,3} for {1,2} epoch 4 partition epoch 9"));
}

}  // namespace
}  // namespace render
