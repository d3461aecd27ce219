// Law: whatever processes, time and faults do, the storage model and the slow reference that keeps
// every byte cannot be told apart: what is read, what is durable, when something happens next, and
// what a crash leaves. Half of the cases or more must lose bytes that were dirty, else the law
// would be about nothing.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <ostream>
#include <vector>

#include "sim/storage/host_storage.h"
#include "tests/sim/storage_slow_reference.h"

namespace sim {
namespace {

constexpr int kLogs = 3;   // files 0..2: appended, cut, renamed, removed
constexpr int kFiles = 5;  // files 3, 4: small files of words

enum class Do : uint8_t {
  kAppend,
  kTruncate,
  kCreate,
  kRemove,
  kRename,
  kFlush,
  kFlushDirectory,
  kReplace,
  kAbandon,
  kWriteWords,
  kWait,
  kStall,
  kSlow,
  kMemory,
  kPanic,
  kPowerLoss,
};

struct Step {
  Do what{};
  int file = 0;
  int other = 0;
  uint64_t amount = 0;  // of 10,000
};

void showValue(const Step& step, std::ostream& out) {
  out << '(' << static_cast<int>(step.what) << ' ' << step.file << ' ' << step.other << ' '
      << step.amount << ')';
}

// Appends and waits most of all, crashes now and then.
rc::Gen<Step> AnyStep() {
  const auto what = rc::gen::weightedElement<Do>({{40, Do::kAppend},
                                                  {6, Do::kTruncate},
                                                  {2, Do::kCreate},
                                                  {2, Do::kRemove},
                                                  {2, Do::kRename},
                                                  {8, Do::kFlush},
                                                  {2, Do::kFlushDirectory},
                                                  {4, Do::kReplace},
                                                  {1, Do::kAbandon},
                                                  {3, Do::kWriteWords},
                                                  {30, Do::kWait},
                                                  {1, Do::kStall},
                                                  {1, Do::kSlow},
                                                  {1, Do::kMemory},
                                                  {2, Do::kPanic},
                                                  {2, Do::kPowerLoss}});
  return rc::gen::build<Step>(rc::gen::set(&Step::what, what),
                              rc::gen::set(&Step::file, rc::gen::inRange(0, kLogs)),
                              rc::gen::set(&Step::other, rc::gen::inRange(0, kLogs)),
                              rc::gen::set(&Step::amount, rc::gen::inRange<uint64_t>(1, 10'000)));
}

// Small and quick, so that a story of a minute meets every rule; a drive so slow that crashes meet
// I/O under way.
StorageConfig AnyConfig() {
  StorageConfig config;
  const auto flag = [] { return *rc::gen::arbitrary<bool>(); };
  const auto rarely = [] { return *rc::gen::inRange(0, 4) == 3; };
  config.file_system = flag() ? FileSystemKind::kExt4 : FileSystemKind::kXfs;
  config.dirty_expire = Seconds(*rc::gen::inRange(1, 8));
  config.dirty_writeback = Seconds(*rc::gen::inRange(0, 4));
  config.journal_commit = Seconds(*rc::gen::inRange(1, 8));
  config.dirty_background_bytes = rarely() ? 12'000 : 0;
  config.dirty_limit_bytes = rarely() ? 20'000 : 0;
  config.bandwidth_bytes_per_s = 20'000;
  config.volatile_drive_cache = rarely();
  config.power_loss_protection = rarely();
  config.hole = rarely();
  config.torn_sector = rarely();
  config.missing_name = rarely();
  config.ordered_metadata = !rarely();
  if (config.volatile_drive_cache) config.barriers = flag();
  if (!config.barriers) config.missing_name = false;
  return config;
}

class Twins {
 public:
  Twins(const StorageConfig& config, uint64_t seed)
      : fast(config, kHost), slow(config, kHost), choices(seed) {
    const Duration up{static_cast<int64_t>(seed % 3'600'000'000'000)};
    fast.RanBefore(up, now);
    slow.RanBefore(up);
  }

  void Take(const Step& step) {
    switch (step.what) {
      case Do::kAppend:
      case Do::kTruncate:
      case Do::kCreate:
      case Do::kRemove:
      case Do::kRename:
        return TakeOnFile(step);
      case Do::kFlush:
      case Do::kFlushDirectory:
      case Do::kReplace:
      case Do::kAbandon:
      case Do::kWriteWords:
        return TakeFlush(step);
      default:
        return TakeFault(step);
    }
  }

  void TakeOnFile(const Step& step) {
    const FileId file{static_cast<uint16_t>(step.file)};
    const bool exists = fast.Exists(file);
    if (step.what == Do::kAppend) return Append(file, step.amount % 5'000);
    if (step.what == Do::kCreate) {
      fast.Create(file, now);
      return slow.Create(step.file, now);
    }
    if (step.what == Do::kRemove) {
      const FileId gone = step.amount % 4 == 0 ? Small(step) : file;
      fast.Remove(gone, now);
      return slow.Remove(gone.value, now);
    }
    if (!exists) return;
    if (step.what == Do::kTruncate) {
      fast.Truncate(file, fast.Length(file) * step.amount / 10'000, now);
      return slow.Truncate(step.file, slow.Read(step.file).size() * step.amount / 10'000, now);
    }
    // Behind a drive that lies, the reference knows of a rename and its undoing more than the model
    // does.
    if (!fast.config().barriers) return;
    fast.Rename(file, FileId{static_cast<uint16_t>(step.other)}, now);
    slow.Rename(step.file, step.other, now);
  }

  void TakeFlush(const Step& step) {
    const FileId file{static_cast<uint16_t>(step.file)};
    const FileId small = Small(step);
    const About about{.uid = ++asked_};
    if (step.what == Do::kFlush) {
      const FlushTicket ticket = fast.StartFlush(file, now, choices, about);
      Await(ticket, slow.StartFlush(step.file, now, choices, about));
    } else if (step.what == Do::kFlushDirectory) {
      const FlushTicket ticket = fast.StartDirectoryFlush(now, choices, about);
      Await(ticket, slow.StartDirectoryFlush(now, choices, about));
    } else if (step.what == Do::kReplace) {
      const FlushTicket ticket = fast.ReplaceAtomically(small, Words(step), now, choices, about);
      Await(ticket, slow.Replace(small.value, Words(step), now, choices, about));
    } else if (step.what == Do::kWriteWords) {
      const FlushTicket ticket = fast.WriteWords(small, Words(step), now, choices, about);
      Await(ticket, slow.WriteWords(small.value, Words(step), now, choices, about));
    } else if (!awaited_.empty()) {
      fast.Abandon(awaited_.front().id);
      slow.Abandon(awaited_.front().id);
    }
  }

  void TakeFault(const Step& step) {
    const SimTime until = now + Milliseconds(static_cast<int64_t>(step.amount));
    switch (step.what) {
      case Do::kWait:
        return RunTo(now + Milliseconds(static_cast<int64_t>(step.amount / 4)));
      case Do::kStall:
        fast.StallUntil(until, now);
        return slow.StallUntil(until, now);
      case Do::kSlow:
        fast.SetSlowdown(1 + step.amount % 4);
        return slow.SetSlowdown(1 + step.amount % 4);
      case Do::kMemory:
        fast.SetAvailableMemory(step.amount * 30'000, now);
        return slow.SetAvailableMemory(step.amount * 30'000, now);
      default:
        return Crash(step.what == Do::kPowerLoss);
    }
  }

  void Crash(bool power) {
    const About crash{.uid = 7, .attempt = ++crashes_};
    std::vector<uint64_t> before;
    for (FileId file{0}; file.value < kLogs; ++file.value) before.push_back(Data(file));
    if (power) {
      fast.PowerLoss(now, choices, crash, reports);
    } else {
      fast.Panic(now, choices, crash, reports);
    }
    slow.Crash(power, now, choices, crash);
    awaited_.clear();
    for (FileId file{0}; file.value < kLogs; ++file.value) {
      lost = lost || Data(file) < before[file.value];
    }
  }

  void RunTo(SimTime until) {
    for (;;) {
      const auto first = std::ranges::min_element(awaited_, {}, &FlushTicket::done);
      const SimTime due = first == awaited_.end() ? Never<SimTime>() : first->done;
      const SimTime next = std::min(due, fast.NextWakeup());
      if (next > until) break;
      now = std::max(now, next);
      if (due < fast.NextWakeup()) {
        Finish(static_cast<size_t>(first - awaited_.begin()));
      } else {
        fast.OnWakeup(now, reports);
        slow.OnWakeup(now);
      }
      Compare();
    }
    now = until;
  }

  void Compare() {
    RC_ASSERT(fast.NextWakeup().ns == slow.NextWakeup().ns);
    RC_ASSERT(fast.dirty_bytes() == slow.DirtyBytes());
    for (FileId file{0}; file.value < kFiles; ++file.value) {
      RC_ASSERT(fast.Exists(file) == slow.Exists(file.value));
      RC_ASSERT(fast.Length(file) == slow.Read(file.value).size());
      RC_ASSERT(std::ranges::equal(fast.ReadWords(file), slow.ReadWords(file.value)));
      RC_ASSERT(fast.DurableEnd(file) == slow.DurableEnd(file.value));
      if (file.value < kLogs) RC_ASSERT(Expand(file) == slow.Read(file.value));
    }
  }

  static constexpr uint64_t kHost = 17;
  HostStorage fast;
  SlowStorage slow;
  Choices choices;
  SimTime now;
  StorageReports reports;
  bool lost = false;  // a crash has taken bytes of a log

 private:
  static FileId Small(const Step& step) {
    return FileId{static_cast<uint16_t>(kLogs + step.file % 2)};
  }
  // No two appends hold the same bytes; sometimes the second continues the first, as a log does.
  void Append(FileId file, uint64_t bytes) {
    const uint64_t end = fast.Length(file);
    const uint64_t source = 1 + file.value;
    if (bytes % 3 == 0) written_ += 7;
    const Duration held = fast.Write(file, end, bytes, source, written_, now);
    const Duration slow_held = slow.Write(file.value, bytes, source, written_, now);
    RC_ASSERT(held.ns == slow_held.ns);
    written_ += bytes;
  }
  std::vector<uint64_t> Words(const Step& step) const {
    return {asked_, step.amount, static_cast<uint64_t>(now.ns)};
  }
  void Await(const FlushTicket& ticket, SimTime slow_done) {
    RC_ASSERT(ticket.done.ns == slow_done.ns);
    RC_ASSERT(ticket.id == slow.last_ticket());
    awaited_.push_back(ticket);
  }
  void Finish(size_t index) {
    const FlushProgress progress = fast.FinishFlush(awaited_[index].id, now, reports);
    SimTime again;
    const bool finished = slow.FinishFlush(awaited_[index].id, now, &again);
    RC_ASSERT(progress.finished == finished);
    if (finished) {
      awaited_.erase(awaited_.begin() + static_cast<long>(index));
    } else {
      RC_ASSERT(progress.again.ns == again.ns);
      awaited_[index].done = again;
    }
  }
  SlowStorage::Bytes Expand(FileId file) const {
    SlowStorage::Bytes bytes;
    for (const Extent& extent : fast.Read(file)) {
      RC_ASSERT(extent.from == bytes.size());
      RC_ASSERT(extent.to > extent.from);
      for (uint64_t i = 0; i < extent.to - extent.from; ++i) {
        bytes.push_back(SlowStorage::ByteOf(extent.source, extent.source_from + i));
      }
    }
    return bytes;
  }
  uint64_t Data(FileId file) const {
    return static_cast<uint64_t>(
        std::ranges::count_if(Expand(file), [](uint32_t b) { return b > 0; }));
  }

  std::vector<FlushTicket> awaited_;
  uint64_t asked_ = 0;
  uint64_t written_ = 0;
  uint32_t crashes_ = 0;
};

TEST(Storage, CannotBeToldFromOneThatKeepsEveryByte) {
  int cases = 0;
  int lossy = 0;
  EXPECT_TRUE(rc::check("the storage model agrees with the slow reference", [&] {
    Twins twins(AnyConfig(), *rc::gen::arbitrary<uint64_t>());
    const auto steps = *rc::gen::container<std::vector<Step>>(60, AnyStep());
    for (const Step& step : steps) {
      twins.Take(step);
      twins.Compare();
    }
    twins.Crash(true);
    twins.Compare();
    ++cases;
    lossy += twins.lost;
    RC_CLASSIFY(twins.lost, "dirty data lost");
    RC_CLASSIFY(!twins.lost, "nothing lost");
  }));
  EXPECT_GE(cases, 100);
  EXPECT_GE(lossy * 2, cases) << "too few cases lose anything";
}

}  // namespace
}  // namespace sim
