#include "bench/explain/ask.h"

#include <absl/status/status.h>
#include <google/protobuf/util/json_util.h>
#include <stdlib.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <system_error>

namespace bench {
namespace {

namespace fs = std::filesystem;

constexpr size_t kErrorShown = 200;

// A directory of its own, gone with the object.
class Directory {
 public:
  Directory() {
    std::error_code ignored;
    std::string pattern = (fs::temp_directory_path(ignored) / "explain-bench-XXXXXX").string();
    if (::mkdtemp(pattern.data()) != nullptr) path_ = pattern;
  }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  ~Directory() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

std::string Quoted(const fs::path& path) {
  std::string quoted = "'";
  for (const char c : path.string()) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

std::string ReadAll(const fs::path& path) {
  std::ostringstream all;
  all << std::ifstream(path).rdbuf();
  return all.str();
}

}  // namespace

absl::StatusOr<Asked> Ask(const fs::path& fate, const fs::path& scenario, uint64_t seed) {
  const Directory directory;
  const fs::path out = directory.path() / "answer.json";
  const fs::path err = directory.path() / "said";
  const std::string command = "cd " + Quoted(directory.path()) + " && exec timeout 120 " +
                              Quoted(fs::absolute(fate)) + " explain " +
                              Quoted(fs::absolute(scenario)) + " --seed " + std::to_string(seed) +
                              " --format json >" + Quoted(out) + " 2>" + Quoted(err);
  const auto from = std::chrono::steady_clock::now();
  const int ended = std::system(command.c_str());  // its exit code is a verdict, not a success
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - from;

  Asked asked{.explanation = {}, .seconds = took.count()};
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  const std::string json = ReadAll(out);
  if (!json.empty() &&
      google::protobuf::util::JsonStringToMessage(json, &asked.explanation, options).ok()) {
    return asked;
  }
  return absl::UnavailableError("no explanation (status " + std::to_string(ended) +
                                "): " + ReadAll(err).substr(0, kErrorShown));
}

}  // namespace bench
