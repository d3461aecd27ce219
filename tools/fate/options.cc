#include "tools/fate/options.h"

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdlib>
#include <map>

#include "scenarios/kafka_config/text.h"
#include "scenarios/loader/text.h"
#include "scenarios/loader/units.h"

namespace fate {
namespace {

constexpr uint64_t kSeedsMax = 1'000'000;

// CLI11 wants text in, text out; the checks below run before anything else does.
// What is empty was given, and is a mistake: a script's variable that is not set.
struct Raw {
  std::optional<std::string> seed;
  std::optional<std::string> seeds;
  std::optional<std::string> jobs;
  std::optional<std::string> until;
  std::optional<std::string> out;
  std::string trace = "none";
  std::string format = "human";
  std::string color = "auto";
  std::optional<std::string> key;
  std::optional<std::string> first;
  std::optional<std::string> futures;
  bool no_what_if = false;
};

void AddDisplay(CLI::App& command, Raw& raw, Options& options) {
  command.add_option("--color", raw.color, "auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}));
  command.add_flag("--ascii", options.ascii, "no glyphs beyond ASCII");
  command.add_flag("-q,--quiet", options.quiet, "only the verdict");
  command.add_flag("-v,--verbose", options.verbose, "every effective setting with its origin");
}

void AddFormat(CLI::App& command, Raw& raw) {
  command.add_option("--format", raw.format, "human or json")
      ->check(CLI::IsMember({"human", "json"}));
}

// CLI11's own look at the environment overrules the flag where several commands share a variable.
void AddSeed(CLI::App& command, Raw& raw) {
  command
      .add_option("--seed", raw.seed, "decimal or 0x...; default: FATE_SEED, else the scenario's")
      ->type_name("N");
}

// What says which run: its seed and its settings.
void AddInputs(CLI::App& command, Raw& raw, Options& options) {
  AddSeed(command, raw);
  command.add_option("-j,--jobs", raw.jobs, "runs at a time; changes no result")->type_name("N");
  command.add_option("--set", options.set, "a Kafka setting: producer:acks=all, topic/orders:...")
      ->type_name("SCOPE:NAME=VALUE")
      ->allow_extra_args(false);
  command
      .add_option("--config", options.config,
                  "settings as you have them: [producer=|broker=|...]FILE, - is standard input")
      ->type_name("[SCOPE=]FILE")
      ->allow_extra_args(false);
  command.add_option("--until", raw.until, "stop the programs at this virtual time, as 30s")
      ->type_name("TIME");
}

void AddRun(CLI::App& command, Raw& raw, Options& options) {
  command.add_option("scenario", options.targets, "a shipped scenario, a collection, or a file")
      ->required()
      ->type_name("SCENARIO");
  AddInputs(command, raw, options);
  command.add_option("--seeds", raw.seeds, "many runs, both ends included")->type_name("A..B");
  command.add_flag("--variants", options.variants, "the scenario and each of its variants");
  command.add_option("--trace", raw.trace, "none, messages or full")
      ->check(CLI::IsMember({"none", "messages", "full"}));
  command.add_flag("--verify", options.verify, "run again in a new process, and compare");
  command.add_option("-o,--out", raw.out, "where result and capsule go")->type_name("DIR");
}

void DeclareExplain(CLI::App& command, Raw& raw, Options& options) {
  command
      .add_option("what", options.targets,
                  "a run (a directory, a capsule, a scenario; default: the latest) and a message "
                  "(m#498, orders-0@497; default: the worst)")
      ->expected(0, 2)
      ->type_name("[RUN] [MESSAGE]");
  command.add_option("--key", raw.key, "the first bad end of a message with this key");
  command.add_option("--first", raw.first, "the first that is lost, duplicate, reordered, ...");
  command.add_option("--futures", raw.futures, "futures from each point; 0: none; default 400")
      ->type_name("N");
  command.add_flag("--no-whatif", raw.no_what_if, "do not ask what would have saved it");
  AddInputs(command, raw, options);
  command.add_option("--format", raw.format, "human, json or md")
      ->check(CLI::IsMember({"human", "json", "md"}));
  AddDisplay(command, raw, options);
}

void DeclareReplay(CLI::App& command, Raw& raw, Options& options) {
  command.add_option("capsule", options.targets, "a *.fate file or a run's directory")
      ->required()
      ->expected(1)
      ->type_name("CAPSULE");
  AddFormat(command, raw);
  AddDisplay(command, raw, options);
}

void DeclareDiff(CLI::App& command, Raw& raw, Options& options) {
  command.add_option("runs", options.targets, "two directories, capsules or scenarios")
      ->required()
      ->expected(2)
      ->type_name("RUN RUN");
  AddInputs(command, raw, options);
  AddFormat(command, raw);
  AddDisplay(command, raw, options);
}

void DeclareRule(CLI::App& command, Raw& raw, Options& options) {
  command.add_option("id", options.targets, "as KB:R-30; without one: the chapters")
      ->type_name("ID");
  AddFormat(command, raw);
  AddDisplay(command, raw, options);
}

std::string Mistaken(const char* flag, const std::string& value, const char* text) {
  return std::string(flag) + ": '" + value + "' " + text;
}

// Each Convert: what is wrong, or "".
std::string ConvertSeeds(const Raw& raw, Options& options) {
  constexpr char kNoSeed[] = "is no 64-bit number (decimal or 0x...)";
  if (raw.seed && !(options.seed = ParseSeed(*raw.seed))) {
    return Mistaken("--seed", *raw.seed, kNoSeed);
  }
  if (const char* seed = std::getenv("FATE_SEED"); seed != nullptr && *seed != '\0') {
    options.environment_seed = ParseSeed(seed);
    if (!options.environment_seed) return Mistaken("FATE_SEED", seed, kNoSeed);
  }
  if (raw.seeds && !(options.seeds = ParseSeedRange(*raw.seeds))) {
    return Mistaken("--seeds", *raw.seeds, "is no range like 1..200 (at most 1000000 seeds)");
  }
  if (options.seed && options.seeds) return "--seed and --seeds exclude each other";
  return "";
}

std::string ConvertExplain(const Raw& raw, Options& options) {
  options.key = raw.key;
  options.first = raw.first;
  if (options.key && options.first) return "--key and --first exclude each other";
  options.what_if = !raw.no_what_if;
  if (!raw.futures) return "";
  const std::optional<uint64_t> futures = ParseSeed(*raw.futures);
  if (!futures || *futures > 100'000)
    return Mistaken("--futures", *raw.futures, "is not in 0..100000");
  options.futures = static_cast<uint32_t>(*futures);
  return "";
}

std::string ConvertNumbers(const Raw& raw, Options& options) {
  if (raw.jobs) {
    const std::optional<uint64_t> jobs = ParseSeed(*raw.jobs);
    if (!jobs || *jobs == 0 || *jobs > 1024) return Mistaken("-j", *raw.jobs, "is not in 1..1024");
    options.jobs = static_cast<uint32_t>(*jobs);
  }
  if (raw.until) {
    options.until = loader::ParseDuration(*raw.until);
    if (!options.until || options.until->ns <= 0) {
      return Mistaken("--until", *raw.until, "is no time like 30s or 1500ms");
    }
  }
  if (raw.out && raw.out->empty()) return Mistaken("-o", "", "is no directory");
  if (raw.out) options.out = *raw.out;
  return "";
}

std::string Convert(const Raw& raw, Options& options) {
  for (const auto convert : {ConvertSeeds, ConvertNumbers, ConvertExplain}) {
    if (std::string wrong = convert(raw, options); !wrong.empty()) return wrong;
  }
  if (options.variants && options.seed) return "--variants run over many seeds: --seeds A..B";
  if (options.command == Command::kRun && options.targets.size() > 1 && !options.out.empty()) {
    return "-o is the directory of one scenario's run, and several are given";
  }
  if (const std::string flag = OfOneRun(options); !flag.empty()) {
    if (options.seeds || options.variants) {
      return flag + " is about one run: it goes with --seed, not with --seeds or --variants";
    }
  }
  return "";
}

const std::map<std::string, Format> kFormats = {
    {"human", Format::kHuman}, {"json", Format::kJson}, {"md", Format::kMarkdown}};
const std::map<std::string, TraceLevel> kTraces = {
    {"none", TraceLevel::kNone}, {"messages", TraceLevel::kMessages}, {"full", TraceLevel::kFull}};
const std::map<std::string, render::ColorChoice> kColors = {
    {"auto", render::ColorChoice::kAuto},
    {"always", render::ColorChoice::kAlways},
    {"never", render::ColorChoice::kNever}};

std::string ProgramName(const char* argv0) {
  return argv0 == nullptr || *argv0 == '\0' ? "fate" : argv0;
}

// Declares every command; what is parsed lands in `raw` and `options`.
void Declare(CLI::App& app, Raw& raw, Options& options) {
  app.set_help_flag("-h,--help", "this text");
  app.require_subcommand(0, 1);
  const auto command = [&](CLI::App& parent, const char* name, const char* text, Command what) {
    CLI::App* sub = parent.add_subcommand(name, text);
    sub->set_help_flag("-h,--help", "this text");
    sub->callback([&options, what] { options.command = what; });
    return sub;
  };
  CLI::App* demo = command(app, "demo", "one story twice: acks=1 and acks=all", Command::kDemo);
  AddSeed(*demo, raw);
  AddDisplay(*demo, raw, options);
  CLI::App* run =
      command(app, "run", "simulate; the verdict, and what became of every message", Command::kRun);
  AddRun(*run, raw, options);
  AddFormat(*run, raw);
  AddDisplay(*run, raw, options);
  DeclareReplay(*command(app, "replay", "run a capsule again, and compare", Command::kReplay), raw,
                options);
  DeclareExplain(
      *command(app, "explain", "why it happened, and what would have saved it", Command::kExplain),
      raw, options);
  DeclareDiff(*command(app, "diff", "where two runs part", Command::kDiff), raw, options);
  CLI::App* scenario = app.add_subcommand("scenario", "list, show or check scenarios");
  scenario->require_subcommand(1);
  CLI::App* list = command(*scenario, "list", "the shipped scenarios", Command::kScenarioList);
  AddFormat(*list, raw);
  AddDisplay(*list, raw, options);
  CLI::App* show = command(*scenario, "show", "the text of one", Command::kScenarioShow);
  show->add_option("scenario", options.targets)->required()->expected(1)->type_name("SCENARIO");
  CLI::App* lint = command(*scenario, "lint", "every mistake in files", Command::kScenarioLint);
  lint->add_option("scenario", options.targets)->required()->type_name("FILE");
  AddDisplay(*lint, raw, options);
  DeclareRule(*command(app, "rule", "a rule of Kafka, by its id", Command::kRule), raw, options);
  command(app, "version", "version and profile", Command::kVersion);
  CLI::App* help = command(app, "help", "this text, or that of a command", Command::kHelp);
  help->add_option("command", options.targets)->type_name("COMMAND");
}

std::string NoCommand(const CLI::App& app, const std::string& word) {
  std::vector<std::string> names;
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(sub->get_name());
  }
  const std::string nearest = loader::NearestName(word, names);
  return "no command '" + word + "'" + (nearest.empty() ? "" : "; did you mean " + nearest + "?");
}

// `fate help [COMMAND]`.
void Help(CLI::App& app, ParsedCommand& parsed) {
  parsed.exit_code = kExitMet;
  app.clear();  // CLI11 gives the text of the command that was parsed, and that is `help` itself
  parsed.message = app.help();
  const std::vector<std::string>& words = parsed.options.targets;
  if (words.empty()) return;
  const auto named =
      app.get_subcommands([&](CLI::App* sub) { return sub->check_name(words.front()); });
  if (!named.empty()) {
    parsed.message = named.front()->help();
    return;
  }
  parsed.exit_code = kExitUsage;
  parsed.message = parsed.options.program + ": " + NoCommand(app, words.front()) + "\n";
}

// Answers and capsules hold what was typed, names of files included, and are UTF-8.
std::string NoUtf8(int argc, const char* const* argv) {
  for (int i = 0; i < argc; ++i) {
    const size_t at = kafka_config::FindInvalidUtf8(argv[i]);
    if (at == std::string::npos) continue;
    return "word " + std::to_string(i) + " of the command line is not UTF-8, from its byte " +
           std::to_string(at) + " on: '" + kafka_config::Printable(argv[i]) + "'";
  }
  return "";
}

}  // namespace

std::string OfOneRun(const Options& options) {
  if (options.trace != TraceLevel::kNone) return "--trace";
  return options.verify ? "--verify" : "";
}

std::optional<uint64_t> ParseSeed(const std::string& text) {
  const bool hex = text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
  const char* from = text.data() + (hex ? 2 : 0);
  const char* end = text.data() + text.size();
  uint64_t value = 0;
  const auto [at, error] = std::from_chars(from, end, value, hex ? 16 : 10);
  if (error != std::errc{} || at != end || from == end) return std::nullopt;
  return value;
}

std::optional<SeedRange> ParseSeedRange(const std::string& text) {
  const size_t dots = text.find("..");
  if (dots == std::string::npos) return std::nullopt;
  const std::optional<uint64_t> first = ParseSeed(text.substr(0, dots));
  const std::optional<uint64_t> last = ParseSeed(text.substr(dots + 2));
  if (!first || !last || *last < *first || *last - *first >= kSeedsMax) return std::nullopt;
  return SeedRange{*first, *last};
}

ParsedCommand ParseCommandLine(int argc, const char* const* argv) {
  ParsedCommand parsed;
  Options& options = parsed.options;
  options.program = ProgramName(argc > 0 ? argv[0] : nullptr);
  if (const std::string wrong = NoUtf8(argc, argv); !wrong.empty()) {
    parsed.exit_code = kExitUsage;
    parsed.message = options.program + ": " + wrong + "\n";
    return parsed;
  }
  Raw raw;
  CLI::App app{"Fate: what becomes of every message", options.program};
  Declare(app, raw, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    const auto chosen = app.get_subcommands();
    parsed.exit_code = kExitMet;
    parsed.message = chosen.empty() ? app.help() : chosen.front()->help();
    return parsed;
  } catch (const CLI::ParseError& error) {
    parsed.exit_code = kExitUsage;  // not CLI11's own numbers
    const bool no_command = app.get_subcommands().empty() && argc > 1 && argv[1][0] != '-';
    parsed.message = options.program + ": " +
                     (no_command ? NoCommand(app, argv[1]) : std::string(error.what())) +
                     "\nsee: " + options.program + " help\n";
    return parsed;
  }
  options.trace = kTraces.at(raw.trace);
  options.color = kColors.at(raw.color);
  options.format = kFormats.at(raw.format);
  if (const std::string wrong = Convert(raw, options); !wrong.empty()) {
    parsed.exit_code = kExitUsage;
    parsed.message = options.program + ": " + wrong + "\n";
    return parsed;
  }
  if (options.command == Command::kHelp) Help(app, parsed);
  return parsed;
}

}  // namespace fate
