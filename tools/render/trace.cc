#include "tools/render/trace.h"

#include <cstdio>
#include <iterator>

#include "tools/render/lists.h"
#include "tools/render/style.h"
#include "tools/render/words.h"

namespace render {
namespace {

using kafka::High;
using kafka::Low;

// As a note holds them.
std::string AcksIn(uint64_t acks) {
  return AcksText(static_cast<kafka::Acks>(static_cast<int8_t>(acks)));
}

std::string Signed(uint64_t n) { return std::to_string(static_cast<int64_t>(n)); }

std::string BrokerName(uint64_t index) {
  return index == kafka::BrokerId::kNone ? "none" : "broker-" + Number(index + 1);
}

std::string SetBits(uint64_t bits) {
  std::string text = "{";
  for (uint32_t i = 0; i < kafka::kMaxBrokers; ++i) {
    if (((bits >> i) & 1) == 0) continue;
    if (text.size() > 1) text += ",";
    text += Number(i + 1);
  }
  return text + "}";
}

std::string Range(uint64_t from, uint64_t to) {
  return "[" + Number(from) + ", " + Number(to) + ")";
}

class Describer {
 public:
  Describer(const kafka::Setup& setup, const kafka::Tables& tables, const sim::Note& note)
      : setup_(setup), tables_(tables), note_(note) {}

  std::string Text() const {
    if (note_.kind < sim::kFirstSystemNote) return Engine();
    if (note_.kind <= kafka::kProducerIdle) return Producer();
    if (note_.kind <= kafka::kEpochAssigned) return Log();
    if (note_.kind <= kafka::kPartitionState) return Controller();
    if (note_.kind == kafka::kProposalForgotten) return Log();
    return Consumer();
  }

 private:
  std::string Partition() const {
    return NameOfPartition(setup_, {static_cast<uint16_t>(note_.subject)});
  }
  std::string Host() const { return NameOfHost(setup_, {static_cast<uint16_t>(note_.subject)}); }
  std::string Link() const {
    return NameOfHost(setup_, {static_cast<uint16_t>(note_.subject >> 16)}) + " -> " +
           NameOfHost(setup_, {static_cast<uint16_t>(note_.subject & 0xffff)});
  }
  std::string Error() const {
    return kafka::NameOf(static_cast<kafka::Error>(static_cast<uint8_t>(note_.b)));
  }
  std::string Batch(uint64_t id) const {
    if (id >= tables_.batches.size()) return "batch " + Number(id);
    const kafka::Batch& batch = tables_.batches[id];
    if (batch.first.value >= tables_.messages.size()) return "batch " + Number(id);
    const std::string first = NameOfMessage(setup_, tables_, batch.first);
    if (batch.count == 1) return first;
    return first + " and " + Number(batch.count - 1) + " more";
  }
  std::string File() const {
    const uint32_t file = note_.subject & 0xffff;
    const std::string host = NameOfHost(setup_, {static_cast<uint16_t>(note_.subject >> 16)});
    if (file < setup_.partitions.size()) {
      return host + " " + NameOfPartition(setup_, {static_cast<uint16_t>(file)}) + ".log";
    }
    return host + " checkpoint";
  }

  // sim::StorageReportKind, as far as nothing is lost.
  const char* Durable() const {
    static constexpr const char* kHow[] = {
        "written back: ", "committed by the journal: ", "flushed: "};
    return note_.c < 3 ? kHow[note_.c] : "on the medium: ";
  }

  std::string Fault() const {
    static constexpr const char* kKinds[] = {"kill",       "stop",      "panic",
                                             "power loss", "pause",     "partition",
                                             "latency",    "slow disk", "clock step"};
    const char* kind = note_.a < std::size(kKinds) ? kKinds[note_.a] : "";
    return "number " + Number(note_.subject) + ": " + kind + (note_.c != 0 ? " (fallback)" : "");
  }

  std::string Engine() const {
    switch (note_.kind) {
      case sim::kNoteProcessStarted:
        return "process started (incarnation " + Number(note_.a) + ")";
      case sim::kNoteProcessKilled:
        return "process ended";
      case sim::kNoteProcessExited:
        return "process exits in order";
      case sim::kNoteStopRequested:
        return "asked to stop";
      case sim::kNoteKernelPanic:
        return Host() + " kernel panic";
      case sim::kNotePowerLost:
        return Host() + " loses power";
      case sim::kNotePowerBack:
        return Host() + " is back";
      case sim::kNotePaused:
        return "paused for " + FormatTime({static_cast<int64_t>(note_.a)}) + " s";
      case sim::kNoteResumed:
        return "resumed";
      case sim::kNoteLinkCut:
        return "link cut: " + Link();
      case sim::kNoteLinkHealed:
        return "link healed: " + Link();
      case sim::kNoteLinkSlowed:
        return "link slower: " + Link() + " by " + FormatTime({static_cast<int64_t>(note_.a)}) +
               " s";
      case sim::kNoteDiskSlowed:
        return Host() + " disk slower, " + Number(note_.a) + " times";
      case sim::kNoteClockStepped:
        return Host() + " clock stepped by " + Signed(note_.a) + " ns";
      case sim::kNoteFaultFired:
        return Fault();
      case sim::kNoteWrittenBack:
        return Durable() + File() + " bytes " + Range(note_.a, note_.b);
      case sim::kNoteDataLost:
        return "lost: " + File() + " bytes " + Range(note_.a, note_.b);
      case sim::kNoteConnected:
        return "connects to " + NameOfMachine(setup_, {static_cast<uint16_t>(note_.a)});
      case sim::kNoteDisconnected:
        return note_.a == 0   ? "connection closed"
               : note_.a == 1 ? "connection reset"
                              : "connection refused";
      default:
        return "note " + Number(note_.kind);
    }
  }

  std::string Producer() const {
    const auto id = kafka::MessageId{static_cast<uint32_t>(note_.a)};
    switch (note_.kind) {
      case kafka::kSent:
        return NameOfMessage(setup_, tables_, id) + " to " + Partition() + ", " + AcksIn(note_.b);
      case kafka::kSendRefused:
        return NameOfMessage(setup_, tables_, id) + " " + Error();
      case kafka::kBatchClosed:
      case kafka::kProduceSent:
        return Partition() + " " + Batch(note_.a) + " to " + BrokerName(note_.b) +
               (note_.c == 0 ? "" : ", attempt " + Number(note_.c + 1));
      case kafka::kAckedToApplication:
        return Partition() + " " + Batch(note_.a) + " at " + Signed(note_.b) + ", " +
               AcksIn(note_.c);
      case kafka::kFailedToApplication:
      case kafka::kRetried:
        return Partition() + " " + Batch(note_.a) + " " + Error();
      case kafka::kRenumbered:
        return Partition() + " " + Batch(note_.a) + " gets a new epoch";
      default:
        return "";
    }
  }

  std::string Log() const {
    const std::string where = Partition() + " ";
    switch (note_.kind) {
      case kafka::kAppended:
        return where + Appended();
      case kafka::kDuplicate:
        return where + Batch(note_.a) + " is known, at " + Number(note_.b);
      case kafka::kProduceRejected:
        return where + Batch(note_.a) + " " + Error();
      case kafka::kAcknowledged:
        return where + Batch(note_.a) + " at " + Number(note_.b) + ", " + AcksIn(note_.c);
      case kafka::kTruncated:
        return where + "log end " + Number(note_.b) + " -> " + Number(note_.a) + ", epoch " +
               Signed(note_.c);
      case kafka::kLoaded:
        return where + "log end " + Number(note_.a) + " HW " + Number(note_.c) + " (clean)";
      case kafka::kRecovered:
        return where + "log end " + Number(note_.a) + " HW " + Number(note_.c) + ", " +
               Number(note_.b) + " bytes scanned";
      case kafka::kFlushedTo:
        return where + "on the medium below " + Number(note_.a);
      case kafka::kHighWatermark:
        return where + Number(note_.b) + " -> " + Number(note_.a) + " isr " +
               SetBits(High(note_.c)) + " epoch " + Number(Low(note_.c));
      case kafka::kFollowerHighWatermark:
        return where + Number(note_.b) + " -> " + Number(note_.a);
      case kafka::kFetchAnswered:
        return where + Range(note_.b, note_.c) + " to " + BrokerName(note_.a);
      case kafka::kFollowerFetched:
        return where + "from " + BrokerName(note_.a) + " at " + Number(note_.b);
      case kafka::kServed:
        return where + Range(note_.b, note_.c) + " to consumer " + Number(note_.a);
      case kafka::kBecameLeader:
        return where + "epoch " + Number(note_.a) + " log end " + Number(note_.b) + " HW " +
               Number(note_.c);
      case kafka::kBecameFollower:
        return where + "epoch " + Number(note_.a) + " of " + BrokerName(High(note_.b)) +
               " log end " + Number(note_.c);
      case kafka::kIsrProposed:
      case kafka::kIsrCommitted:
        return where + SetBits(note_.a) + " epoch " + Number(High(note_.b));
      case kafka::kProposalForgotten:
        return where + SetBits(note_.a) + " for " + SetBits(note_.c) + " epoch " +
               Number(High(note_.b));
      case kafka::kEpochAssigned:
        return where + "epoch " + Number(note_.a) + " starts at " + Number(note_.b);
      default:
        return where;
    }
  }

  std::string Appended() const {
    const auto partition = static_cast<uint16_t>(note_.subject);
    const uint32_t first = High(note_.a);
    const uint32_t count = Low(note_.a);
    const bool as_leader = Low(note_.c) != 0;
    const std::string how =
        (as_leader ? " as leader, epoch " : " as follower, epoch ") + Number(High(note_.c));
    if (partition >= tables_.appended.size() || count == 0 ||
        first + count > tables_.appended[partition].entries.size()) {
      return "at " + Number(note_.b) + how;
    }
    const kafka::Offset end = tables_.EndOf({partition}, {first + count - 1});
    const kafka::Batch& batch = tables_[tables_.At({partition}, {first}).batch];
    const auto records = static_cast<uint64_t>(end.value) - note_.b;
    std::string what = NameOfMessage(setup_, tables_, batch.first);
    if (records > 1) what += " and " + Number(records - 1) + " more";
    return Range(note_.b, static_cast<uint64_t>(end.value)) + " " + what + how;
  }

  std::string Controller() const {
    if (note_.kind != kafka::kPartitionState) {
      std::string text = BrokerName(note_.subject) + " epoch " + Number(note_.a);
      if (note_.kind == kafka::kRegistered) text += note_.b != 0 ? " (clean)" : " (unclean)";
      if (note_.kind == kafka::kFenced && note_.b == 1) text += " (session expired)";
      return text;
    }
    static constexpr const char* kHow[] = {
        "",           " created", " from the ISR", " from the ELR", " as last known leader",
        " uncleanly", ""};
    const uint32_t how = Low(note_.a);
    std::string text = Partition() + " leader " + BrokerName(High(note_.a));
    if (how < 7) text += kHow[how];
    return text + " epoch " + Number(High(note_.b)) + " isr " + SetBits(note_.c & 0xffff) +
           " elr " + SetBits((note_.c >> 16) & 0xffff);
  }

  std::string Consumer() const {
    switch (note_.kind) {
      case kafka::kPolled:
      case kafka::kProcessed:
        return Partition() + " " + Range(note_.b, note_.c);
      case kafka::kCommitted:
        return Partition() + " offset " + Number(note_.b);
      case kafka::kPositionReset:
        return Partition() + " position " + Number(note_.c) + " -> " + Number(note_.b);
      case kafka::kConsumerEnded:
        return Partition() + " " + ConsumerEndText(static_cast<kafka::ConsumerEnd>(note_.b));
      default:
        return Partition();
    }
  }

  const kafka::Setup& setup_;
  const kafka::Tables& tables_;
  const sim::Note& note_;
};

const char* EngineKind(uint16_t kind) {
  switch (kind) {
    case sim::kNoteFaultFired:
      return "FAULT";
    case sim::kNoteWrittenBack:
    case sim::kNoteDataLost:
      return "disk";
    case sim::kNoteConnected:
    case sim::kNoteDisconnected:
      return "connection";
    default:
      return "host";
  }
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

std::string FormatTime(sim::SimTime time) {
  char text[48];
  const auto ns = static_cast<uint64_t>(time.ns);
  std::snprintf(text, sizeof(text), "%llu.%03llu %03llu %03llu",
                static_cast<unsigned long long>(ns / 1'000'000'000),
                static_cast<unsigned long long>(ns / 1'000'000 % 1000),
                static_cast<unsigned long long>(ns / 1000 % 1000),
                static_cast<unsigned long long>(ns % 1000));
  return text;
}

bool IsAboutMessages(const sim::Note& note) {
  switch (note.kind) {
    case sim::kNoteFaultFired:
    case sim::kNoteProcessStarted:
    case sim::kNoteProcessKilled:
    case sim::kNotePowerLost:
    case sim::kNotePowerBack:
    case sim::kNoteKernelPanic:
    case sim::kNoteLinkCut:
    case sim::kNoteLinkHealed:
    case sim::kNoteDataLost:
    case kafka::kSent:
    case kafka::kSendRefused:
    case kafka::kRetried:
    case kafka::kAckedToApplication:
    case kafka::kFailedToApplication:
    case kafka::kAppended:
    case kafka::kDuplicate:
    case kafka::kProduceRejected:
    case kafka::kTruncated:
    case kafka::kLoaded:
    case kafka::kRecovered:
    case kafka::kHighWatermark:
    case kafka::kPartitionState:
    case kafka::kFenced:
    case kafka::kProcessed:
      return true;
    default:
      return false;
  }
}

std::string Describe(const kafka::Setup& setup, const kafka::Tables& tables,
                     const sim::Note& note) {
  const char* kind = note.kind < sim::kFirstSystemNote
                         ? EngineKind(note.kind)
                         : kafka::NameOf(static_cast<kafka::NoteKind>(note.kind));
  return PadRight(NameOfMachine(setup, note.machine), 16) + " " + PadRight(kind, 28) +
         Describer(setup, tables, note).Text();
}

}  // namespace render
