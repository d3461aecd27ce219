// explain_bench [--fate BINARY] [CASE...]: asks `fate explain` about every case of key.tsv (or
// those named), and prints how often it was right. A measurement: it exits with 0 whatever it
// finds.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "bench/explain/answer_key.h"
#include "bench/explain/ask.h"
#include "bench/explain/score.h"

namespace {

namespace fs = std::filesystem;

const fs::path kFolder = fs::path(FATE_SOURCE_DIR) / "bench" / "explain";

bench::Scored Score(const bench::KeyLine& line, const fs::path& fate) {
  bench::Scored scored;
  scored.key = line;
  const auto asked =
      bench::Ask(fate, kFolder / "cases" / (line.scenario + ".textproto"), line.seed);
  if (!asked.ok()) {
    scored.error = std::string(asked.status().message());
    return scored;
  }
  scored.comparison = bench::Compare(line, asked->explanation);
  scored.seconds = asked->seconds;
  return scored;
}

}  // namespace

int main(int argc, char** argv) {
  fs::path fate = fs::path(argv[0]).parent_path() / "fate";
  std::vector<std::string> only(argv + 1, argv + argc);
  if (only.size() >= 2 && only[0] == "--fate") {
    fate = only[1];
    only.erase(only.begin(), only.begin() + 2);
  }
  std::ostringstream text;
  text << std::ifstream(kFolder / "key.tsv").rdbuf();
  const auto key = bench::ParseKey(text.str());
  if (!key.ok()) {
    std::fprintf(stderr, "%s\n", std::string(key.status().message()).c_str());
    return 2;
  }
  std::vector<bench::Scored> scored;
  for (const bench::KeyLine& line : *key) {
    const bool wanted = std::find(only.begin(), only.end(), line.scenario) != only.end();
    if (!only.empty() && !wanted) continue;
    scored.push_back(Score(line, fate));
    std::fprintf(stderr, "\r%zu of %zu ", scored.size(), key->size());
  }
  std::fprintf(stderr, "\r             \r");
  std::printf("%s\n%s", bench::FormatTable(scored).c_str(), bench::FormatTotals(scored).c_str());
  return 0;
}
