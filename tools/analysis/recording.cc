#include "tools/analysis/recording.h"

#include <algorithm>

namespace analysis {
namespace {

void PutVarint(uint64_t value, std::string& out) {
  while (value >= 0x80) {
    out.push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out.push_back(static_cast<char>(value));
}

bool SayTheSame(const RecordedEvent& a, const RecordedEvent& b) {
  return a.time == b.time && a.notes == b.notes;
}

bool AreTheSame(const RecordedEvent& a, const RecordedEvent& b) {
  return SayTheSame(a, b) && a.digest == b.digest;
}

std::optional<Divergence> FirstWithout(bool (*agree)(const RecordedEvent&, const RecordedEvent&),
                                       std::string_view recorded, std::string_view now) {
  RecordingReader a(recorded);
  RecordingReader b(now);
  for (;;) {
    Divergence here{a.Next(), b.Next()};
    if (!here.recorded && !here.now) return std::nullopt;
    if (!here.recorded || !here.now || !agree(*here.recorded, *here.now)) return here;
  }
}

}  // namespace

void Recorder::OnEvent(const sim::NoteHeader& header, std::span<const sim::Note> notes,
                       const kafka::World& world) {
  PutVarint(static_cast<uint64_t>(header.time.ns - last_.ns), bytes_);
  last_ = header.time;
  const auto digest = static_cast<uint32_t>(world.digest().low);
  for (int shift = 0; shift < 32; shift += 8) bytes_.push_back(static_cast<char>(digest >> shift));
  PutVarint(notes.size(), bytes_);
  for (const sim::Note& note : notes) {
    PutVarint(note.kind, bytes_);
    PutVarint(note.machine.value, bytes_);
    PutVarint(note.subject, bytes_);
    PutVarint(note.a, bytes_);
    PutVarint(note.b, bytes_);
    PutVarint(note.c, bytes_);
  }
}

std::optional<uint64_t> RecordingReader::Varint() {
  uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    if (rest_.empty()) break;
    const auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    value |= uint64_t{byte & 0x7fu} << shift;
    if ((byte & 0x80) == 0) return value;
  }
  damaged_ = true;
  return std::nullopt;
}

std::optional<RecordedEvent> RecordingReader::Next() {
  if (rest_.empty() || damaged_) return std::nullopt;
  RecordedEvent event;
  event.number = number_++;
  const auto elapsed = Varint();
  if (!elapsed || rest_.size() < 4) return damaged_ = true, std::nullopt;
  time_ = time_ + sim::Duration{static_cast<int64_t>(*elapsed)};
  event.time = time_;
  for (int shift = 0; shift < 32; shift += 8) {
    event.digest |= uint32_t{static_cast<unsigned char>(rest_.front())} << shift;
    rest_.remove_prefix(1);
  }
  const auto count = Varint();
  if (!count || *count > rest_.size()) return damaged_ = true, std::nullopt;
  for (uint64_t i = 0; i < *count; ++i) {
    uint64_t fields[6];
    for (uint64_t& field : fields) {
      const auto value = Varint();
      if (!value) return std::nullopt;
      field = *value;
    }
    event.notes.push_back({.kind = static_cast<uint16_t>(fields[0]),
                           .machine = {static_cast<uint16_t>(fields[1])},
                           .subject = static_cast<uint32_t>(fields[2]),
                           .a = fields[3],
                           .b = fields[4],
                           .c = fields[5]});
  }
  return event;
}

std::optional<Divergence> FirstDifference(std::string_view recorded, std::string_view now) {
  return FirstWithout(AreTheSame, recorded, now);
}

std::optional<Divergence> FirstSpokenDifference(std::string_view left, std::string_view right) {
  return FirstWithout(SayTheSame, left, right);
}

}  // namespace analysis
