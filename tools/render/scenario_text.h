// tools/render/scenario_text.h
//
// What `fate` says of itself: the scenarios that there are, and `fate` alone.
#ifndef TOOLS_RENDER_SCENARIO_TEXT_H_
#define TOOLS_RENDER_SCENARIO_TEXT_H_

#include <string>

#include "tools/answers/result.pb.h"
#include "tools/render/style.h"

namespace render {

// One line a scenario, below the name of its folder.
std::string ScenarioListText(const answers::ScenarioList& list, const Style& style);

// What to begin with, in at most 24 lines. `program` is the name that fate was called by.
std::string ShortHelpText(const std::string& program);

}  // namespace render

#endif  // TOOLS_RENDER_SCENARIO_TEXT_H_
