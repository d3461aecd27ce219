#include "tools/analysis/replay.h"

#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include "tools/analysis/capsule.h"
#include "tools/analysis/evaluate.h"
#include "tools/analysis/judge.h"
#include "tools/analysis/recording.h"
#include "tools/analysis/run_directory.h"
#include "tools/fate/commands.h"

namespace analysis {
namespace {

namespace fs = std::filesystem;
using answers::Capsule;

constexpr size_t kBatchBytesMax = size_t{64} << 20;
constexpr size_t kCapsuleBytesMax = size_t{256} << 20;

// More than `limit` bytes if there are more; then not all of them.
std::string ReadAtMost(std::istream& stream, size_t limit) {
  std::string bytes;
  char part[1 << 16];
  while (bytes.size() <= limit && stream.read(part, sizeof part).gcount() > 0) {
    bytes.append(part, static_cast<size_t>(stream.gcount()));
  }
  return bytes;
}

std::vector<sim::RealisedFault> RealisedOf(const Capsule& capsule) {
  std::vector<sim::RealisedFault> realised;
  for (const auto& fault : capsule.realised()) {
    sim::RealisedFault& one = realised.emplace_back();
    one.plan = static_cast<uint16_t>(fault.plan());
    one.by_fallback = fault.by_fallback();
    one.note_kind = static_cast<uint16_t>(fault.note_kind());
    one.note_subject = static_cast<uint32_t>(fault.note_subject());
    one.uid = fault.uid();
    one.time = {static_cast<int64_t>(fault.at_ns())};
  }
  return realised;
}

std::vector<sim::ChoiceOverride> OverridesOf(const Capsule& capsule) {
  std::vector<sim::ChoiceOverride> overrides;
  for (const auto& one : capsule.overrides()) overrides.push_back({one.key(), one.value()});
  std::stable_sort(overrides.begin(), overrides.end(),
                   [](const auto& a, const auto& b) { return a.key < b.key; });
  return overrides;
}

// Faults that the plan does not have: whoever wrote the capsule meant another scenario.
bool FitsPlan(const Capsule& capsule, const kafka::Setup& setup) {
  return std::all_of(capsule.realised().begin(), capsule.realised().end(),
                     [&](const auto& fault) { return fault.plan() < setup.faults.size(); });
}

Failure Unusable(const Capsule& capsule, const std::string& file, const Failure& why) {
  std::string text = why.text;
  if (capsule.engine() != fate::EngineVersion()) {
    text += file + ": error: made by fate " + capsule.engine() + ", and this is fate " +
            fate::EngineVersion() + ", which cannot run it\n";
  } else {
    text += file + ": error: its scenario makes no sense: somebody has changed it\n";
  }
  return {fate::kExitInvalid, text};
}

// What batch.json says that it keeps: of one batch, or of a scenario and its variants.
std::vector<std::string> KeptOf(const std::string& json) {
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  answers::BatchResult batch;
  answers::VariantsResult variants;
  std::vector<std::string> kept;
  if (google::protobuf::util::JsonStringToMessage(json, &batch, options).ok()) {
    kept.assign(batch.kept().begin(), batch.kept().end());
  }
  if (!google::protobuf::util::JsonStringToMessage(json, &variants, options).ok()) return kept;
  for (const auto& run : variants.runs()) {
    if (!kept.empty()) break;  // the scenario itself, before any of its variants
    kept.assign(run.kept().begin(), run.kept().end());
  }
  return kept;
}

uint64_t BadEnds(const Capsule& capsule) {
  const auto& ledger = capsule.result().ledger();
  return uint64_t{ledger.lost_after_ack()} + ledger.lost_silent() + ledger.duplicate() +
         ledger.reordered();
}

// The directories that batch.json names; of a variant's folder, which has none, all that hold a
// run.
std::vector<fs::path> RunsOfBatch(const fs::path& batch) {
  std::error_code error;
  std::vector<fs::path> runs;
  std::ifstream stream(batch / kBatchName, std::ios::binary);
  for (const std::string& kept : KeptOf(ReadAtMost(stream, kBatchBytesMax))) {
    if (fs::exists(batch / kept / kCapsuleName, error)) runs.push_back(batch / kept);
  }
  if (!runs.empty()) return runs;
  for (fs::directory_iterator at(batch, error), end; !error && at != end; at.increment(error)) {
    if (fs::exists(at->path() / kCapsuleName, error)) runs.push_back(at->path());
  }
  std::sort(runs.begin(), runs.end());
  return runs;
}

// Of a batch's directory the run in which most messages met a bad end; of equals the first.
fs::path WorstOfBatch(const fs::path& batch) {
  const std::vector<fs::path> runs = RunsOfBatch(batch);
  fs::path worst = batch;
  uint64_t most = 0;
  for (const fs::path& run : runs) {
    const ReadCapsule read = ReadCapsuleAt((run / kCapsuleName).string());
    if (!read.capsule) continue;
    if (worst != batch && BadEnds(*read.capsule) <= most) continue;
    worst = run;
    most = BadEnds(*read.capsule);
  }
  return worst;
}

}  // namespace

Failure OpenCapsule(const kafka_config::Tables& tables, const Capsule& capsule,
                    const std::string& file, std::optional<CapsuleRun>& out) {
  const loader::LoadResult loaded = loader::LoadScenario(capsule.scenario_text(), file);
  if (!loaded.scenario) {
    return Unusable(capsule, file, {fate::kExitInvalid, kafka_config::Describe(loaded.errors)});
  }
  const UserSettings user{.files = {},
                          .set = {capsule.settings().begin(), capsule.settings().end()}};
  std::vector<Prepared> prepared;
  const Failure failure = Prepare(tables, *loaded.scenario, user, prepared);
  if (failure.exit_code != 0) return Unusable(capsule, file, failure);
  if (!FitsPlan(capsule, prepared.front().setup())) return Unusable(capsule, file, {});
  CapsuleRun& run = out.emplace(CapsuleRun{.prepared = std::move(prepared.front()),
                                           .user = user,
                                           .seed = capsule.seed(),
                                           .overrides = OverridesOf(capsule),
                                           .faults = {}});
  run.faults = run.prepared.setup().faults;
  if (capsule.anchored()) run.faults = kafka::Anchored(run.faults, RealisedOf(capsule));
  if (capsule.until_ns() != 0) run.until = {static_cast<int64_t>(capsule.until_ns())};
  return {};
}

ReadCapsule ReadCapsuleAt(const std::string& target) {
  std::error_code error;
  fs::path path = target;
  if (fs::is_directory(path, error)) {
    if (!fs::exists(path / kCapsuleName, error)) path = WorstOfBatch(path);
    path /= kCapsuleName;
  }
  ReadCapsule read{.capsule = {}, .file = path.string(), .failure = {}};
  std::ifstream stream(path, std::ios::binary);
  if (!stream) {
    read.failure = {fate::kExitIo,
                    read.file + ": error: " +
                        (fs::exists(path, error) ? "cannot be read" : "no such file") + "\n"};
    return read;
  }
  const std::string bytes = ReadAtMost(stream, kCapsuleBytesMax);
  if (stream.bad()) {
    read.failure = {fate::kExitIo, read.file + ": error: cannot be read\n"};
    return read;
  }
  if (bytes.size() > kCapsuleBytesMax) {
    read.failure = {fate::kExitInvalid, read.file + ": error: is larger than " +
                                            std::to_string(kCapsuleBytesMax) +
                                            " bytes, which no capsule is\n"};
    return read;
  }
  UnpackedCapsule unpacked = UnpackCapsule(bytes);
  if (!unpacked.capsule) {
    read.failure = {fate::kExitInvalid, read.file + ": error: " + unpacked.error + "\n"};
    return read;
  }
  read.capsule = std::move(unpacked.capsule);
  return read;
}

Replayed Replay(const kafka_config::Tables& tables, const Capsule& capsule,
                const std::string& file) {
  Replayed replayed;
  std::optional<CapsuleRun> run;
  replayed.failure = OpenCapsule(tables, capsule, file, run);
  if (replayed.failure.exit_code != 0) return replayed;
  kafka::Runner runner;
  kafka::RunOutcome outcome;
  Recorder recorder;
  runner.Run(run->request(), outcome, &recorder);
  replayed.digest = HexOf(outcome.digest);
  replayed.events = outcome.events;
  replayed.verdict = NameOf(Judge(run->prepared, outcome, runner.world()).verdict);
  replayed.same_verdict = replayed.verdict == capsule.result().verdict();
  const auto difference = FirstDifference(capsule.notes(), recorder.bytes());
  if (difference) {
    replayed.difference =
        DescribeDivergence(run->prepared.setup(), runner.world().tables, *difference);
  }
  replayed.identical =
      !difference && replayed.digest == capsule.digest() && replayed.events == capsule.events();
  return replayed;
}

}  // namespace analysis
