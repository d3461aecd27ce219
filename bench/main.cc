// fate_bench [--json FILE]: measures, prints the table, and records it.
#include <cstdio>
#include <cstring>

#include "bench/harness.h"

namespace {

void Print(const bench::Table& table) {
  for (const bench::Row& row : table) {
    std::printf("%-66s %10.2f %-6s", row.name.c_str(), row.value, row.unit.c_str());
    if (row.limit != 0) {
      const char* sign = row.at_least ? ">=" : "<=";
      std::printf(" %s %9.2f  %s", sign, row.limit, row.met() ? "ok" : "MISSED");
    }
    std::printf("\n");
  }
}

bool WriteJson(const bench::Table& table, const char* path) {
  std::FILE* file = std::fopen(path, "w");
  if (file == nullptr) return false;
  std::fprintf(file, "{\n  \"schema_version\": 1,\n  \"rows\": [\n");
  for (size_t i = 0; i < table.size(); ++i) {
    const bench::Row& row = table[i];
    std::fprintf(file, "    {\"name\": \"%s\", \"value\": %.3f, \"unit\": \"%s\"", row.name.c_str(),
                 row.value, row.unit.c_str());
    if (row.limit != 0) {
      std::fprintf(file, ", \"limit\": %.3f, \"met\": %s", row.limit, row.met() ? "true" : "false");
    }
    std::fprintf(file, "}%s\n", i + 1 < table.size() ? "," : "");
  }
  std::fprintf(file, "  ]\n}\n");
  return std::fclose(file) == 0;
}

}  // namespace

int main(int argc, char** argv) {
  const bool json = argc == 3 && std::strcmp(argv[1], "--json") == 0;
  if (argc != 1 && !json) {
    std::fprintf(stderr, "usage: %s [--json FILE]\n", argv[0]);
    return 2;
  }
  bench::Table table;
  bench::MeasureEngine(table);
  bench::MeasureKafka(table);
  bench::MeasureCommonRandomNumbers(table);
  Print(table);
  if (json && !WriteJson(table, argv[2])) {
    std::fprintf(stderr, "cannot write %s\n", argv[2]);
    return 1;
  }
  return 0;
}
