// tools/render/words.h
//
// Words that traces and explanations share.
#ifndef TOOLS_RENDER_WORDS_H_
#define TOOLS_RENDER_WORDS_H_

#include <cstdint>
#include <string>

#include "model/kafka/setup.h"

namespace render {

inline std::string Number(uint64_t n) { return std::to_string(n); }

// "broker-1", or "nobody".
inline std::string Name(const kafka::Setup& setup, kafka::BrokerId broker) {
  return broker.exists() && broker.value < setup.brokers.size() ? setup.brokers[broker.value].name
                                                                : "nobody";
}

inline std::string AcksText(kafka::Acks acks) {
  if (acks == kafka::Acks::kAll) return "acks=all";
  return acks == kafka::Acks::kLeader ? "acks=1" : "acks=0";
}
// As a note holds them.
inline std::string AcksText(uint64_t acks) {
  return AcksText(static_cast<kafka::Acks>(static_cast<int8_t>(acks)));
}

}  // namespace render

#endif  // TOOLS_RENDER_WORDS_H_
