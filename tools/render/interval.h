// tools/render/interval.h
//
// Shares with their intervals: no bare percentage is printed anywhere.
#ifndef TOOLS_RENDER_INTERVAL_H_
#define TOOLS_RENDER_INTERVAL_H_

#include <string>

#include "tools/answers/wilson.h"

namespace render {

// "97.9-99.3 %"; one decimal below 10 and above 90 per cent, none between.
std::string FormatInterval(const answers::WilsonInterval& interval);

}  // namespace render

#endif  // TOOLS_RENDER_INTERVAL_H_
