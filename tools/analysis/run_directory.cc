#include "tools/analysis/run_directory.h"

#include <absl/time/clock.h>
#include <absl/time/time.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "tools/analysis/capsule.h"
#include "tools/analysis/whole_file.h"
#include "tools/answers/capsule.pb.h"

namespace analysis {
namespace {

namespace fs = std::filesystem;

constexpr size_t kPartMax = 80;
constexpr char kRoot[] = "fate-out";
constexpr char kLatest[] = "latest";
constexpr int kTries = 1000;  // runs of one name and seed that begin in one second

// Whoever names a place wants it written; the default one is a convenience.
WrittenRun NotWritten(const std::string& out, const fs::path& place, const std::error_code& error) {
  return {.directory = "",
          .warning = place.string() + " cannot be written (" + error.message() +
                     "): nothing of this run is kept",
          .failed = !out.empty()};
}

// A new directory: "<name>", or "<name>-2", ... if another run took that name.
fs::path MakeNew(const fs::path& wanted, std::error_code& error) {
  fs::create_directories(wanted.parent_path(), error);
  if (error) return wanted;
  for (int i = 1; i <= kTries; ++i) {
    const fs::path path = i == 1 ? wanted : fs::path(wanted.string() + "-" + std::to_string(i));
    const bool made = fs::create_directory(path, error);
    if (error || made) return path;
  }
  error = std::make_error_code(std::errc::file_exists);
  return wanted;
}

// A link that is made aside and renamed over the old one: there is no moment without it. What is
// called `latest` and is no link is somebody's own, and stays.
std::error_code MoveLatest(const fs::path& directory) {
  std::error_code error;
  const fs::path latest = directory.parent_path() / kLatest;
  const fs::path aside =
      directory.parent_path() / (std::string(".") + kLatest + "-" + std::to_string(::getpid()));
  fs::remove(aside, error);
  fs::create_directory_symlink(directory.filename(), aside, error);
  if (error) return error;
  fs::rename(aside, latest, error);
  std::error_code ignored;
  if (error) fs::remove(aside, ignored);
  return error;
}

// The directory for one invocation: -o's, or a new one under fate-out/.
fs::path MakeDirectory(const std::string& out, const std::string& name, std::error_code& error) {
  if (!out.empty()) {
    fs::create_directories(out, error);
    return out;
  }
  const std::string stamp = UtcStamp(absl::ToUnixSeconds(absl::Now()));
  return MakeNew(fs::path(kRoot) / (stamp + "-" + DirectoryPart(name)), error);
}

std::error_code WriteBoth(const fs::path& directory, const std::string& json,
                          const answers::Capsule& capsule) {
  const std::error_code error = WriteWhole(directory / kResultName, json);
  return error ? error : WriteWhole(directory / kCapsuleName, PackCapsule(capsule));
}

// -o names a place of the user's, which `latest` is not beside.
void Finish(const std::string& out, const fs::path& directory, WrittenRun& written) {
  written.directory = directory.string();
  if (!out.empty()) return;
  if (const std::error_code error = MoveLatest(directory)) {
    written.warning = (directory.parent_path() / kLatest).string() + " still names an older run (" +
                      error.message() + ")";
  }
}

// ---- What an earlier run or batch left in a directory that is used again. ----

constexpr char kSeedPrefix[] = "seed-";

std::vector<fs::path> EntriesOf(const fs::path& directory) {
  std::vector<fs::path> entries;
  std::error_code error;
  for (fs::directory_iterator at(directory, error), end; !error && at != end; at.increment(error)) {
    entries.push_back(at->path());
  }
  std::sort(entries.begin(), entries.end());
  return entries;
}

bool IsPlainFile(const fs::path& path) {
  std::error_code error;
  return fs::symlink_status(path, error).type() == fs::file_type::regular;
}

std::string FirstBytes(const fs::path& path) {
  std::string bytes(32, '\0');
  std::ifstream stream(path, std::ios::binary);
  stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<size_t>(stream.gcount()));
  return bytes;
}
bool IsOurCapsule(const fs::path& path) {
  return IsPlainFile(path) && HasCapsuleMagic(FirstBytes(path));
}
bool IsOurBatch(const fs::path& path) {
  return IsPlainFile(path) && FirstBytes(path).starts_with("{\"schema_version\":");
}

bool IsSeedName(const std::string& name) {
  const std::string_view prefix = kSeedPrefix;
  return name.starts_with(prefix) && name.size() > prefix.size() &&
         name.find_first_not_of("0123456789", prefix.size()) == std::string::npos;
}

// A directory that is called seed-<number> and holds our two files and nothing else.
bool IsOurSeed(const fs::path& path) {
  std::error_code error;
  if (fs::symlink_status(path, error).type() != fs::file_type::directory) return false;
  const std::vector<fs::path> entries = EntriesOf(path);
  return IsSeedName(path.filename().string()) && entries.size() == 2 &&
         entries[0] == path / kResultName && IsPlainFile(entries[0]) &&
         entries[1] == path / kCapsuleName && IsOurCapsule(entries[1]);
}

// A folder of a variant holds such directories and nothing else.
bool IsOurVariant(const fs::path& path) {
  std::error_code error;
  if (fs::symlink_status(path, error).type() != fs::file_type::directory) return false;
  const std::vector<fs::path> entries = EntriesOf(path);
  return !entries.empty() && std::all_of(entries.begin(), entries.end(), IsOurSeed);
}

void RemoveSeed(const fs::path& path) {
  std::error_code ignored;
  fs::remove(path / kResultName, ignored);
  fs::remove(path / kCapsuleName, ignored);
  fs::remove(path, ignored);  // only an empty one goes
}

// Names of directories that look like ours, and hold something that is not.
std::vector<std::string> ClearOurs(const fs::path& directory) {
  std::error_code ignored;
  std::vector<std::string> left;
  if (IsOurCapsule(directory / kCapsuleName)) {
    fs::remove(directory / kCapsuleName, ignored);
    fs::remove(directory / kResultName, ignored);
  }
  const bool had_batch = IsOurBatch(directory / kBatchName);
  for (const fs::path& entry : EntriesOf(directory)) {
    if (IsOurSeed(entry)) {
      RemoveSeed(entry);
    } else if (had_batch && IsOurVariant(entry)) {
      for (const fs::path& seed : EntriesOf(entry)) RemoveSeed(seed);
      fs::remove(entry, ignored);
    } else if (IsSeedName(entry.filename().string())) {
      left.push_back(entry.filename().string());
    }
  }
  if (had_batch) fs::remove(directory / kBatchName, ignored);
  return left;
}

std::string LeftOver(const std::vector<std::string>& left) {
  if (left.empty()) return "";
  std::string names;
  for (const std::string& name : left) names += (names.empty() ? "" : ", ") + name;
  return names + ": of an earlier batch, with more in it than its run; left as it is";
}

}  // namespace

std::string DirectoryPart(std::string_view name) {
  std::string part;
  for (const char letter : name) {
    const bool is_plain = std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '.' ||
                          letter == '-' || letter == '_';
    if (is_plain) {
      if (letter == '.' && part.empty()) continue;
      part.push_back(letter);
    } else if (!part.empty() && part.back() != '_') {
      part.push_back('_');
    }
    if (part.size() == kPartMax) break;
  }
  while (!part.empty() && part.back() == '_') part.pop_back();
  return part.empty() ? "run" : part;
}

std::string UtcStamp(int64_t seconds) {
  return absl::FormatTime("%Y%m%dT%H%M%SZ", absl::FromUnixSeconds(seconds), absl::UTCTimeZone());
}

std::string KeptPlace(const std::string& folder, uint64_t seed) {
  return (folder.empty() ? "" : folder + "/") + kSeedPrefix + std::to_string(seed);
}

WrittenRun WriteRun(const std::string& out, const std::string& json,
                    const answers::Capsule& capsule) {
  std::error_code error;
  const answers::RunResult& result = capsule.result();
  const fs::path directory =
      MakeDirectory(out, result.scenario() + "-" + std::to_string(result.seed()), error);
  if (error) return NotWritten(out, directory, error);
  WrittenRun written{.directory = "", .warning = LeftOver(ClearOurs(directory)), .failed = false};
  error = WriteBoth(directory, json, capsule);
  if (error) return NotWritten(out, directory, error);
  Finish(out, directory, written);
  return written;
}

WrittenRun WriteBatch(const std::string& out, const std::string& name, const std::string& json,
                      const std::vector<KeptRun>& kept) {
  std::error_code error;
  const fs::path directory = MakeDirectory(out, name, error);
  if (error) return NotWritten(out, directory, error);
  WrittenRun written{.directory = "", .warning = LeftOver(ClearOurs(directory)), .failed = false};
  error = WriteWhole(directory / kBatchName, json);
  for (const KeptRun& run : kept) {
    if (error) break;
    const fs::path one = directory / run.place;
    fs::create_directories(one, error);
    if (!error) error = WriteBoth(one, run.json, run.capsule);
  }
  if (error) return NotWritten(out, directory, error);
  Finish(out, directory, written);
  return written;
}

}  // namespace analysis
