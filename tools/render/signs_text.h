// tools/render/signs_text.h
//
// What an operator would have seen, by the names that Kafka gives it.
#ifndef TOOLS_RENDER_SIGNS_TEXT_H_
#define TOOLS_RENDER_SIGNS_TEXT_H_

#include <string>

#include "tools/answers/explanation.pb.h"

namespace render {

// "leader epoch bump on orders-0", "UncleanLeaderElectionsPerSec".
std::string SignText(const answers::Sign& sign);

// Fills `production_signs`.
void FillSigns(answers::Explanation& explanation);

}  // namespace render

#endif  // TOOLS_RENDER_SIGNS_TEXT_H_
