// tools/analysis/engine_version.h
//
// Which engine answers, and by whose rules.
#ifndef TOOLS_ANALYSIS_ENGINE_VERSION_H_
#define TOOLS_ANALYSIS_ENGINE_VERSION_H_

namespace analysis {

// "0.1.0"
const char* EngineVersion();

constexpr char kProfile[] = "kafka-4.3/java";

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_ENGINE_VERSION_H_
