#include "tools/fate/run_directory.h"

#include <absl/time/clock.h>
#include <absl/time/time.h>
#include <unistd.h>

#include <cctype>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "scenarios/schema/to_config.h"
#include "tools/fate/capsule.h"
#include "tools/fate/capsule_settings.h"
#include "tools/fate/commands.h"
#include "tools/fate/evaluate.h"
#include "tools/report/json.h"

namespace fate {
namespace {

namespace fs = std::filesystem;

constexpr size_t kPartMax = 80;
constexpr char kRoot[] = "fate-out";
constexpr char kLatest[] = "latest";
constexpr int kTries = 1000;  // runs of one name and seed that begin in one second

std::string Unwritable(const fs::path& place, const std::error_code& error) {
  return place.string() + " cannot be written (" + error.message() +
         "): nothing of this run is kept";
}

// Whole or not at all: whoever finds the name finds all of the content.
std::error_code WriteFile(const fs::path& path, const std::string& content) {
  fs::path part = path;
  part += ".part";
  {
    std::ofstream stream(part, std::ios::binary | std::ios::trunc);
    stream.write(content.data(), static_cast<std::streamsize>(content.size()));
    stream.flush();
    if (!stream) return std::make_error_code(std::errc::io_error);
  }
  std::error_code error;
  fs::rename(part, path, error);
  return error;
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
fs::path MakeDirectory(const Options& options, const std::string& name, std::error_code& error) {
  if (!options.out.empty()) {
    fs::create_directories(options.out, error);
    return options.out;
  }
  const std::string stamp = UtcStamp(absl::ToUnixSeconds(absl::Now()));
  return MakeNew(fs::path(kRoot) / (stamp + "-" + DirectoryPart(name)), error);
}

std::error_code WriteBoth(const fs::path& directory, const schema::proto::RunResult& result,
                          const schema::proto::Capsule& capsule) {
  const std::error_code error = WriteFile(directory / kResultName, ToJson(result));
  return error ? error : WriteFile(directory / kCapsuleName, PackCapsule(capsule));
}

// -o names a place of the user's, which `latest` is not beside.
void Finish(const Options& options, const fs::path& directory, WrittenRun& written) {
  written.directory = directory.string();
  if (!options.out.empty()) return;
  if (const std::error_code error = MoveLatest(directory)) {
    written.warning = (directory.parent_path() / kLatest).string() + " still names an older run (" +
                      error.message() + ")";
  }
}

void AddRealised(const std::vector<sim::RealisedFault>& faults, schema::proto::Capsule& capsule) {
  for (const sim::RealisedFault& fault : faults) {
    auto* realised = capsule.add_realised();
    realised->set_plan(fault.plan);
    realised->set_by_fallback(fault.by_fallback);
    realised->set_note_kind(fault.note_kind);
    realised->set_note_subject(fault.note_subject);
    realised->set_uid(fault.uid);
    realised->set_at_ns(static_cast<uint64_t>(fault.time.ns));
  }
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

schema::proto::Capsule MakeCapsule(const schema::Tables& tables, const Prepared& prepared,
                                   const RunFacts& facts, const kafka::RunOutcome& outcome,
                                   const schema::proto::RunResult& result,
                                   const std::string& recording) {
  schema::proto::Capsule capsule;
  capsule.set_schema_version(1);
  capsule.set_engine(EngineVersion());
  capsule.set_scenario_text(schema::ShareableText(tables, prepared.scenario));
  capsule.set_scenario_sha256(prepared.scenario.sha256);
  capsule.set_seed(facts.seed);
  AddRealised(facts.anchored ? facts.realised : outcome.realised, capsule);
  for (const std::string& line : CapsuleSettings(prepared.configuration)) {
    capsule.add_settings(line);
  }
  if (facts.until < sim::kForever) capsule.set_until_ns(static_cast<uint64_t>(facts.until.ns));
  capsule.set_digest(HexOf(outcome.digest));
  capsule.set_events(outcome.events);
  *capsule.mutable_result() = result;
  capsule.set_notes(recording);
  capsule.set_anchored(facts.anchored);
  return capsule;
}

WrittenRun WriteRun(const Options& options, const schema::proto::RunResult& result,
                    const schema::proto::Capsule& capsule) {
  std::error_code error;
  const fs::path directory =
      MakeDirectory(options, result.scenario() + "-" + std::to_string(result.seed()), error);
  if (error) return {"", Unwritable(directory, error)};
  error = WriteBoth(directory, result, capsule);
  if (error) return {"", Unwritable(directory, error)};
  WrittenRun written;
  Finish(options, directory, written);
  return written;
}

WrittenRun WriteBatch(const Options& options, const std::string& name, const std::string& json,
                      const std::vector<schema::proto::Capsule>& worst) {
  std::error_code error;
  const fs::path directory = MakeDirectory(options, name, error);
  if (error) return {"", Unwritable(directory, error)};
  // A run that was kept here is none of this batch's, and would be the one that is replayed.
  fs::remove(directory / kCapsuleName, error);
  fs::remove(directory / kResultName, error);
  error = WriteFile(directory / kBatchName, json);
  for (const schema::proto::Capsule& capsule : worst) {
    if (error) break;
    const fs::path one = directory / ("seed-" + std::to_string(capsule.seed()));
    fs::create_directories(one, error);
    if (!error) error = WriteBoth(one, capsule.result(), capsule);
  }
  if (error) return {"", Unwritable(directory, error)};
  WrittenRun written;
  Finish(options, directory, written);
  return written;
}

}  // namespace fate
