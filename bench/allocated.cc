// Counts what is allocated, to say how many bytes a fork copies. On its own, so that no compiler
// pairs the inlined halves of new and delete and warns.
#include <cstdlib>
#include <new>

#include "bench/harness.h"

namespace {
uint64_t allocated = 0;
}  // namespace

void* operator new(size_t size) {
  allocated += size;
  if (void* block = std::malloc(size)) return block;
  throw std::bad_alloc();
}
void* operator new(size_t size, const std::nothrow_t&) noexcept {
  allocated += size;
  return std::malloc(size);
}
void operator delete(void* block) noexcept { std::free(block); }
void operator delete(void* block, const std::nothrow_t&) noexcept { std::free(block); }
void operator delete(void* block, size_t) noexcept { std::free(block); }

namespace bench {

uint64_t BytesAllocated() { return allocated; }

}  // namespace bench
