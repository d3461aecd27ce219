// tools/render/change_text.h
//
// Settings, faults, changes and endings in words, as causes, what-if lines and remarks name them.
#ifndef TOOLS_RENDER_CHANGE_TEXT_H_
#define TOOLS_RENDER_CHANGE_TEXT_H_

#include <string>

#include "tools/answers/change.pb.h"

namespace render {

// "producer:acks=1", "topic:flush.messages=unset".
std::string SettingName(const answers::SettingValue& setting);
// "acks=1", "flush.messages unset".
std::string SettingText(const answers::SettingValue& setting);

// "the kill of broker-1, leader of orders-0", "the power loss of broker-1's host".
std::string FaultText(const answers::DeclaredFault& fault);
// The same without the leader: "the kill of broker-1".
std::string FaultWithoutLeader(const answers::DeclaredFault& fault);
// "kill", "rolling restart".
std::string FaultWord(const answers::DeclaredFault& fault);
// Where there is little room: "kill of broker-1 (leader)", "power loss of broker-1".
std::string ShortFaultText(const answers::DeclaredFault& fault);

// "the planted bug ack_before_append".
std::string PlantedBugText(answers::PlantedBug bug);
// "kAckBeforeAppend": the bug's constant in the model.
std::string PlantedBugName(answers::PlantedBug bug);

// As a person would make it: "producer:acks=all", "cluster:elr=true", "left out", "the kill of
// broker-1 40 ms later".
std::string ChangeText(const answers::Change& change);
// "a, b and c".
std::string ListedChanges(const answers::ChangeList& changes);
// As a line of a table: "producer:acks=all, topic:flush.messages=1".
std::string ChangeLine(const answers::ChangeList& changes);

// "lost", "duplicated", "refused with an error".
std::string FateWord(answers::Fate fate);
// "saved", "other messages lost", "invisible"; `before` is the fate in the explained run.
std::string EndingText(const answers::Ending& ending, answers::Fate before);

}  // namespace render

#endif  // TOOLS_RENDER_CHANGE_TEXT_H_
