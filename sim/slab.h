// sim/slab.h
//
// Where pending events and their larger bodies lie: a slab with a free list, and a pool of blocks
// in powers of two.
//
// Invariants:  a body above Event::kInlineBytes has one block, freed when its event's slot is freed
//              and nowhere else.
#ifndef SIM_SLAB_H_
#define SIM_SLAB_H_

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "sim/check.h"
#include "sim/event.h"

namespace sim {

// A chain of parked events in the slab: slot + 1, 0 is empty.
struct EventChain {
  uint32_t head = 0;
  uint32_t tail = 0;
  bool empty() const { return head == 0; }
  friend bool operator==(const EventChain&, const EventChain&) = default;
};

class EventSlab {
 public:
  Event& operator[](uint32_t slot) { return events_[slot]; }
  const Event& operator[](uint32_t slot) const { return events_[slot]; }

  // Words that may be read where a body lies that is to be added, however small it is: copies of a
  // fixed size need no call.
  static constexpr uint32_t kReadable = 8;

  // A slot with the first `size` bytes at `words` as its body. The header fields are the caller's
  // to set. Required: kReadable words may be read at `words`.
  [[gnu::always_inline]] uint32_t Add(const uint64_t* words, uint16_t size) {
    uint32_t slot = free_head_;
    if (slot == kNoSlot) {
      slot = static_cast<uint32_t>(events_.size());
      SIM_CHECK(slot < kSlotsMax);
      events_.emplace_back();
    } else {
      free_head_ = events_[slot].next;
    }
    Event& event = events_[slot];
    event.size = size;
    event.next = 0;
    if (size <= Event::kInlineBytes) [[likely]] {
      std::memcpy(event.body.data(), words, Event::kInlineBytes);
    } else if (size <= 8 * kReadable) {
      event.pool = Allocate(kReadable);
      std::memcpy(&blocks_[event.pool], words, 8 * kReadable);
    } else {
      event.pool = AddBlock(words, (size + 7u) / 8u);
    }
    return slot;
  }
  void Free(uint32_t slot) {
    Event& event = events_[slot];
    if (event.size > Event::kInlineBytes) Release(event.pool, (event.size + 7u) / 8u);
    event.next = free_head_;
    free_head_ = slot;
  }
  const std::byte* Body(const Event& event) const {
    if (event.size <= Event::kInlineBytes) return event.body.data();
    return reinterpret_cast<const std::byte*>(&blocks_[event.pool]);
  }

  // ---- Chains ----

  void Append(EventChain& chain, uint32_t slot) {
    events_[slot].next = 0;
    if (chain.tail != 0) events_[chain.tail - 1].next = slot + 1;
    if (chain.head == 0) chain.head = slot + 1;
    chain.tail = slot + 1;
  }
  // Required: the chain is not empty.
  uint32_t TakeFirst(EventChain& chain) {
    const uint32_t slot = chain.head - 1;
    chain.head = events_[slot].next;
    events_[slot].next = 0;
    if (chain.head == 0) chain.tail = 0;
    return slot;
  }
  void FreeAll(EventChain& chain) {
    while (!chain.empty()) Free(TakeFirst(chain));
  }
  // Calls visit(slot) for each event of the chain, from the first on.
  template <typename Visit>
  void ForEach(const EventChain& chain, const Visit& visit) const {
    for (uint32_t at = chain.head; at != 0; at = events_[at - 1].next) visit(at - 1);
  }

 private:
  static constexpr uint32_t kNoSlot = 0xffffffff;
  static constexpr uint32_t kSlotsMax = 1u << 23;  // above it are timers (TimerTable::kSlotBase)

  // Size classes are powers of two of 8-byte words, from 8 words up.
  static uint32_t ClassOf(size_t words) {
    return words <= kReadable ? 3u : static_cast<uint32_t>(std::bit_width(words - 1));
  }
  [[gnu::noinline]] uint32_t AddBlock(const uint64_t* words, size_t count) {
    const uint32_t block = Allocate(count);
    std::memcpy(&blocks_[block], words, count * sizeof(uint64_t));
    return block;
  }
  uint32_t Allocate(size_t words) {
    uint32_t& head = free_blocks_[ClassOf(words)];
    if (head != kNoSlot) {
      const uint32_t block = head;
      head = static_cast<uint32_t>(blocks_[block]);
      return block;
    }
    const auto block = static_cast<uint32_t>(blocks_.size());
    blocks_.resize(blocks_.size() + (size_t{1} << ClassOf(words)));
    return block;
  }
  void Release(uint32_t block, size_t words) {
    uint32_t& head = free_blocks_[ClassOf(words)];
    blocks_[block] = head;
    head = block;
  }

  std::vector<Event> events_;
  std::vector<uint64_t> blocks_;
  uint32_t free_head_ = kNoSlot;
  std::array<uint32_t, 16> free_blocks_ = MakeEmpty();

  static constexpr std::array<uint32_t, 16> MakeEmpty() {
    std::array<uint32_t, 16> heads{};
    heads.fill(kNoSlot);
    return heads;
  }
};

}  // namespace sim

#endif  // SIM_SLAB_H_
