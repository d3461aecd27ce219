// What the line of a note leaves unsaid: the fields that only a full trace shows, by their names.
#include <string_view>

#include "tools/render/trace.h"
#include "tools/render/trace_lines.h"
#include "tools/render/words.h"

namespace render {
namespace {

struct FieldOfKind {
  uint16_t kind;
  std::string_view field;
};
template <typename Kind>
constexpr FieldOfKind Of(std::string_view field) {
  return {Kind::kNote.number, field};
}

// A field that is neither here nor in the line's words is missed by
// tests/tools/trace_test.cc.
constexpr FieldOfKind kUnsaid[] = {
    Of<kafka::notes::Sent>("has_callback"),
    Of<kafka::notes::Sent>("idempotent"),
    Of<kafka::notes::SendRefused>("partition"),
    Of<kafka::notes::FailedToApplication>("maybe_written"),
    Of<kafka::notes::Retried>("attempt"),
    Of<kafka::notes::Renumbered>("renumbered"),
    Of<kafka::notes::Appended>("first"),
    Of<kafka::notes::Appended>("count"),
    Of<kafka::notes::LogKept>("count"),
    Of<kafka::notes::ProduceRejected>("epoch"),
    Of<kafka::notes::FollowerHighWatermark>("leader"),
    Of<kafka::notes::FollowerHighWatermark>("epoch"),
    Of<kafka::notes::FollowerFetched>("epoch"),
    Of<kafka::notes::IsrProposed>("partition_epoch"),
    Of<kafka::notes::IsrCommitted>("partition_epoch"),
    Of<kafka::notes::Registered>("incarnation"),
    Of<kafka::notes::Fenced>("reason"),
    Of<kafka::notes::PartitionState>("partition_epoch"),
    Of<kafka::notes::PartitionState>("last_known_leader"),
    Of<kafka::notes::PartitionState>("min_isr"),
    Of<kafka::notes::Committed>("group"),
    Of<kafka::notes::ConsumerCaughtUp>("position"),
    Of<kafka::notes::ConsumerEnded>("position"),
    Of<sim::notes::ProcessKilled>("incarnation"),
    Of<sim::notes::ProcessExited>("incarnation"),
    Of<sim::notes::FaultFired>("uid"),
    Of<sim::notes::WrittenBack>("file"),
    Of<sim::notes::DataLost>("file"),
    Of<sim::notes::DataLost>("how"),
    Of<sim::notes::Found>("file"),
    Of<sim::notes::Found>("kind"),
    Of<sim::notes::Connected>("connection"),
    Of<sim::notes::Disconnected>("connection"),
};

bool IsUnsaid(uint16_t kind, std::string_view field) {
  for (const FieldOfKind& each : kUnsaid) {
    if (each.kind == kind && each.field == field) return true;
  }
  return false;
}

std::string ValueText(bool value) { return value ? "yes" : "no"; }
std::string ValueText(kafka::BrokerId broker) { return TraceName(broker); }
std::string ValueText(kafka::FenceReason reason) {
  switch (reason) {
    case kafka::FenceReason::kSessionExpired:
      return "session_expired";
    case kafka::FenceReason::kOwnWish:
      return "own_wish";
    case kafka::FenceReason::kReplaced:
      break;
  }
  return "replaced";
}
template <typename Value>
std::string ValueText(Value value) {
  if constexpr (std::is_enum_v<Value>) {
    return std::to_string(static_cast<int64_t>(value));
  } else if constexpr (std::is_integral_v<Value>) {
    return std::to_string(value);
  } else if constexpr (requires { value.ns; }) {
    return std::to_string(value.ns);
  } else {
    return std::to_string(value.value);
  }
}

}  // namespace

std::string UnsaidFields(const sim::Note& note) {
  std::string text;
  kafka::AllNotes::Visit(note, [&](const auto& what) {
    using Kind = std::remove_cvref_t<decltype(what)>;
    const auto add = [&](const auto& field) {
      if (!IsUnsaid(Kind::kNote.number, field.name)) return;
      text += " " + std::string(field.name) + "=" + ValueText(what.*(field.member));
    };
    std::apply([&](const auto&... fields) { (add(fields), ...); }, Kind::kFields);
  });
  return text.empty() ? text : " |" + text;
}

}  // namespace render
