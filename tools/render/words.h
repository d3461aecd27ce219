// tools/render/words.h
//
// Words that several texts share, made of answers alone: actors, sets of brokers, faults, bugs.
#ifndef TOOLS_RENDER_WORDS_H_
#define TOOLS_RENDER_WORDS_H_

#include <google/protobuf/repeated_field.h>

#include <cstdint>
#include <string>

#include "tools/answers/actors.pb.h"

namespace render {

using Actors = google::protobuf::RepeatedPtrField<answers::Actor>;
using NodeIds = google::protobuf::RepeatedField<uint32_t>;

inline std::string Number(uint64_t n) { return std::to_string(n); }
inline std::string Number(int64_t n) { return std::to_string(n); }
inline std::string Number(int32_t n) { return std::to_string(n); }
inline std::string Number(uint32_t n) { return std::to_string(n); }

// "broker-1", or "nobody".
std::string NameOf(const answers::Actor& actor);
// "broker-1 and broker-3", or "nobody".
std::string NamesOf(const Actors& actors);
// "{1,2,3}".
std::string SetText(const NodeIds& ids);
bool Contains(const NodeIds& ids, const answers::Actor& broker);
// "acks=all"; -1 is all.
std::string AcksText(int32_t acks);
// "0.297 s".
std::string ShortTime(uint64_t ns);

// "kill", "network partition": where a sentence has no room.
std::string FaultWord(answers::FaultKind kind);
// "orderly stop with 30 s of grace", "kill and loss of the disk"; with neither, the word alone.
std::string FaultWord(answers::FaultKind kind, uint64_t grace_ns, bool empty_disk);
// "kill of broker-1 (leader)", "network partition between broker-1 and broker-2 and controller".
std::string ActText(const answers::OperatorAct& act);
std::string FaultText(const answers::StruckFault& fault);
// "a follower ignores the diverging epoch": what the planted bug does.
std::string BugText(answers::PlantedBug bug);
// "no committed offset, and auto.offset.reset=none (NoOffsetForPartitionException)".
std::string ReaderEndText(answers::ReaderEnd reason);

}  // namespace render

#endif  // TOOLS_RENDER_WORDS_H_
