#include "tools/analysis/workers.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

namespace analysis {

uint32_t JobCount(uint32_t asked, uint64_t tasks) {
  const uint32_t wanted = asked != 0 ? asked : std::max(1u, std::thread::hardware_concurrency());
  return static_cast<uint32_t>(std::min<uint64_t>(wanted, std::max<uint64_t>(tasks, 1)));
}

uint64_t ForEach(uint64_t count, uint32_t jobs, const StopToken& stop,
                 const std::function<void(uint64_t, uint32_t)>& task) {
  std::atomic<uint64_t> next{0};
  std::vector<char> done(count, 0);
  const auto work = [&](uint32_t worker) {
    while (!stop.stopped()) {
      const uint64_t index = next.fetch_add(1);
      if (index >= count) return;
      task(index, worker);
      done[index] = 1;
    }
  };
  const uint32_t workers = JobCount(jobs, count);
  std::vector<std::thread> threads;
  for (uint32_t worker = 1; worker < workers; ++worker) threads.emplace_back(work, worker);
  work(0);
  for (std::thread& thread : threads) thread.join();
  return static_cast<uint64_t>(std::find(done.begin(), done.end(), 0) - done.begin());
}

}  // namespace analysis
