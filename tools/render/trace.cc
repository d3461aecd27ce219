#include "tools/render/trace.h"

#include <cstdio>
#include <vector>

#include "tools/render/lists.h"
#include "tools/render/style.h"
#include "tools/render/trace_lines.h"
#include "tools/render/words.h"

namespace render {
namespace {

const char* EngineKind(const sim::Note& note) {
  if (note.Is<sim::notes::FaultFired>()) return "FAULT";
  if (note.Is<sim::notes::WrittenBack, sim::notes::DataLost, sim::notes::DiskReplaced,
              sim::notes::Found>()) {
    return "disk";
  }
  return note.Is<sim::notes::Connected, sim::notes::Disconnected>() ? "connection" : "host";
}

}  // namespace

std::string AcksText(kafka::Acks acks) { return AcksText(static_cast<int32_t>(acks)); }

std::string BrokersText(const kafka::Setup& setup, kafka::BrokerSet set) {
  std::vector<std::string> names;
  for (uint8_t i = 0; i < setup.brokers.size(); ++i) {
    if (set.contains({i})) names.push_back(setup.brokers[i].name);
  }
  return names.empty() ? "nobody" : Joined(names);
}

// The answers' numbers are the model's plus one.
std::string ConsumerEndText(kafka::ConsumerEnd why) {
  return ReaderEndText(static_cast<answers::ReaderEnd>(static_cast<int>(why) + 1));
}

std::string FormatMilliseconds(sim::SimTime time) {
  char text[32];
  const auto ms = static_cast<uint64_t>(time.ns) / 1'000'000;
  std::snprintf(text, sizeof(text), "%llu.%03llu", static_cast<unsigned long long>(ms / 1000),
                static_cast<unsigned long long>(ms % 1000));
  return text;
}

std::string FormatTime(sim::SimTime time) {
  char text[16];
  const auto ns = static_cast<uint64_t>(time.ns);
  std::snprintf(text, sizeof(text), " %03llu %03llu",
                static_cast<unsigned long long>(ns / 1000 % 1000),
                static_cast<unsigned long long>(ns % 1000));
  return FormatMilliseconds(time) + text;
}

bool IsAboutMessages(const sim::Note& note) {
  namespace engine = sim::notes;
  using namespace kafka::notes;
  return note
      .Is<engine::FaultFired, engine::ProcessStarted, engine::ProcessKilled, engine::PowerLost,
          engine::PowerBack, engine::KernelPanic, engine::LinkCut, engine::LinkHealed,
          engine::DataLost, engine::GraceOver, engine::DiskReplaced, Sent, SendRefused, Retried,
          AckedToApplication, FailedToApplication, Appended, Duplicate, ProduceRejected, Truncated,
          Loaded, Recovered, HighWatermark, PartitionState, Fenced, Processed>();
}

std::string Describe(const kafka::Setup& setup, const kafka::Tables& tables, const sim::Note& note,
                     TraceDetail detail) {
  const bool of_engine = note.kind < sim::kFirstSystemNote;
  const char* kind = of_engine ? EngineKind(note) : kafka::Notes::NameOf(note.kind);
  return PadRight(NameOfMachine(setup, note.machine), 16) + " " + PadRight(kind, 28) +
         TraceLine({setup, tables}, note) +
         (detail == TraceDetail::kAllFields ? UnsaidFields(note) : "");
}

}  // namespace render
