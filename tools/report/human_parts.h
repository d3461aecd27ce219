// tools/report/human_parts.h
//
// What the texts about one run and about many have in common.
#ifndef TOOLS_REPORT_HUMAN_PARTS_H_
#define TOOLS_REPORT_HUMAN_PARTS_H_

#include <string>

#include "scenarios/schema/result.pb.h"
#include "tools/report/style.h"

namespace fate {

using Texts = google::protobuf::RepeatedPtrField<std::string>;

Tone ToneOf(const std::string& verdict);
const char* GlyphOf(const Style& style, const std::string& verdict);

// "  Label           text", further lines under the text; "" without text.
std::string Labelled(const Style& style, const std::string& label, const std::string& text);
// One text behind the other, "; " between them.
std::string ListText(const Style& style, const char* label, const Texts& lines);
// All of them, in a few dense lines: what concerns copies first, then what no fault meets, then
// figures by the part of the scenario that they are of.
std::string AssumedText(const Style& style, const Texts& assumed);
std::string NotModelledText(
    const Style& style, const google::protobuf::RepeatedPtrField<schema::proto::NotModelled>& list);

// "--set producer:acks=all (saves 19 of 50)"; "" if there is none.
std::string RemedyText(const schema::proto::Remedy& remedy);

}  // namespace fate

#endif  // TOOLS_REPORT_HUMAN_PARTS_H_
