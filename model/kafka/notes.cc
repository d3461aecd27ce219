#include "model/kafka/notes.h"

namespace kafka {

std::optional<uint16_t> KindOfFaultPoint(std::string_view name) {
  std::optional<uint16_t> found;
  Notes::ForEach([&]<typename N>() {
    if constexpr (N::kNote.fault_point != nullptr) {
      if (name == N::kNote.fault_point) found = N::kNote.number;
    }
  });
  return found;
}

}  // namespace kafka
