// sim/digest.h
//
// The digest of a run: 128 bits, chained over every event and every note, and over the hash of the
// whole state at checkpoints (World::Checkpoint): a run that went another way without anybody
// saying so differs too.
//
// Invariants:  every field of every event and note counts, and so does their order. Whoever watches
//              a run may compute it again from what it saw (EventRecord, Note, StateHash) and must
//              get the same.
// Complexity:  four words a block, two multiplications that do not wait for each other.
#ifndef SIM_DIGEST_H_
#define SIM_DIGEST_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "sim/event.h"
#include "sim/hash.h"
#include "sim/ids.h"
#include "sim/notes/note.h"
#include "sim/time.h"

namespace sim {

// One event as the digest sees it.
struct EventHeader {
  SimTime time;
  EventKind kind{};
  MachineId machine;
  uint32_t connection = 0xffffffff;  // its serial number
  EventId cause;
  TimerTag tag;  // kTimer
};
// For who wants to look at it later; see World::Scratch.
struct EventRecord {
  EventHeader header;
  std::vector<std::byte> body;
};

class RunDigest {
 public:
  explicit constexpr RunDigest(uint64_t seed = 0) { Block(seed, 0, 0, 0); }

  void AddEvent(const EventHeader& event, const std::byte* body, uint32_t size) {
    AddEvent(event.time, event.kind, event.machine, event.connection, event.cause, event.tag, body,
             size);
  }
  // Once for every event: eight arguments cost as much as a block.
  [[gnu::always_inline]] void AddEvent(SimTime time, EventKind kind, MachineId machine,
                                       uint32_t connection, EventId cause, TimerTag tag,
                                       const std::byte* body, uint32_t size) {
    const uint64_t what =
        uint64_t{static_cast<uint8_t>(kind)} << 32 | uint64_t{machine.value} << 16 | size;
    high_ ^= kMix2;  // a note with these very words is something else
    Block(what, static_cast<uint64_t>(time.ns), uint64_t{connection} << 32 | cause.value,
          tag.packed());
    for (; size >= 32; size -= 32, body += 32) BlockAt(body);
    if (size == 0) return;
    if (size % 8 == 0) {  // whole words, which is what bodies are made of
      uint64_t a, b = 0, c = 0;
      std::memcpy(&a, body, 8);
      if (size > 8) std::memcpy(&b, body + 8, 8);
      if (size > 16) std::memcpy(&c, body + 16, 8);
      return Block(a, b, c, 0);
    }
    uint64_t words[4] = {};  // filled by words, as they are read
    uint32_t at = 0;
    for (; at + 8 <= size; at += 8) std::memcpy(&words[at / 8], body + at, 8);
    for (uint32_t shift = 0; at + shift / 8 < size; shift += 8) {
      words[at / 8] |= uint64_t{std::to_integer<uint8_t>(body[at + shift / 8])} << shift;
    }
    Block(words[0], words[1], words[2], words[3]);
  }
  void AddNote(const Note& note) {
    Block(uint64_t{note.subject} << 32 | uint64_t{note.machine.value} << 16 | note.kind, note.a,
          note.b, note.c);
  }
  void AddState(uint64_t state_hash) {
    low_ ^= kMix0;  // a note with this very word is something else
    Block(state_hash, 0, 0, 0);
  }
  constexpr Digest128 value() const { return {Mix(high_, low_), Mix(low_, high_ ^ kMix1)}; }
  friend constexpr bool operator==(const RunDigest&, const RunDigest&) = default;

 private:
  static constexpr uint64_t Rotate(uint64_t word) { return (word << 23) | (word >> 41); }
  void BlockAt(const std::byte* at) {
    uint64_t words[4];
    std::memcpy(words, at, 32);
    Block(words[0], words[1], words[2], words[3]);
  }
  // Each lane takes the other's past, so that a difference in two words is in both from then on.
  constexpr void Block(uint64_t a, uint64_t b, uint64_t c, uint64_t d) {
    const uint64_t high = MulFold(a ^ kMix0, b ^ high_) + Rotate(low_);
    low_ = MulFold(c ^ kMix1, d ^ low_) + Rotate(high_);
    high_ = high;
  }

  uint64_t high_ = kMix1;
  uint64_t low_ = kMix2;
};

}  // namespace sim

#endif  // SIM_DIGEST_H_
