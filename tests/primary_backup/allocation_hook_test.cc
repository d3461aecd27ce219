// Every allocation of the test program is counted. On its own, so that no compiler pairs the
// inlined halves of new and delete and warns.
#include <cstdint>
#include <cstdlib>
#include <new>

uint64_t allocations = 0;

void* operator new(size_t size) {
  ++allocations;
  if (void* block = std::malloc(size)) return block;
  throw std::bad_alloc();
}
void* operator new(size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
  return std::malloc(size);
}
void operator delete(void* block) noexcept { std::free(block); }
void operator delete(void* block, const std::nothrow_t&) noexcept { std::free(block); }
void operator delete(void* block, size_t) noexcept { std::free(block); }
