#include "tools/analysis/whole_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace analysis {
namespace {

namespace fs = std::filesystem;

std::error_code LastError() { return {errno, std::generic_category()}; }

std::error_code WriteAll(int file, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(file, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return LastError();
    content.remove_prefix(static_cast<size_t>(written));
  }
  return {};
}

}  // namespace

std::error_code WriteWhole(const fs::path& path, std::string_view content) {
  fs::path part = path;
  part += ".part";
  ::unlink(part.c_str());  // of a process that was killed; a link goes, what it names stays
  const int file = ::open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
  if (file < 0) return LastError();
  std::error_code error = WriteAll(file, content);
  if (::close(file) != 0 && !error) error = LastError();
  if (!error) fs::rename(part, path, error);
  if (error) ::unlink(part.c_str());
  return error;
}

}  // namespace analysis
