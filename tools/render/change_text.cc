#include "tools/render/change_text.h"

#include <string_view>
#include <vector>

#include "tools/answers/settings_line.h"
#include "tools/render/lists.h"
#include "tools/render/words.h"

namespace render {
namespace {

std::string Lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

// "ack_before_append".
std::string Spelled(answers::PlantedBug bug) { return Lower(answers::PlantedBug_Name(bug)); }

std::string SideText(const answers::DeclaredFault::Side& side, std::string_view of_host) {
  if (side.all_brokers()) return "all brokers";
  std::vector<std::string> names;
  for (const std::string& name : side.names()) {
    names.push_back(side.are_hosts() ? name + std::string(of_host) : name);
  }
  return Joined(names);
}

// "kill of broker-1", "network partition of broker-1's host from everybody else".
std::string WithSides(const answers::DeclaredFault& fault, std::string_view of_host) {
  if (fault.rolling_restart() || fault.has_act()) return FaultWord(fault);
  std::string text = FaultWord(fault) + " of " + SideText(fault.met(), of_host);
  if (!fault.has_peers()) return text;
  text += fault.kind() == answers::partition ? " from " : " to ";
  return text +
         (fault.peers().names_size() > 3 ? "everybody else" : SideText(fault.peers(), of_host));
}

std::string MovedText(const answers::Change::FaultMoved& moved) {
  constexpr uint64_t kMillisecond = 1'000'000;
  constexpr uint64_t kSecond = 1000 * kMillisecond;
  const uint64_t later = moved.later_ns();
  const std::string by = later % kSecond == 0 ? std::to_string(later / kSecond) + " s"
                                              : std::to_string(later / kMillisecond) + " ms";
  return FaultWithoutLeader(moved.fault()) + " " + by + " later";
}

}  // namespace

std::string SettingName(const answers::SettingValue& setting) {
  return answers::SettingsLine(setting.scope(), setting.name(),
                               setting.unset() ? "unset" : setting.value());
}

std::string SettingText(const answers::SettingValue& setting) {
  return setting.name() + (setting.unset() ? " unset" : "=" + setting.value());
}

std::string FaultWord(const answers::DeclaredFault& fault) {
  if (fault.rolling_restart()) return "rolling restart";
  if (fault.has_act()) return ActText(fault.act());
  return FaultWord(fault.kind(), fault.grace_ns(), fault.empty_disk());
}

std::string FaultWithoutLeader(const answers::DeclaredFault& fault) {
  return "the " + WithSides(fault, "'s host");
}

std::string FaultText(const answers::DeclaredFault& fault) {
  const bool of_leader = !fault.led().empty() && !fault.rolling_restart();
  return FaultWithoutLeader(fault) + (of_leader ? ", leader of " + fault.led() : "");
}

std::string ShortFaultText(const answers::DeclaredFault& fault) {
  const bool of_leader = !fault.led().empty() && !fault.rolling_restart() && !fault.has_peers();
  return WithSides(fault, "") + (of_leader ? " (leader)" : "");
}

std::string PlantedBugText(answers::PlantedBug bug) { return "the planted bug " + Spelled(bug); }

std::string PlantedBugName(answers::PlantedBug bug) {
  std::string name = "k";
  bool begins = true;
  for (const char c : answers::PlantedBug_Name(bug)) {
    if (c != '_') name += begins ? std::string(1, c) : Lower(std::string(1, c));
    begins = c == '_';
  }
  return name;
}

std::string ChangeText(const answers::Change& change) {
  switch (change.kind_case()) {
    case answers::Change::kSetting:
      return SettingName(change.setting());
    case answers::Change::kElrOn:
      return answers::kElrChange;
    case answers::Change::kCallbackAdded:
      return answers::kCallbackChange;
    case answers::Change::kCommitAfter:
      return answers::kCommitAfterChange;
    case answers::Change::kBugRemoved:
      return answers::SettingsLine("mutant", Spelled(change.bug_removed()), "off");
    case answers::Change::kOwnRacks:
      return "a rack for each broker";
    case answers::Change::kFaultLeftOut:
      return "left out";
    case answers::Change::kFaultMoved:
      return MovedText(change.fault_moved());
    case answers::Change::kOrderlyInstead:
      return "an orderly stop instead of " + FaultWithoutLeader(change.orderly_instead());
    case answers::Change::KIND_NOT_SET:
      break;
  }
  return "";
}

std::string ListedChanges(const answers::ChangeList& changes) {
  std::vector<std::string> texts;
  for (const answers::Change& change : changes.changes()) texts.push_back(ChangeText(change));
  return Joined(texts);
}

std::string ChangeLine(const answers::ChangeList& changes) {
  std::string text;
  const bool with_elr = changes.changes_size() > 1 && changes.changes().rbegin()->elr_on();
  if (with_elr) {
    answers::ChangeList settings = changes;
    settings.mutable_changes()->RemoveLast();
    return ListedChanges(settings) + " and " + answers::kElrChange;
  }
  for (const answers::Change& change : changes.changes()) {
    text += (text.empty() ? "" : ", ") + ChangeText(change);
  }
  return text;
}

std::string FateWord(answers::Fate fate) {
  switch (fate) {
    case answers::LOST_AFTER_ACK:
    case answers::LOST_SILENT:
      return "lost";
    case answers::FAILED_REPORTED:
      return "refused with an error";
    case answers::GHOST:
      return "stored after an error";
    case answers::DUPLICATE:
      return "duplicated";
    case answers::REORDERED:
      return "reordered";
    case answers::SKIPPED:
      return "skipped";
    case answers::EXPIRED:
      return "expired";
    case answers::INVISIBLE:
      return "invisible";
    case answers::LATE:
      return "late";
    case answers::PENDING:
      return "pending";
    default:
      return "stored";
  }
}

std::string EndingText(const answers::Ending& ending, answers::Fate before) {
  switch (ending.kind()) {
    case answers::Ending::SAVED:
      return "saved";
    case answers::Ending::OTHERS_INSTEAD:
      return "other messages " + FateWord(before);
    case answers::Ending::MET:
      return FateWord(ending.fate());
    case answers::Ending::NEVER_SENT:
      return "never sent";
    case answers::Ending::FAULT_NOT_STRUCK:
      return "a fault did not strike";
    default:
      return "";
  }
}

}  // namespace render
