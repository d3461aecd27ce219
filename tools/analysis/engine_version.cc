#include "tools/analysis/engine_version.h"

namespace analysis {

const char* EngineVersion() { return FATE_VERSION; }

}  // namespace analysis
