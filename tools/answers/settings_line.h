// tools/answers/settings_line.h
//
// What a change looks like that a person may make: a line as --set takes it, "producer:acks=all",
// and the few changes that are no setting of Kafka's.
#ifndef TOOLS_ANSWERS_SETTINGS_LINE_H_
#define TOOLS_ANSWERS_SETTINGS_LINE_H_

#include <string>
#include <string_view>

namespace answers {

inline std::string SettingsLine(std::string_view scope, std::string_view name,
                                std::string_view value) {
  return std::string(scope) + ":" + std::string(name) + "=" + std::string(value);
}

// Changes of the scenario that look like settings and are none.
inline constexpr char kElrChange[] = "cluster:elr=true";
inline constexpr char kCallbackChange[] = "program:callback=true";
inline constexpr char kCommitAfterChange[] = "program:commit=AFTER";  // of every consumer

}  // namespace answers

#endif  // TOOLS_ANSWERS_SETTINGS_LINE_H_
