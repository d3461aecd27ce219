// tools/analysis/recording.h
//
// What a run did, event by event, compact enough to travel in a capsule: time, four bytes of the
// digest, and the notes.
//
// Format (before compression), an event: varint time since the event before, 4 bytes of the chained
// digest, varint number of notes, and per note varints kind, machine, subject, a, b, c.
#ifndef TOOLS_ANALYSIS_RECORDING_H_
#define TOOLS_ANALYSIS_RECORDING_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/kafka/run.h"

namespace analysis {

class Recorder : public kafka::RunWatcher {
 public:
  void OnEvent(const sim::NoteHeader& header, std::span<const sim::Note> notes,
               const kafka::World& world) override;
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
  sim::SimTime last_{};
};

// Tells all of them, in order. They outlive it.
class Watchers : public kafka::RunWatcher {
 public:
  void Add(kafka::RunWatcher* watcher) { watchers_.push_back(watcher); }

  void OnEvent(const sim::NoteHeader& header, std::span<const sim::Note> notes,
               const kafka::World& world) override {
    for (kafka::RunWatcher* watcher : watchers_) watcher->OnEvent(header, notes, world);
  }

 private:
  std::vector<kafka::RunWatcher*> watchers_;
};

struct RecordedEvent {
  uint64_t number = 0;  // from 0: the start of the world
  sim::SimTime time;
  uint32_t digest = 0;
  std::vector<sim::Note> notes;
};

// Reads a recording forward. `Next` is nullopt at the end, and at bytes that make no sense.
class RecordingReader {
 public:
  explicit RecordingReader(std::string_view bytes) : rest_(bytes) {}
  std::optional<RecordedEvent> Next();
  bool damaged() const { return damaged_; }

 private:
  std::optional<uint64_t> Varint();

  std::string_view rest_;
  uint64_t number_ = 0;
  sim::SimTime time_{};
  bool damaged_ = false;
};

// The first event in which two recordings differ; either side is absent where that one had ended.
struct Divergence {
  std::optional<RecordedEvent> recorded;
  std::optional<RecordedEvent> now;
};
std::optional<Divergence> FirstDifference(std::string_view recorded, std::string_view now);
// The first in which they differ in time or in what is said: a digest alone tells a reader nothing.
// Absent where only digests differ.
std::optional<Divergence> FirstSpokenDifference(std::string_view left, std::string_view right);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_RECORDING_H_
