// fate run: one run, many seeds, variants, or a collection.
#include <cstdio>

#include "tools/fate/batch.h"
#include "tools/fate/commands.h"
#include "tools/fate/single.h"

namespace fate {

int RunCommand(const Options& options) {
  const schema::Tables tables = schema::LoadTables();
  UserSettings user;
  Failure failure = ReadUserSettings(options, user);
  if (failure.exit_code != 0) {
    std::fputs(failure.text.c_str(), stderr);
    return failure.exit_code;
  }
  int code = kExitMet;
  for (const std::string& target : options.targets) {
    if (!schema::ShippedCollection(target).empty()) {
      code = WorseExitCode(code, RunCollection(tables, options, user, target));
      continue;
    }
    schema::LoadedScenario loaded;
    failure = LoadNamed(target, loaded);
    std::vector<Prepared> prepared;
    if (failure.exit_code == 0) failure = Prepare(tables, loaded, user, prepared);
    if (failure.exit_code != 0) {
      std::fputs(failure.text.c_str(), stderr);
      return failure.exit_code;
    }
    int one = 0;
    if (options.variants) {
      one = RunVariants(tables, options, user, prepared.front());
    } else if (options.seeds) {
      one = RunBatch(tables, options, user, prepared.front());
    } else {
      one = RunSingle(tables, options, user, prepared.front());
    }
    if (InterruptExitCode() != 0) return InterruptExitCode();
    code = one == kExitMet || code != kExitMet ? WorseExitCode(code, one) : one;
  }
  return code;
}

}  // namespace fate
