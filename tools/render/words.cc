#include "tools/render/words.h"

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <vector>

#include "tools/render/lists.h"

namespace render {
namespace {

// The word of an enum's value, by its number.
template <size_t kSize>
const char* WordAt(const char* const (&words)[kSize], int number) {
  const auto index = static_cast<size_t>(number);
  return index < kSize ? words[index] : "";
}

std::string HostsText(const answers::Hosts& hosts) {
  std::vector<std::string> all;
  for (const answers::Actor& broker : hosts.brokers()) all.push_back(broker.name());
  if (hosts.all_brokers()) all = {"all brokers"};
  if (hosts.controller()) all.push_back("controller");
  if (hosts.clients()) all.push_back("clients");
  return Joined(all);
}

bool IsOfLinks(answers::FaultKind kind) {
  return kind == answers::partition || kind == answers::latency_spike;
}

}  // namespace

std::string NameOf(const answers::Actor& actor) {
  return actor.name().empty() ? "nobody" : actor.name();
}

std::string NamesOf(const Actors& actors) {
  std::vector<std::string> names;
  for (const answers::Actor& actor : actors) names.push_back(actor.name());
  return names.empty() ? "nobody" : Joined(names);
}

std::string SetText(const NodeIds& ids) {
  std::string text;
  for (const uint32_t id : ids) text += (text.empty() ? "" : ",") + Number(id);
  return "{" + text + "}";
}

bool Contains(const NodeIds& ids, const answers::Actor& broker) {
  return std::find(ids.begin(), ids.end(), broker.number()) != ids.end();
}

std::string AcksText(int32_t acks) { return acks < 0 ? "acks=all" : "acks=" + Number(acks); }

std::string ShortTime(uint64_t ns) {
  char text[32];
  const uint64_t ms = (ns + 500'000) / 1'000'000;
  std::snprintf(text, sizeof(text), "%llu.%03llu s", static_cast<unsigned long long>(ms / 1000),
                static_cast<unsigned long long>(ms % 1000));
  return text;
}

std::string FaultWord(answers::FaultKind kind) {
  static constexpr const char* kWords[] = {
      "fault",      "kill",       "orderly stop",      "kernel panic",
      "power loss", "pause",      "network partition", "latency spike",
      "slow disk",  "clock step", "operator's act"};
  static_assert(std::size(kWords) == answers::FaultKind_ARRAYSIZE);
  return WordAt(kWords, kind);
}

std::string FaultWord(answers::FaultKind kind, uint64_t grace_ns, bool empty_disk) {
  constexpr uint64_t kSecond = 1'000'000'000;
  std::string text = FaultWord(kind);
  if (grace_ns != 0) {
    const bool even = grace_ns % kSecond == 0;
    text +=
        " with " + (even ? Number(grace_ns / kSecond) + " s" : ShortTime(grace_ns)) + " of grace";
  }
  return empty_disk ? text + " and loss of the disk" : text;
}

std::string ActText(const answers::OperatorAct& act) {
  using answers::OperatorAct;
  const bool elects =
      act.kind() == OperatorAct::PREFERRED_LEADERS || act.kind() == OperatorAct::UNCLEAN_LEADERS;
  const char* const everything = elects ? "all partitions" : "the cluster";
  const std::string of = act.of().empty() ? everything : act.of();
  switch (act.kind()) {
    case OperatorAct::PREFERRED_LEADERS:
      return "election of preferred leaders of " + of;
    case OperatorAct::UNCLEAN_LEADERS:
      return "unclean election by hand of " + of;
    case OperatorAct::SETTING:
      return "change to " + act.setting() + "=" + act.value() + " of " + of;
    case OperatorAct::PARTITIONS:
      return "growth of " + of + " to " + Number(uint64_t{act.partitions()}) + " partitions";
    default:
      return "operator's act";
  }
}

std::string FaultText(const answers::StruckFault& fault) {
  if (fault.has_act()) return ActText(fault.act());
  const std::string word = FaultWord(fault.kind(), fault.grace_ns(), fault.empty_disk());
  if (!fault.struck()) return word;
  const std::string hosts = HostsText(fault.hosts());
  if (IsOfLinks(fault.kind()))
    return word + " between " + hosts + " and " + HostsText(fault.peers());
  if (fault.of_leader()) return word + " of " + hosts + " (leader)";
  return word + " of " + (fault.has_process() ? NameOf(fault.process()) : hosts);
}

std::string BugText(answers::PlantedBug bug) {
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
      "the recovery point claims more than the medium holds",
      "a pending change of the ISR is kept over metadata of an equal epoch (the remedy of a race)"};
  static_assert(std::size(kTexts) == answers::PlantedBug_ARRAYSIZE);
  return WordAt(kTexts, bug);
}

std::string ReaderEndText(answers::ReaderEnd reason) {
  static constexpr const char* kTexts[] = {
      "", "no committed offset, and auto.offset.reset=none (NoOffsetForPartitionException)",
      "its position is out of range, and auto.offset.reset=none (OffsetOutOfRangeException)",
      "the log was cut below its position, and auto.offset.reset=none (LogTruncationException)"};
  static_assert(std::size(kTexts) == answers::ReaderEnd_ARRAYSIZE);
  return WordAt(kTexts, reason);
}

}  // namespace render
