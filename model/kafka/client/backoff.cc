#include "model/kafka/client/backoff.h"

#include <algorithm>

namespace kafka::client {

Duration Backoff(const Context& ctx, const BackoffTerms& terms, uint32_t n, uint32_t purpose,
                 sim::About about) {
  if (terms.max <= terms.base) return terms.max;
  Duration term = terms.base;
  for (uint32_t i = 0; i < n && term < terms.max; ++i) {
    term = std::min(term * 2, terms.max);
  }
  const Duration low = term * 4 / 5;
  const Duration high = term * 6 / 5;
  const uint64_t span = static_cast<uint64_t>((high - low).ns) + 1;
  const Duration jitter{static_cast<int64_t>(ctx.Choose(purpose, about, span))};
  return std::min(terms.max, low + jitter);
}

}  // namespace kafka::client
