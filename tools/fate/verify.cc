#include "tools/fate/verify.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include "scenarios/loader/units.h"
#include "tools/analysis/capsule.h"
#include "tools/analysis/run_directory.h"
#include "tools/answers/capsule.pb.h"
#include "tools/fate/exit_codes.h"
#include "tools/fate/told_event.h"

namespace fate {
namespace {

namespace fs = std::filesystem;

// A directory of its own under the system's place for such, gone at the end.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::error_code error;
    const fs::path base = fs::temp_directory_path(error);
    std::string pattern = ((error ? fs::path("/tmp") : base) / "fate-verify-XXXXXX").string();
    if (::mkdtemp(pattern.data()) != nullptr) path_ = pattern;
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

bool IsAVerdict(int code) {
  return code == kExitMet || code == kExitNotMet || code == kExitInconclusive;
}

// The child's side, between fork and exec: nothing but system calls.
[[noreturn]] void Become(const std::string& binary, char* const* argv) {
  const int null = ::open("/dev/null", O_RDWR);
  if (null >= 0) {
    ::dup2(null, STDIN_FILENO);
    ::dup2(null, STDOUT_FILENO);
    ::dup2(null, STDERR_FILENO);
  }
  ::execvp(binary.c_str(), argv);
  ::_exit(127);
}

absl::Status Differs(const analysis::RecordedRun& run, const answers::Capsule& again) {
  std::string message = "not deterministic: digest " + run.result.digest() + " here, " +
                        again.digest() + " in a new process\n";
  const auto difference = analysis::FirstDifference(run.recorder.bytes(), again.notes());
  if (difference) {
    const render::DivergenceText text =
        DescribeDivergence(*run.world().config, run.world().tables, *difference);
    message += "  first difference: " + text.headline + "\n" +
               render::Render(text, "here", "in a new process");
  }
  return absl::AbortedError(message);
}

}  // namespace

std::vector<std::string> RunArguments(const Options& options, const std::string& scenario,
                                      uint64_t seed) {
  std::vector<std::string> arguments = {"run", scenario, "--seed", std::to_string(seed)};
  const auto add = [&](const char* flag, const std::string& value) {
    arguments.emplace_back(flag);
    arguments.push_back(value);
  };
  for (const std::string& file : options.config) add("--config", file);
  for (const std::string& line : options.set) add("--set", line);
  if (options.until) add("--until", loader::DurationText(*options.until));
  return arguments;
}

int RunProcess(const std::string& binary, const std::vector<std::string>& arguments) {
  std::vector<std::string> words = {binary};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const pid_t child = ::fork();
  if (child < 0) return -1;
  if (child == 0) Become(binary, argv.data());
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return -1;
  }
  if (WIFSIGNALED(status)) return 128 + WTERMSIG(status);
  return WEXITSTATUS(status) == 127 ? -1 : WEXITSTATUS(status);
}

absl::StatusOr<std::string> VerifyRun(const Options& options,
                                      const std::vector<std::string>& arguments,
                                      const analysis::RecordedRun& run) {
  const TemporaryDirectory temporary;
  if (temporary.path().empty()) {
    return absl::UnavailableError("--verify: no temporary directory can be made\n");
  }
  std::vector<std::string> all = arguments;
  const std::string place = (temporary.path() / "run").string();
  all.insert(all.end(), {"--format", "json", "-q", "--color", "never", "-o", place});
  int code = RunProcess("/proc/self/exe", all);
  if (code == -1) code = RunProcess(options.program, all);
  if (code == -1) {
    return absl::InternalError("--verify: " + options.program + " cannot be started again\n");
  }
  if (code == 128 + SIGINT) return absl::CancelledError("--verify: interrupted\n");
  if (!IsAVerdict(code)) {
    return absl::InternalError("--verify: the run in a new process ended with exit code " +
                               std::to_string(code) + "\n");
  }
  std::ifstream stream(fs::path(place) / analysis::kCapsuleName, std::ios::binary);
  std::ostringstream bytes;
  bytes << stream.rdbuf();
  const absl::StatusOr<answers::Capsule> again = analysis::UnpackCapsule(bytes.str());
  if (!again.ok()) return absl::UnavailableError("--verify: the new process left no capsule\n");
  const answers::RunResult& result = run.result;
  const bool same = again->digest() == result.digest() && again->events() == result.events() &&
                    again->notes() == run.recorder.bytes();
  if (!same) return Differs(run, *again);
  return "verified: a new process gives the same " + std::to_string(result.events()) +
         " events, digest " + result.digest() + "\n";
}

}  // namespace fate
