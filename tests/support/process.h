// tests/support/process.h
//
// Runs a program and keeps what it said. For tests that meet `fate` as a shell does.
#ifndef TESTS_SUPPORT_PROCESS_H_
#define TESTS_SUPPORT_PROCESS_H_

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace testing_support {

struct ProcessResult {
  int exit_code = -1;  // 128 + n if signal n ended it
  std::string out;
  std::string err;
};

struct ProcessOptions {
  std::filesystem::path directory;  // where it runs; "": here
  // Set in its environment, over ours; no value: taken out.
  std::vector<std::pair<std::string, std::string>> environment;
  std::filesystem::path out;      // where its stdout goes; "": it is kept
  std::string interrupt_at;       // it gets a signal once its stderr has this; "": never
  int interrupt_with = 2;         // SIGINT
  std::filesystem::path kill_at;  // it gets a SIGKILL as soon as this exists; "": never
};

// No shell is involved: words reach the program as they stand here.
ProcessResult RunProgram(const std::string& binary, const std::vector<std::string>& arguments,
                         const ProcessOptions& options = {});

// An empty directory, gone with the object.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory();

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

std::string ReadFile(const std::filesystem::path& path);
void WriteFile(const std::filesystem::path& path, const std::string& content);

}  // namespace testing_support

#endif  // TESTS_SUPPORT_PROCESS_H_
