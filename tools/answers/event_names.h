// tools/answers/event_names.h
//
// How answers name an event of a run that is no note: a timer or a message, by what it is for.
#ifndef TOOLS_ANSWERS_EVENT_NAMES_H_
#define TOOLS_ANSWERS_EVENT_NAMES_H_

#include <string>

#include "model/kafka/setup.h"
#include "sim/budget.h"

namespace answers {

// "the timer of the sender", "FetchRequest".
std::string NameOfEvent(const kafka::Setup& setup, const sim::Overrun::Source& event);

}  // namespace answers

#endif  // TOOLS_ANSWERS_EVENT_NAMES_H_
