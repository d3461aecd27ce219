#include "tools/render/sentence_parts.h"

#include <algorithm>

#include "tools/render/change_text.h"
#include "tools/render/lists.h"
#include "tools/render/words.h"

namespace render {
namespace {

using answers::Cause;

class Namer {
 public:
  explicit Namer(const answers::Explanation& explanation) : explanation_(explanation) {}

  Named Name() {
    NameCauses(true);
    NameCauses(false);
    const bool any_setting = !named_.settings.empty() || !named_.bug.empty() || no_callback_;
    if (!any_setting && explanation_.story().has_loss()) NameByRule();
    if (named_.faults.empty() && explanation_.causes().empty()) NameChain();
    return std::move(named_);
  }

 private:
  void AddSetting(const std::string& text, bool is_unset = false) {
    const auto end = named_.settings.end();
    if (std::find(named_.settings.begin(), end, text) != end) return;
    if (named_.settings.empty()) named_.first_is_unset = is_unset;
    named_.settings.push_back(text);
  }

  void AddFault(const std::string& text, const std::string& brief) {
    const bool known = std::any_of(named_.faults.begin(), named_.faults.end(),
                                   [&](const NamedFault& fault) { return fault.text == text; });
    if (!known) named_.faults.push_back({text, brief});
  }

  static std::string ShortSetting(const Cause& cause) {
    return cause.elr_off() ? "elr=false" : SettingText(cause.setting());
  }

  // Those that are not confirmed are named where no other is, and marked.
  void NameCauses(bool confirmed_ones) {
    for (const Cause& cause : explanation_.causes()) {
      const bool confirmed = cause.confirmation() != Cause::NOT_CONFIRMED;
      if (confirmed != confirmed_ones) continue;
      const std::string mark = confirmed ? "" : " (not confirmed)";
      if (cause.kind() == Cause::SETTING && (confirmed || named_.settings.empty())) {
        AddSetting(ShortSetting(cause) + mark, confirmed && cause.setting().unset());
      } else if (cause.kind() == Cause::FAULT && (confirmed || named_.faults.empty())) {
        const std::string text = ShortFaultText(cause.fault()) + mark;
        AddFault(text, cause.fault().rolling_restart() ? text : FaultWord(cause.fault()));
      } else if (cause.kind() == Cause::PLANTED_BUG) {
        named_.bug = BugText(explanation_.story().planted_bug()) + mark;
      } else if (cause.kind() == Cause::PROGRAM) {
        no_callback_ = cause.no_callback();
      }
    }
  }

  // The rule of docs/promise.md that decided says which setting permitted it.
  void NameByRule() {
    const answers::StoryFacts::Loss& loss = explanation_.story().loss();
    switch (loss.cure()) {
      case answers::ACKS_ALL:
        AddSetting(AcksText(loss.acks()));
        break;
      case answers::UNCLEAN_OFF:
        AddSetting("unclean.leader.election.enable=true");
        break;
      case answers::FLUSH_EACH_MESSAGE:
        AddSetting("flush.messages unset", true);
        break;
      case answers::ELR_ON:
        AddSetting("eligible leader replicas off");
        break;
      case answers::SIZE_LIMITS:
        AddSetting("max.message.bytes");
        break;
      default:
        break;
    }
    if (loss.explained_by() != answers::NO_BUG) named_.bug = BugText(loss.explained_by());
  }

  // The faults of the chain, the decisive one first.
  void NameChain() {
    constexpr size_t kAtMost = 2;
    for (const answers::StruckFault& fault : explanation_.story().faults()) {
      if (named_.faults.size() == kAtMost) return;
      named_.faults.push_back({FaultText(fault), FaultWord(fault.kind())});
    }
  }

  const answers::Explanation& explanation_;
  Named named_;
  bool no_callback_ = false;
};

}  // namespace

Named NamedIn(const answers::Explanation& explanation) { return Namer(explanation).Name(); }

std::string SentenceParts::settings() const { return Joined(named.settings); }

std::string SentenceParts::because() const {
  if (named.settings.empty()) return "";
  return (named.first_is_unset ? "With " : "Because ") + settings() + ", ";
}

}  // namespace render
