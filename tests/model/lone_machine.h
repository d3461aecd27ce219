// tests/model/lone_machine.h
//
// What a machine needs to be called without an engine: a cluster of three brokers with the topic
// "orders", tables, a disk, clocks, and effects to read afterwards.
#ifndef TESTS_MODEL_LONE_MACHINE_H_
#define TESTS_MODEL_LONE_MACHINE_H_

#include <span>
#include <string>
#include <vector>

#include "model/kafka/context.h"

namespace kafka {

constexpr BrokerId kB1{0}, kB2{1}, kB3{2};

class CountingIds : public sim::ConnectionIds {
 public:
  sim::ConnectionId Reserve() override { return {next_ += 1u << sim::ConnectionId::kSlotBits}; }

 private:
  uint32_t next_ = 1u << 20;
};

struct LoneMachine {
  Setup setup;
  Tables tables;
  sim::Choices choices{1};
  sim::HostStorage disk{{}, 1};
  CountingIds ids;
  Effects out;
  sim::MonoTime mono{};
  sim::WallTime wall{};

  explicit LoneMachine(uint16_t partitions = 1) {
    for (const char* name : {"broker-1", "broker-2", "broker-3"}) {
      setup.brokers.emplace_back().name = name;
    }
    setup.topics.emplace_back().name = "orders";
    for (uint16_t i = 0; i < partitions; ++i) {
      setup.topics[0].partitions.push_back({i});
      setup.partitions.push_back({.topic = {0}, .index = i, .replicas = {kB1, kB2, kB3}});
    }
    tables.appended.resize(partitions);
    out.Attach(&ids);
    out.AttachTables(&tables);
  }

  Context ContextOf(sim::MachineId self, const std::string& name) {
    out.SpeakAs(self);
    Context ctx;
    ctx.self = self;
    ctx.self_name = sim::HashName(name);
    ctx.mono = mono;
    ctx.wall = wall;
    ctx.choices = &choices;
    ctx.disk = &disk;
    ctx.setup = &setup;
    ctx.tables = &tables;
    return ctx;
  }
};

// What was said of one kind.
template <sim::NoteKind N>
std::vector<N> OnlyOf(std::span<const sim::Note> notes) {
  std::vector<N> found;
  for (const sim::Note& note : notes) {
    if (const auto said = note.If<N>()) found.push_back(*said);
  }
  return found;
}

}  // namespace kafka

#endif  // TESTS_MODEL_LONE_MACHINE_H_
