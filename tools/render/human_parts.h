// tools/render/human_parts.h
//
// What the texts about one run and about many have in common.
#ifndef TOOLS_RENDER_HUMAN_PARTS_H_
#define TOOLS_RENDER_HUMAN_PARTS_H_

#include <string>

#include "tools/answers/result.pb.h"
#include "tools/render/style.h"

namespace render {

using Texts = google::protobuf::RepeatedPtrField<std::string>;

Tone ToneOf(answers::Status verdict);
const char* GlyphOf(const Style& style, answers::Status verdict);
// "AS_CONFIGURED", "HELD"; "" for what is not said.
std::string NameOf(answers::Status status);
std::string NameOf(answers::LossClass loss_class);

// "  Label           text", further lines under the text; "" without text.
std::string Labelled(const Style& style, const std::string& label, const std::string& text);
// One text behind the other, "; " between them.
std::string ListText(const Style& style, const char* label, const Texts& lines);
// "network.tail: HEAVY", "topic orders: replication.factor=3".
std::string AssumptionText(const answers::Assumption& assumed);
// All of them, in a few dense lines: what concerns copies first, then what no fault meets, then
// figures by the part of the scenario that they are of.
std::string AssumedText(const Style& style,
                        const google::protobuf::RepeatedPtrField<answers::Assumption>& assumed);
std::string NotModelledText(const Style& style,
                            const google::protobuf::RepeatedPtrField<answers::NotModelled>& list);

// "--set producer:acks=all (saves 19 of 50)"; "" if there is none.
std::string RemedyText(const answers::Remedy& remedy);

}  // namespace render

#endif  // TOOLS_RENDER_HUMAN_PARTS_H_
