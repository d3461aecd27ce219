// The order of events and the re-armed timers, against references that are too simple to be wrong.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <vector>

#include "sim/event_queue.h"
#include "sim/timers.h"

namespace sim {
namespace {

uint64_t EventsIn(const EventQueue& queue) {
  uint64_t count = 0;
  queue.ForEachEvent([&](QueueKey) { ++count; });
  return count;
}

// Whatever is due at the horizon comes in its order.
void PushEvent(EventQueue& queue, QueueKey key, SimTime horizon) {
  key.time() == horizon ? queue.PushSoon(key) : queue.Push(key);
}

TEST(Queue, PopsInOrderOfTimeAndInsertionNumber) {
  EXPECT_TRUE(rc::check("as a sorted list would", [] {
    EventQueue queue;
    std::set<std::pair<int64_t, uint64_t>> reference;
    uint64_t number = 0, events = 0, ties = 0;
    int64_t now = 0;
    for (int left = *rc::gen::inRange(100, 400); left > 0; --left) {
      QueueKey key;
      if (*rc::gen::inRange(0, 5) < 3) {
        const int64_t time = now + *rc::gen::inRange(0, 4);  // few values: many ties
        const bool timer = number % 3 == 0;
        const QueueKey pushed{{time}, number, static_cast<uint32_t>(number % 1000)};
        timer ? queue.PushTimer(pushed) : PushEvent(queue, pushed, {now + 3});
        events += !timer;
        reference.insert({time, number++});
      } else if (reference.empty() || reference.begin()->first > now + 1) {
        RC_ASSERT(!queue.Pop({now + 1}, key));  // none, or it lies too far ahead
      } else {
        const QueueKey peeked = queue.Peek();
        RC_ASSERT(queue.Pop({now + 1}, key));
        RC_ASSERT(peeked == key);
        RC_ASSERT(key.time().ns == reference.begin()->first);
        RC_ASSERT(key.number() == reference.begin()->second);
        RC_ASSERT(key.slot() == key.number() % 1000);
        reference.erase(reference.begin());
        ties += !reference.empty() && reference.begin()->first == key.time().ns;
        events -= key.number() % 3 != 0;
        now = key.time().ns;
      }
      RC_ASSERT(queue.size() == reference.size());
      RC_ASSERT(EventsIn(queue) == events);
      RC_ASSERT(queue.empty() == reference.empty());
    }
    RC_CLASSIFY(ties > 0, "with ties");
    for (QueueKey key; queue.Pop(Never<SimTime>(), key); reference.erase(reference.begin())) {
      RC_ASSERT(key.number() == reference.begin()->second);
    }
    RC_ASSERT(reference.empty());
  }));
}

// The reference leaves a tombstone for each Set that was replaced.
class NaiveTimers {
 public:
  void Set(TimerTag tag, SimTime deadline, uint64_t number) {
    Cancel(tag);
    pending_[{deadline.ns, number}] = tag;
    armed_[tag] = {deadline.ns, number};
  }
  void Cancel(TimerTag tag) {
    const auto it = armed_.find(tag);
    if (it == armed_.end()) return;
    pending_.erase(it->second);
    armed_.erase(it);
  }
  void CancelRole(uint8_t role) {
    std::vector<TimerTag> mine;
    for (const auto& [tag, when] : armed_) {
      if (tag.role == role) mine.push_back(tag);
    }
    for (const TimerTag tag : mine) Cancel(tag);
  }
  bool empty() const { return pending_.empty(); }
  // (time, number, tag) of the next to fire.
  std::tuple<int64_t, uint64_t, TimerTag> Fire() {
    const auto [when, tag] = *pending_.begin();
    Cancel(tag);
    return {when.first, when.second, tag};
  }

 private:
  std::map<std::pair<int64_t, uint64_t>, TimerTag> pending_;
  std::map<TimerTag, std::pair<int64_t, uint64_t>> armed_;
};

constexpr MachineId kMachine{3};

// Pops until a timer fires; false if none will.
bool FireNext(TimerTable& timers, EventQueue& queue, QueueKey& key, TimerTag& tag) {
  while (queue.Pop(Never<SimTime>(), key)) {
    const TimerTable::Timer* timer = timers.OnPop(key, queue);
    if (timer == nullptr) continue;
    tag = timer->tag;
    return true;
  }
  return false;
}

TEST(Timers, FireAtTheirDeadlineAndTheNumberOfTheirOwnSet) {
  EXPECT_TRUE(rc::check("as timers with tombstones would", [] {
    TimerTable timers;
    EventQueue queue;
    NaiveTimers naive;
    uint64_t number = 1;
    int64_t now = 0;
    uint32_t fired = 0;
    const auto steps = *rc::gen::inRange(100, 300);
    for (int step = 0; step < steps; ++step) {
      const TimerTag tag{.kind = static_cast<uint8_t>(*rc::gen::inRange(0, 4)),
                         .role = static_cast<uint8_t>(*rc::gen::inRange(0, 2))};
      const int what = *rc::gen::element(0, 1, 2, 3, 4, 6, 7, 8, 9, 10);
      if (what < 6) {
        const SimTime deadline{now + *rc::gen::element(0, 1, 2, 3, 10, 1000)};
        timers.Set(kMachine, tag, deadline, number, {}, queue);
        naive.Set(tag, deadline, number++);
      } else if (what == 6) {
        timers.Cancel(kMachine, tag);
        naive.Cancel(tag);
      } else if (what == 7) {
        timers.CancelRole(kMachine, tag.role);
        naive.CancelRole(tag.role);
      } else if (!naive.empty()) {
        QueueKey key;
        TimerTag which;
        RC_ASSERT(FireNext(timers, queue, key, which));
        const auto [time, its_number, its_tag] = naive.Fire();
        RC_ASSERT(key.time().ns == time);
        RC_ASSERT(key.number() == its_number);
        RC_ASSERT(which == its_tag);
        now = time;
        ++fired;
      }
    }
    RC_CLASSIFY(fired >= 3, "three or more fired");
    QueueKey key;
    TimerTag which;
    while (FireNext(timers, queue, key, which)) {
      RC_ASSERT(!naive.empty());
      const auto [time, its_number, its_tag] = naive.Fire();
      RC_ASSERT(key.number() == its_number);
      RC_ASSERT(which == its_tag);
    }
    RC_ASSERT(naive.empty());
  }));
}

// Two timers that are set for 30 s and for half a second, over and over, for half a minute.
TEST(Timers, ManySetsLeaveFewEntries) {
  TimerTable timers;
  EventQueue queue;
  uint64_t number = 1;
  uint32_t most = 0;
  for (int64_t ms = 0; ms < 29'000; ms += 10) {
    const SimTime now{Milliseconds(ms).ns};
    for (QueueKey key; queue.Pop(now, key);) timers.OnPop(key, queue);
    for (uint8_t kind = 1; kind <= 2; ++kind) {
      timers.Set(kMachine, {.kind = kind}, now + Seconds(30), number++, {}, queue);
      timers.Set(kMachine, {.kind = kind}, now + Milliseconds(500), number++, {}, queue);
      if (ms % 3 == 0) timers.Cancel(kMachine, {.kind = kind});
    }
    most = std::max(most, queue.size());
  }
  EXPECT_LE(most, 4u);
}

TEST(Timers, MachinesAndTagsDoNotMeet) {
  TimerTable timers;
  EventQueue queue;
  uint64_t number = 1;
  std::set<std::tuple<uint16_t, TimerTag>> armed;
  for (uint16_t machine = 0; machine < 50; ++machine) {
    for (uint16_t index = 0; index < 40; ++index) {
      const TimerTag tag{.kind = 1, .role = static_cast<uint8_t>(index % 3), .index = index};
      timers.Set({machine}, tag, {5}, number++, {}, queue);
      armed.insert({machine, tag});
    }
  }
  timers.CancelAll({7});
  timers.CancelRole({8}, 2);
  std::erase_if(armed, [](const auto& timer) {
    const auto& [machine, tag] = timer;
    return machine == 7 || (machine == 8 && tag.role == 2);
  });
  std::set<std::tuple<uint16_t, TimerTag>> fired;
  for (QueueKey key; queue.Pop(Never<SimTime>(), key);) {
    const TimerTable::Timer* timer = timers.OnPop(key, queue);
    if (timer != nullptr) fired.insert({timer->machine.value, timer->tag});
  }
  EXPECT_EQ(fired, armed);
}

TEST(Timers, AParkedTimerIsGoneOnceItIsSetOrCancelled) {
  for (const int what : {0, 1, 2}) {
    TimerTable timers;
    EventQueue queue;
    const TimerTag tag{.kind = 1};
    timers.Set(kMachine, tag, {5}, 1, {}, queue);
    QueueKey key;
    ASSERT_TRUE(queue.Pop({5}, key));
    ASSERT_NE(timers.OnPop(key, queue), nullptr);
    timers.Park(kMachine, tag);
    if (what == 1) timers.Cancel(kMachine, tag);
    if (what == 2) timers.Set(kMachine, tag, {9}, 2, {}, queue);
    EXPECT_EQ(timers.Unpark(kMachine, tag, 1), what == 0);
    EXPECT_FALSE(timers.Unpark(kMachine, tag, 1));
  }
}

}  // namespace
}  // namespace sim
