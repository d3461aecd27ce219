// model/kafka/log/log.h
//
// A planted header.
#pragma once

#include "sim/time.h"

namespace kafka {

struct Log {
  // A double, a float, std::map and rand() are only words here; TODO(17): say more.
  const char* name = "std::unordered_map rand() time(nullptr)";
  static constexpr int kLimit = 4;
  static int Count(int first, int second);
  int time() const { return kLimit; }
};

}  // namespace kafka
