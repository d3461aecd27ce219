#include "model/kafka/explain/row.h"

namespace kafka::explain {

const char* NameOf(const row::Detail& detail) {
  return std::visit([](const auto& kind) { return kind.kName; }, detail);
}

}  // namespace kafka::explain
