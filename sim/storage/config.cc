#include "sim/storage/config.h"

namespace sim {

Duration LatencyTable::At(uint64_t raw) const {
  const uint32_t count = quantiles.size();
  if (count == 0) return {};
  if (count == 1) return quantiles[0];
  // 32 bits choose the stretch and the place in it: a fixed-point number in [0, count - 1).
  const uint64_t scaled = (raw >> 32) * (count - 1);
  const auto stretch = static_cast<uint32_t>(scaled >> 32);
  const uint64_t fraction = scaled & 0xffffffff;
  const auto rise = static_cast<uint64_t>((quantiles[stretch + 1] - quantiles[stretch]).ns);
  const unsigned __int128 part = static_cast<unsigned __int128>(rise) * fraction;
  return quantiles[stretch] + Duration{static_cast<int64_t>(part >> 32)};
}

LatencyTable DefaultFlushLatency() {
  return {{Microseconds(700), Microseconds(800), Microseconds(900), Microseconds(1'000),
           Microseconds(1'200), Microseconds(1'500), Microseconds(2'000), Microseconds(3'000),
           Microseconds(5'000), Microseconds(10'000), Microseconds(30'000)}};
}

StorageConfig DefaultStorage(FileSystemKind file_system) {
  StorageConfig config;
  config.file_system = file_system;
  if (file_system == FileSystemKind::kXfs) config.journal_commit = Seconds(30);
  return config;
}

void HashInto(StableHash& hash, const LatencyTable& table) {
  const auto& [quantiles] = table;
  hash(quantiles);
}

void HashInto(StableHash& hash, const StorageConfig& config) {
  const auto& [file_system, dirty_expire, dirty_writeback, journal_commit, memory_bytes,
               dirty_background_bytes, dirty_limit_bytes, low_memory_bytes, write_latency,
               flush_latency, bandwidth_bytes_per_s, volatile_drive_cache, power_loss_protection,
               barriers, drive_destage, hole, torn_sector, missing_name, ordered_metadata] = config;
  hash(file_system, dirty_expire, dirty_writeback, journal_commit, memory_bytes,
       dirty_background_bytes, dirty_limit_bytes, low_memory_bytes, write_latency, flush_latency,
       bandwidth_bytes_per_s, volatile_drive_cache, power_loss_protection, barriers, drive_destage,
       hole, torn_sector, missing_name, ordered_metadata);
}

}  // namespace sim
