#include "tools/analysis/verify.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include "tools/analysis/capsule.h"
#include "tools/analysis/run_directory.h"

namespace analysis {
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

// Waits for its end; the exit code is that of NewProcess.
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

}  // namespace

absl::StatusOr<NewProcess> RunInNewProcess(const std::string& program,
                                           std::vector<std::string> arguments) {
  const TemporaryDirectory temporary;
  if (temporary.path().empty()) {
    return absl::UnavailableError("no temporary directory can be made");
  }
  const fs::path place = temporary.path() / "run";
  arguments.insert(arguments.end(), {"-o", place.string()});
  NewProcess process{.exit_code = RunProcess("/proc/self/exe", arguments),
                     .capsule = absl::NotFoundError("")};
  if (process.exit_code == -1) process.exit_code = RunProcess(program, arguments);
  std::ifstream stream(place / kCapsuleName, std::ios::binary);
  std::ostringstream bytes;
  bytes << stream.rdbuf();
  process.capsule = UnpackCapsule(bytes.str());
  return process;
}

bool IsSameRun(const RecordedRun& run, const answers::Capsule& again) {
  return again.digest() == run.result.digest() && again.events() == run.result.events() &&
         again.notes() == run.recorder.bytes();
}

}  // namespace analysis
