#include "tests/support/process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <system_error>
#include <thread>

namespace testing_support {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void Become(const std::string& binary, char* const* argv,
                         const ProcessOptions& options, const fs::path& out, const fs::path& err) {
  const auto send = [](const fs::path& path, int to) {
    ::dup2(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644), to);
  };
  ::dup2(::open("/dev/null", O_RDONLY), STDIN_FILENO);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) ::signal(signal, SIG_DFL);
  send(out, STDOUT_FILENO);
  send(err, STDERR_FILENO);
  if (!options.directory.empty() && ::chdir(options.directory.c_str()) != 0) ::_exit(126);
  for (const auto& [name, value] : options.environment) {
    if (value.empty()) {
      ::unsetenv(name.c_str());
    } else {
      ::setenv(name.c_str(), value.c_str(), 1);
    }
  }
  ::execv(binary.c_str(), argv);
  ::_exit(127);
}

bool HasEnded(pid_t child) {
  siginfo_t ended{};
  return ::waitid(P_PID, child, &ended, WEXITED | WNOHANG | WNOWAIT) != 0 || ended.si_pid == child;
}

// However slow the machine is: waits for the word, or for an end that came without it.
void InterruptAt(const std::string& word, int signal, pid_t child, const fs::path& err) {
  while (ReadFile(err).find(word) == std::string::npos) {
    if (HasEnded(child)) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  ::kill(child, signal);
}

// Without a pause: files come within microseconds of each other.
void KillAt(const fs::path& path, pid_t child) {
  struct stat found {};
  while (::lstat(path.c_str(), &found) != 0) {
    if (HasEnded(child)) return;
  }
  ::kill(child, SIGKILL);
}

}  // namespace

TemporaryDirectory::TemporaryDirectory() {
  std::string pattern = (fs::temp_directory_path() / "fate-test-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) std::abort();
  path_ = pattern;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::string ReadFile(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void WriteFile(const fs::path& path, const std::string& content) {
  std::ofstream stream(path, std::ios::binary);
  stream << content;
}

ProcessResult RunProgram(const std::string& binary, const std::vector<std::string>& arguments,
                         const ProcessOptions& options) {
  const TemporaryDirectory output;
  const fs::path out = options.out.empty() ? output.path() / "out" : options.out;
  const fs::path err = output.path() / "err";
  std::vector<std::string> words = {binary};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const pid_t child = ::fork();
  if (child == 0) Become(binary, argv.data(), options, out, err);
  if (child > 0 && !options.interrupt_at.empty()) {
    InterruptAt(options.interrupt_at, options.interrupt_with, child, err);
  }
  if (child > 0 && !options.kill_at.empty()) KillAt(options.kill_at, child);
  ProcessResult result;
  int status = 0;
  if (child < 0 || ::waitpid(child, &status, 0) != child) return result;
  result.exit_code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  if (options.out.empty()) result.out = ReadFile(out);
  result.err = ReadFile(err);
  return result;
}

}  // namespace testing_support
