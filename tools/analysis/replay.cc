#include "tools/analysis/replay.h"

#include <google/protobuf/unknown_field_set.h>
#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include "tools/analysis/capsule.h"
#include "tools/analysis/engine_version.h"
#include "tools/analysis/run_directory.h"
#include "tools/answers/capsule.pb.h"
#include "tools/answers/comparison.pb.h"

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

absl::Status Unusable(const Capsule& capsule, const std::string& file, const std::string& why) {
  const std::string error = why + file + ": error: ";
  if (capsule.engine() == EngineVersion()) {
    return absl::InvalidArgumentError(error +
                                      "its scenario makes no sense: somebody has changed it\n");
  }
  return absl::InvalidArgumentError(error + "made by fate " + capsule.engine() +
                                    ", and this is fate " + EngineVersion() +
                                    ", which cannot run it\n");
}

std::string MessageOf(const absl::Status& status) { return std::string(status.message()); }

// Capsules hold the verdict as an enum since it is one, and held its name before.
answers::Status RecordedVerdict(const answers::RunResult& result) {
  answers::Status verdict = result.verdict();
  const auto& old_fields = result.GetReflection()->GetUnknownFields(result);
  for (int i = 0; i < old_fields.field_count(); ++i) {
    const google::protobuf::UnknownField& field = old_fields.field(i);
    if (field.number() != answers::RunResult::kVerdictFieldNumber) continue;
    if (field.type() != google::protobuf::UnknownField::TYPE_LENGTH_DELIMITED) continue;
    answers::Status_Parse(field.length_delimited(), &verdict);
  }
  return verdict;
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
    const absl::StatusOr<ReadCapsule> read = ReadCapsuleAt((run / kCapsuleName).string());
    if (!read.ok()) continue;
    if (worst != batch && BadEnds(read->capsule) <= most) continue;
    worst = run;
    most = BadEnds(read->capsule);
  }
  return worst;
}

}  // namespace

absl::StatusOr<CapsuleRun> OpenCapsule(const kafka_config::Tables& tables, const Capsule& capsule,
                                       const std::string& file,
                                       kafka::StateWatcherOfThread state_watcher) {
  const loader::LoadResult loaded = loader::LoadScenario(capsule.scenario_text(), file);
  if (!loaded.scenario) {
    return Unusable(capsule, file, kafka_config::Describe(loaded.errors));
  }
  UserSettings user{.files = {}, .set = {capsule.settings().begin(), capsule.settings().end()}};
  absl::StatusOr<Prepared> prepared = Prepare(tables, *loaded.scenario, user, state_watcher);
  if (!prepared.ok()) return Unusable(capsule, file, MessageOf(prepared.status()));
  if (!FitsPlan(capsule, prepared->setup())) return Unusable(capsule, file, "");
  CapsuleRun run{.prepared = *std::move(prepared),
                 .user = std::move(user),
                 .seed = capsule.seed(),
                 .overrides = OverridesOf(capsule),
                 .faults = {}};
  run.faults = run.prepared.setup().faults;
  if (capsule.anchored()) run.faults = kafka::Anchored(run.faults, RealisedOf(capsule));
  if (capsule.until_ns() != 0) run.until = {static_cast<int64_t>(capsule.until_ns())};
  return run;
}

absl::StatusOr<ReadCapsule> ReadCapsuleAt(const std::string& target) {
  std::error_code error;
  fs::path path = target;
  if (fs::is_directory(path, error)) {
    if (!fs::exists(path / kCapsuleName, error)) path = WorstOfBatch(path);
    path /= kCapsuleName;
  }
  const std::string file = path.string();
  std::ifstream stream(path, std::ios::binary);
  if (!stream) {
    const bool exists = fs::exists(path, error);
    return absl::UnavailableError(
        file + ": error: " + (exists ? "cannot be read" : "no such file") + "\n");
  }
  const std::string bytes = ReadAtMost(stream, kCapsuleBytesMax);
  if (stream.bad()) return absl::UnavailableError(file + ": error: cannot be read\n");
  if (bytes.size() > kCapsuleBytesMax) {
    return absl::InvalidArgumentError(file + ": error: is larger than " +
                                      std::to_string(kCapsuleBytesMax) +
                                      " bytes, which no capsule is\n");
  }
  absl::StatusOr<Capsule> unpacked = UnpackCapsule(bytes);
  if (!unpacked.ok()) {
    return absl::InvalidArgumentError(file + ": error: " + MessageOf(unpacked.status()) + "\n");
  }
  return ReadCapsule{.capsule = *std::move(unpacked), .file = file};
}

absl::StatusOr<Replayed> Replay(const kafka_config::Tables& tables, const ReadCapsule& read,
                                kafka::StateWatcherOfThread state_watcher) {
  const Capsule& capsule = read.capsule;
  absl::StatusOr<CapsuleRun> opened = OpenCapsule(tables, capsule, read.file, state_watcher);
  if (!opened.ok()) return opened.status();
  Replayed replayed;
  replayed.opened = std::make_unique<CapsuleRun>(*std::move(opened));
  replayed.run = Record(replayed.opened->prepared, replayed.opened->request());
  const RecordedRun& now = *replayed.run;
  replayed.difference = FirstDifference(capsule.notes(), now.recorder.bytes());
  answers::ReplayResult& answer = replayed.answer;
  answer.set_schema_version(1);
  answer.set_capsule(read.file);
  answer.set_engine(EngineVersion());
  answer.set_recorded_engine(capsule.engine());
  answer.set_scenario(capsule.result().scenario());
  answer.set_seed(capsule.seed());
  answer.set_events(now.outcome.events);
  answer.set_recorded_events(capsule.events());
  answer.set_digest(now.result.digest());
  answer.set_recorded_digest(capsule.digest());
  answer.set_verdict(now.result.verdict());
  answer.set_recorded_verdict(RecordedVerdict(capsule.result()));
  answer.set_identical(!replayed.difference && answer.digest() == answer.recorded_digest() &&
                       answer.events() == answer.recorded_events());
  return replayed;
}

}  // namespace analysis
