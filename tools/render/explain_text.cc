#include "tools/render/explain_text.h"

#include <cstdio>

#include "tools/render/trace.h"
#include "tools/render/words.h"

namespace render {
namespace {

using kafka::BrokerId;
using kafka::BrokerSet;
using kafka::High;
using kafka::Low;
using kafka::explain::Inquiry;
using kafka::explain::Row;
using kafka::explain::RowKind;

std::string ErrorText(uint64_t error) {
  return kafka::NameOf(static_cast<kafka::Error>(static_cast<uint8_t>(error)));
}

// "m#29", "m#0 to m#21".
std::string BatchText(const Inquiry& its, uint64_t id) {
  const kafka::Batch& batch = its.tables().batches[id];
  const std::string first = NameOfMessage(its.setup(), its.tables(), batch.first);
  if (batch.count == 1) return first;
  kafka::MessageId last = batch.first;
  for (uint32_t i = 1; i < batch.count; ++i) last = its.tables()[last].next;
  return first + " to " + NameOfMessage(its.setup(), its.tables(), last);
}

std::string OffsetsText(const Inquiry& its, const sim::Note& note) {
  const uint64_t end = static_cast<uint64_t>(
      its.tables().EndOf(its.partition, {High(note.a) + Low(note.a) - 1}).value);
  if (end == note.b + 1) return "offset " + Number(note.b);
  return "offsets " + Number(note.b) + " to " + Number(end - 1);
}

// The leader's high watermark when it wrote that.
std::string WatermarkText(const Inquiry& its, const Row& row) {
  uint64_t watermark = 0;
  for (const kafka::explain::Said& said : its.said()) {
    if (said.header.event >= row.header.event) break;
    const bool moves =
        said.note.kind == kafka::kHighWatermark || said.note.kind == kafka::kFollowerHighWatermark;
    if (moves && its.IsOfPartition(said.note) && said.note.machine == row.note.machine) {
      watermark = said.note.a;
    }
  }
  return "HW is " + Number(watermark);
}

std::string TimesText(const Row& row) {
  return row.times < 2 ? "" : " (" + Number(row.times) + " times)";
}

std::string ElectionText(const Inquiry& its, const Row& row) {
  static constexpr const char* kHow[] = {"",
                                         "",
                                         " from the ISR ",
                                         " from the ELR ",
                                         " as the last known leader (unclean), ISR was ",
                                         " uncleanly, ISR was ",
                                         ""};
  const uint32_t how = Low(row.note.a);
  const BrokerId leader{static_cast<uint8_t>(High(row.note.a))};
  const BrokerSet isr{static_cast<uint16_t>(row.extra)};
  const BrokerSet elr{static_cast<uint16_t>(row.extra >> 16)};
  const bool from_elr = how == static_cast<uint32_t>(kafka::Election::kFromElr);
  const bool outsider = how < 4 && !(isr | elr).contains(leader);
  return "elects " + Name(its.setup(), leader) + (outsider ? " from outside the ISR " : kHow[how]) +
         IsrText(from_elr && !outsider ? elr : isr) + ", epoch " + Number(row.extra >> 32) +
         " -> " + Number(High(row.note.b));
}

std::string FencedText(const Inquiry& its, const Row& row) {
  bool written = false;  // of several that are fenced at once, each is after its own records
  for (const kafka::explain::Said& said : its.said()) {
    if (said.header.event != row.header.event) continue;
    written |= said.note == row.note;
    if (!written || said.note.kind != kafka::kFenced) continue;
    constexpr const char* kWhy[] = {" (it registered anew), ", " (session expired), ",
                                    " (it stops), "};
    return "fences " + Name(its.setup(), {static_cast<uint8_t>(said.note.subject)}) +
           kWhy[said.note.b <= 2 ? said.note.b : 0];
  }
  return "";
}

std::string LastFetchText(const Inquiry& its, const Row& row) {
  if (row.note.kind == kafka::kFetchAnswered) {
    return "answers " + BrokersText(its.setup(), row.brokers) + "'s last fetch; it ends at " +
           Number(row.note.c);
  }
  return "gets " + BrokersText(its.setup(), row.brokers) + "'s last fetch, from " +
         Number(row.note.b);
}

std::string TruncatedText(const Inquiry& its, const Row& row) {
  const BrokerSet who = row.brokers;
  const std::string restarts = row.extra != 0 ? "restarts, and " : "";
  const std::string verb =
      who.size() > 1 ? BrokersText(its.setup(), who) + " truncate" : "truncates";
  return restarts + verb + " from " + Number(row.note.b) + " to " + Number(row.note.a) +
         " to match epoch " + Number(row.note.c);
}

std::string FaultRowText(const Inquiry& its, const Row& row) {
  std::string text = FaultText(its, static_cast<uint16_t>(row.note.subject));
  if (row.note.c != 0) text += " (its fallback time)";
  const BrokerSet lost{static_cast<uint16_t>(row.extra)};
  const BrokerSet met = row.brokers;
  if (lost.empty()) return text;
  text += "; unsynced page cache gone";
  if (lost != met) text += " on " + BrokersText(its.setup(), lost);
  return text;
}

std::string ServedText(const Inquiry& its, const Row& row) {
  const kafka::ConsumerSetup& consumer = its.setup().consumers[row.note.a];
  const std::string group = its.setup().groups[consumer.program.group.value];
  const std::string again = row.kind == RowKind::kServedAgain ? " again" : "";
  return "group " + group + " processes it" + again;
}

std::string ReaderEndedText(const Row& row) {
  return "its program ends: " + ConsumerEndText(static_cast<kafka::ConsumerEnd>(row.note.b));
}

std::string PassedText(const Inquiry& its, const Row& row) {
  if (row.note.kind == kafka::kPositionReset) {
    if (static_cast<int64_t>(row.note.c) < 0) {
      return "begins at " + Number(row.note.b) + ": no committed offset, auto.offset.reset decides";
    }
    return "resets its position from " + std::to_string(static_cast<int64_t>(row.note.c)) + " to " +
           Number(row.note.b);
  }
  return "group " + its.setup().groups[row.note.a] + " commits offset " + Number(row.note.b);
}

// Brokers and the controller by name, clients together.
std::string HostsText(const kafka::Setup& setup, std::span<const sim::HostId> hosts) {
  std::vector<std::string> all;
  bool clients = false;
  bool controller = false;
  for (const sim::HostId host : hosts) {
    const BrokerId broker = kafka::ledger::BrokerOfHost(setup, host.value);
    if (broker.exists()) {
      all.push_back(setup.brokers[broker.value].name);
    } else {
      (host.value == 0 ? controller : clients) = true;
    }
  }
  if (all.size() == setup.brokers.size() && all.size() > 1) all = {"all brokers"};
  if (controller) all.push_back("controller");
  if (clients) all.push_back("clients");
  std::string text;
  for (size_t i = 0; i < all.size(); ++i) {
    if (i > 0) text += i + 1 == all.size() ? " and " : ", ";
    text += all[i];
  }
  return text;
}

std::string OfProducer(const Inquiry& its, const Row& row) {
  const sim::Note& note = row.note;
  switch (row.kind) {
    case RowKind::kSubmitted:
      return "send() takes it, " + AcksText(note.b) + "; it waits in the accumulator";
    case RowKind::kSent:
      return "sends batch " + BatchText(its, note.a) + " to " +
             Name(its.setup(), {static_cast<uint8_t>(note.b)});
    case RowKind::kSentAgain:
      return "sends it again to " + Name(its.setup(), {static_cast<uint8_t>(note.b)}) +
             ", attempt " + Number(note.c + 1);
    case RowKind::kRefused:
      return "send() fails: " + ErrorText(note.b);
    case RowKind::kRetried:
      return "attempt " + Number(note.c + 1) + " ends with " + ErrorText(note.b) +
             "; queued again" + TimesText(row);
    case RowKind::kRenumbered:
      return "takes a new producer epoch: sequences start at 0 again";
    case RowKind::kTold:
      if ((note.c & 0xff) == 0) return "is told that it was sent; acks=0 waits for no answer";
      return "gets the answer: the application believes that it is stored";
    case RowKind::kFailed:
      return "gives up: the application gets " + ErrorText(note.b);
    case RowKind::kDisconnected:
      return "its connection to " + BrokersText(its.setup(), row.brokers) +
             (note.a == 0 ? " is closed" : " is reset");
    default:
      return "its process ends";
  }
}

std::string OfLog(const Inquiry& its, const Row& row) {
  const sim::Note& note = row.note;
  switch (row.kind) {
    case RowKind::kAppended:
    case RowKind::kAppendedAgain:
      return std::string(row.kind == RowKind::kAppended ? "appends" : "appends it again") + " at " +
             OffsetsText(its, note) + ", epoch " + Number(High(note.c)) + " (page cache); " +
             WatermarkText(its, row);
    case RowKind::kCopied:
      if (row.brokers.size() > 1) {
        return BrokersText(its.setup(), row.brokers) + " copy it (page cache)";
      }
      return "copies it (page cache)";
    case RowKind::kDurable:
      return "the kernel has written it to the disk";
    case RowKind::kCommitted:
      return "HW " + Number(note.b) + " -> " + Number(note.a) + ", ISR " +
             IsrText({static_cast<uint16_t>(High(note.c))}) + ": committed";
    case RowKind::kAnswered:
      return "answers: stored at " + Number(note.b);
    case RowKind::kRecognised:
      return "recognises the batch (sequence number): nothing is written";
    case RowKind::kRejected:
      return "refuses it: " + ErrorText(note.b) + TimesText(row);
    case RowKind::kOvertaken:
      return "appends the later " + NameOfMessage(its.setup(), its.tables(), row.other) + " at " +
             OffsetsText(its, note);
    case RowKind::kTookOffice:
      return "leads, epoch " + Number(note.a) + "; its log ends at " + Number(note.b) + ", HW is " +
             Number(note.c);
    case RowKind::kTruncated:
      return TruncatedText(its, row);
    case RowKind::kCacheLost:
      return "its unsynced page cache is gone" +
             (row.brokers.size() > 1 ? " (" + BrokersText(its.setup(), row.brokers) + ")"
                                     : std::string());
    case RowKind::kShortRecovery:
      return "recovers its log up to " + Number(note.a) + " only";
    case RowKind::kReplaced:
      return "appends " + NameOfMessage(its.setup(), its.tables(), row.other) + " at offset " +
             Number(static_cast<uint64_t>(its.moments.offset.value));
    default:
      return "writes something else in its place";
  }
}

bool IsProducers(RowKind kind) {
  switch (kind) {
    case RowKind::kSubmitted:
    case RowKind::kSent:
    case RowKind::kSentAgain:
    case RowKind::kRefused:
    case RowKind::kRetried:
    case RowKind::kRenumbered:
    case RowKind::kTold:
    case RowKind::kFailed:
    case RowKind::kDisconnected:
    case RowKind::kProducerEnded:
      return true;
    default:
      return false;
  }
}

}  // namespace

std::string ShortTime(sim::SimTime time) {
  char text[32];
  const int64_t ms = (time.ns + 500'000) / 1'000'000;
  std::snprintf(text, sizeof(text), "%lld.%03lld s", static_cast<long long>(ms / 1000),
                static_cast<long long>(ms % 1000));
  return text;
}

std::string BrokersText(const kafka::Setup& setup, BrokerSet set) {
  std::vector<std::string> names;
  for (uint8_t i = 0; i < setup.brokers.size(); ++i) {
    if (set.contains({i})) names.push_back(setup.brokers[i].name);
  }
  std::string text;
  for (size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " and " : ", ";
    text += names[i];
  }
  return text.empty() ? "nobody" : text;
}

std::string IsrText(BrokerSet set) {
  std::string text;
  for (uint8_t i = 0; i < kafka::kMaxBrokers; ++i) {
    if (set.contains({i})) text += (text.empty() ? "" : ",") + Number(i + 1u);
  }
  return "{" + text + "}";
}

std::string WhereText(const Inquiry& its, const Row& row) {
  switch (row.kind) {
    case RowKind::kFault:
      return "FAULT";
    case RowKind::kDurable:
    case RowKind::kCacheLost:
    case RowKind::kCopied:
    case RowKind::kTruncated:
      if (row.brokers.size() > 1) return row.kind == RowKind::kCopied ? "followers" : "brokers";
      return BrokersText(its.setup(), row.brokers);
    default:
      return NameOfMachine(its.setup(), row.note.machine);
  }
}

std::string WhatText(const Inquiry& its, const Row& row) {
  if (IsProducers(row.kind)) return OfProducer(its, row);
  switch (row.kind) {
    case RowKind::kLastFetch:
      return LastFetchText(its, row);
    case RowKind::kFault:
      return FaultRowText(its, row);
    case RowKind::kIsrShrank:
      return BrokersText(its.setup(), row.brokers) +
             (row.brokers.size() > 1 ? " leave" : " leaves") + " the ISR, now " +
             IsrText({static_cast<uint16_t>(row.note.c)});
    case RowKind::kElected:
      return FencedText(its, row) + ElectionText(its, row);
    case RowKind::kLeaderless:
      return FencedText(its, row) + "finds nobody to elect: ISR " +
             IsrText({static_cast<uint16_t>(row.note.c)}) + ", ELR " +
             IsrText({static_cast<uint16_t>(row.note.c >> 16)});
    case RowKind::kServed:
    case RowKind::kServedAgain:
      return ServedText(its, row);
    case RowKind::kPassed:
      return PassedText(its, row);
    case RowKind::kReaderEnded:
      return ReaderEndedText(row);
    default:
      return OfLog(its, row);
  }
}

std::string MarkText(const Row& row) {
  std::string text;
  const auto add = [&](uint8_t mark, const char* word) {
    if ((row.marks & mark) != 0) text += (text.empty() ? "" : ", ") + std::string(word);
  };
  add(Row::kPromise, "promise made");
  add(Row::kNoReturn, "point of no return");
  add(Row::kErased, "last bytes erased");
  return text;
}

std::string FaultWord(sim::FaultKind kind) {
  static constexpr const char* kWords[] = {"kill",          "orderly stop", "kernel panic",
                                           "power loss",    "pause",        "network partition",
                                           "latency spike", "slow disk",    "clock step"};
  return kWords[static_cast<uint32_t>(kind)];
}

std::string FaultText(const Inquiry& its, uint16_t plan_index) {
  const sim::PlannedFault& plan = its.plan[plan_index];
  const std::string word = FaultWord(plan.kind);
  const sim::RealisedFault* fault = its.Realised(plan_index);
  if (fault == nullptr) return word;
  const kafka::Setup& setup = its.setup();
  const auto names = [&](const auto& hosts) {
    return HostsText(setup, {hosts.begin(), hosts.end()});
  };
  const BrokerId leader = its.LeaderAt(fault->event);
  if (kafka::explain::IsOfLinks(plan.kind)) {
    return word + " between " + names(fault->hosts) + " and " + names(fault->peers);
  }
  if (fault->hosts.size() == 1 &&
      kafka::ledger::BrokerOfHost(setup, fault->hosts[0].value) == leader) {
    return word + " of " + names(fault->hosts) + " (leader)";
  }
  if (!fault->machines.empty() && names(fault->hosts) == "clients") {
    return word + " of " + NameOfMachine(setup, fault->machines[0]);
  }
  return word + " of " + names(fault->hosts);
}

std::string MutantText(kafka::Mutant mutant) {
  static constexpr const char* kTexts[] = {
      "",
      "acks=all is answered right after the local append",
      "the leader lets its high watermark fall",
      "a follower ignores the diverging epoch",
      "followers truncate to their high watermark (before KIP-101)",
      "followers are told the watermark of after their fetch",
      "the watermark moves below min.insync.replicas",
      "the watermark does not wait for the maximal ISR",
      "the first live replica is elected, in sync or not",
      "a follower joins the ISR without the epoch's start",
      "a stale incarnation's fetch counts (before KIP-903)",
      "a replaced leader goes on accepting",
      "the broker never recognises a duplicate",
      "consumers read up to the log end",
      "recovery keeps a torn tail",
      "a restarted broker stays in the ISR",
      "the log end is hidden until it is flushed",
      "the recovery point claims more than the medium holds"};
  const auto index = static_cast<size_t>(mutant);
  return index < std::size(kTexts) ? kTexts[index] : "";
}

}  // namespace render
