// tools/analysis/whole_file.h
//
// Files that are whole or absent, whatever stops the process while it writes.
//
// A file is written under another name beside its own, and renamed. Neither name is followed if it
// is a link: a directory that others may write to cannot send the content elsewhere.
// Leaves out:  the loss of power; nothing is fsynced.
#ifndef TOOLS_ANALYSIS_WHOLE_FILE_H_
#define TOOLS_ANALYSIS_WHOLE_FILE_H_

#include <filesystem>
#include <string_view>
#include <system_error>

namespace analysis {

// An error is the system's own, as "No space left on device", and leaves nothing behind.
std::error_code WriteWhole(const std::filesystem::path& path, std::string_view content);

}  // namespace analysis

#endif  // TOOLS_ANALYSIS_WHOLE_FILE_H_
