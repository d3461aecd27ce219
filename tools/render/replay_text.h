// tools/render/replay_text.h
//
// What a replay came to, as people read it.
#ifndef TOOLS_RENDER_REPLAY_TEXT_H_
#define TOOLS_RENDER_REPLAY_TEXT_H_

#include <string>

#include "tools/answers/comparison.pb.h"
#include "tools/answers/result.pb.h"
#include "tools/render/divergence.h"
#include "tools/render/style.h"

namespace render {

// `verdict_is_explained`: the verdicts are the same, or it is known why they are not.
std::string RenderReplay(const answers::ReplayResult& replay, bool verdict_is_explained,
                         const Style& style);

// What --verify came to. Without a first event that differs, only the digests do.
std::string VerifiedText(const answers::RunResult& result);
std::string NotDeterministicText(const answers::RunResult& result, const std::string& digest_again,
                                 const DivergenceText* difference);

}  // namespace render

#endif  // TOOLS_RENDER_REPLAY_TEXT_H_
