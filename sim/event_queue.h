// sim/event_queue.h
//
// The pending events, ordered by (time, insertion number).
//
// This is the one place that decides which pending event comes next. A radix heap, permuted ties or
// random priorities take its place behind the same functions. Timers have a heap of their own: most
// are armed far ahead and cancelled, and every arrival would have to be compared with some of them.
// What is due in a moment, in the order in which it was pushed, waits in a line and is never
// sifted.
//
// Invariants:  Pop returns the least of all keys.
#ifndef SIM_EVENT_QUEUE_H_
#define SIM_EVENT_QUEUE_H_

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/check.h"
#include "sim/key_heap.h"
#include "sim/time.h"

namespace sim {

// Keys that are pushed in their order.
class KeyLine {
 public:
  bool empty() const { return first_ == keys_.size(); }
  uint32_t size() const { return static_cast<uint32_t>(keys_.size()) - first_; }
  // Last() if there is none.
  QueueKey Top() const { return empty() ? QueueKey::Last() : keys_[first_]; }
  void Push(QueueKey key) {
    if (!empty()) SIM_CHECK(keys_.back() < key);
    if (keys_.size() == keys_.capacity()) [[unlikely]]
      MakeRoom();
    keys_.push_back(key);
  }
  // Required: not empty.
  void Pop() {
    if (++first_ == keys_.size()) Clear();
  }
  void Clear() {
    keys_.clear();
    first_ = 0;
  }
  std::span<const QueueKey> Pending() const { return std::span(keys_).subspan(first_); }

 private:
  static constexpr uint32_t kReserved = 64;  // as KeyHeap

  void MakeRoom() {
    keys_.erase(keys_.begin(), keys_.begin() + first_);
    first_ = 0;
    keys_.reserve(kReserved);
  }

  std::vector<QueueKey> keys_;
  uint32_t first_ = 0;  // those before it are gone
};

class EventQueue {
 public:
  bool empty() const { return size() == 0; }
  uint32_t size() const { return events_.size() + soon_.size() + timers_.size(); }
  // As Pop would return it; Last() if there is none.
  QueueKey Peek() const { return std::min(next_other_, events_.Peek()); }

  [[gnu::always_inline]] void Push(QueueKey key) { events_.Push(key); }
  // An event that is due after all that were pushed with PushSoon before.
  void PushSoon(QueueKey key) {
    soon_.Push(key);
    next_other_ = std::min(next_other_, key);
  }
  void PushTimer(QueueKey key) {
    timers_.Push(key);
    next_other_ = std::min(next_other_, key);
  }

  // The least key goes to `key`. False, and nothing happens, if its time is after `until` or there
  // is none.
  [[gnu::always_inline]] bool Pop(SimTime until, QueueKey& key) {
    key = events_.Top();
    if (next_other_ < key) [[unlikely]]
      return PopOther(until, key);
    if (key.time() > until) return false;
    events_.Pop();
    return true;
  }

  void Clear() {
    events_.Clear();
    soon_.Clear();
    timers_.Clear();
    next_other_ = QueueKey::Last();
  }
  // Calls visit(key) for each event that is no timer, in any order.
  template <typename Visit>
  void ForEachEvent(const Visit& visit) const {
    for (const QueueKey key : events_.Pending()) visit(key);
    for (const QueueKey key : soon_.Pending()) visit(key);
  }

 private:
  [[gnu::noinline]] bool PopOther(SimTime until, QueueKey& key) {
    if (next_other_.time() > until) return false;
    key = next_other_;
    if (soon_.Top() == key) {
      soon_.Pop();
    } else {
      timers_.Pop();
    }
    next_other_ = std::min(soon_.Top(), timers_.Top());
    return true;
  }

  KeyHeap events_;
  KeyLine soon_;
  KeyHeap timers_;
  QueueKey next_other_ = QueueKey::Last();  // the least of what is not in events_
};

}  // namespace sim

#endif  // SIM_EVENT_QUEUE_H_
