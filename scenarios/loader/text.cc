#include "scenarios/loader/text.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/text_format.h>

#include <algorithm>
#include <optional>

#include "scenarios/kafka_config/text.h"

namespace loader {
namespace {

namespace pb = ::google::protobuf;
using kafka_config::Cat, kafka_config::Diagnostic, kafka_config::Printable;

constexpr size_t kBytesMax = 1 << 20;
constexpr int kNestingMax = 48;
constexpr int kRepairsMax = 100;  // a file with more errors than this is not a scenario

// What the parser says, with lines and columns from 0.
struct Message {
  int line;
  int column;
  std::string text;
};

class Collector : public pb::io::ErrorCollector {
 public:
  void AddError(int line, int column, const std::string& message) override {
    errors.push_back({line, column, message});
  }
  void AddWarning(int line, int column, const std::string& message) override {
    warnings.push_back({line, column, message});
  }
  std::vector<Message> errors;
  std::vector<Message> warnings;
};

// The text between the n-th and the next double quote, counted from 0: protobuf quotes names.
std::string Quoted(std::string_view message, int n) {
  const std::vector<std::string_view> parts = kafka_config::Split(message, '"');
  const size_t at = static_cast<size_t>(2 * n + 1);
  return at + 1 < parts.size() ? std::string(parts[at]) : std::string();
}

std::string ShortName(std::string_view full) {
  const size_t dot = full.rfind('.');
  return std::string(dot == std::string_view::npos ? full : full.substr(dot + 1));
}

// Bytes that are no UTF-8, or that could write to a terminal. npos if there are none.
size_t FindUnprintable(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const kafka_config::Character c = kafka_config::FirstCharacter(text.substr(i));
    const bool is_blank = c.code == '\n' || c.code == '\r' || c.code == '\t';
    if (!c.valid || (kafka_config::IsControl(c.code) && !is_blank)) return i;
    i += c.size;
  }
  return std::string_view::npos;
}

// Where the nesting of brackets outside strings and comments exceeds the bound: the parser
// recurses.
size_t FindTooDeep(std::string_view text) {
  int depth = 0;
  char quote = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0) {
      if (c == '\\') ++i;
      if (c == quote || c == '\n') quote = 0;
      continue;
    }
    if (c == '"' || c == '\'') quote = c;
    if (c == '#') i = std::min(text.find('\n', i), text.size());
    if (c == '{' || c == '<' || c == '[') ++depth;
    if (c == '}' || c == '>' || c == ']') --depth;
    if (depth > kNestingMax) return i;
  }
  return std::string_view::npos;
}

// Protobuf counts a tab up to the next multiple of 8; people and editors count bytes.
struct Lines {
  explicit Lines(std::string_view text) : all(kafka_config::Split(text, '\n')) {}

  // Places are mostly asked for in their order: a file may be one line of a megabyte.
  int ByteColumn(int line, int column) const {
    if (line < 0 || line >= static_cast<int>(all.size())) return std::max(column, 0);
    if (last_.line != line || last_.visual > column) last_ = {.line = line};
    const std::string_view text = all[line];
    while (last_.visual < column && last_.bytes < static_cast<int>(text.size())) {
      last_.visual += text[last_.bytes] == '\t' ? 8 - last_.visual % 8 : 1;
      ++last_.bytes;
    }
    return last_.bytes;
  }
  // The byte of the text at which a place stands.
  size_t Offset(int line, int column) const {
    size_t offset = 0;
    for (int i = 0; i < line && i < static_cast<int>(all.size()); ++i) offset += all[i].size() + 1;
    return offset + static_cast<size_t>(ByteColumn(line, column));
  }
  kafka_config::Position PositionOf(std::string_view file, int line, int column) const {
    return {std::string(file), line + 1, ByteColumn(line, column) + 1};
  }
  kafka_config::Position PositionOf(std::string_view file, size_t offset) const {
    int line = 0;
    for (; line + 1 < static_cast<int>(all.size()) && offset > all[line].size(); ++line) {
      offset -= all[line].size() + 1;
    }
    return {std::string(file), line + 1, static_cast<int>(offset) + 1};
  }

  std::vector<std::string_view> all;

 private:
  struct Reached {
    int line = -1;
    int visual = 0;
    int bytes = 0;
  };
  mutable Reached last_;
};

std::vector<std::string> FieldNames(const pb::Descriptor& type) {
  std::vector<std::string> names;
  for (int i = 0; i < type.field_count(); ++i) names.push_back(type.field(i)->name());
  return names;
}

// Protobuf reports a wrong name at the token behind it: where `word` begins before that place.
std::optional<size_t> OffsetBefore(std::string_view text, const Lines& lines,
                                   const Message& message, std::string_view word) {
  const size_t behind = std::min(lines.Offset(message.line, message.column), text.size());
  const size_t at = text.substr(0, behind).rfind(word);
  if (word.empty() || at == std::string_view::npos) return std::nullopt;
  return at;
}

// Message type "loader.proto.Producer" has no field named "ack".
Diagnostic UnknownField(std::string_view text, const Lines& lines, std::string_view file,
                        const Message& message) {
  const std::string type_name = Quoted(message.text, 0);
  const std::string field = Quoted(message.text, 1);
  const std::optional<size_t> offset = OffsetBefore(text, lines, message, field);
  Diagnostic error{.position = offset ? lines.PositionOf(file, *offset)
                                      : lines.PositionOf(file, message.line, message.column)};
  error.message = Cat("no field \"", Printable(field), "\" in ", ShortName(type_name));
  const pb::Descriptor* type =
      pb::DescriptorPool::generated_pool()->FindMessageTypeByName(type_name);
  if (type == nullptr) return error;
  const std::vector<std::string> names = FieldNames(*type);
  error.suggestion = NearestName(field, names);
  if (error.suggestion.empty()) error.message += Cat("; it has ", kafka_config::Join(names, ", "));
  if (!error.suggestion.empty()) error.suggestion = Cat("\"", error.suggestion, "\"");
  return error;
}

void AddEnumValues(const pb::FileDescriptor& file, const std::string& field,
                   std::vector<std::string>& names) {
  for (int i = 0; i < file.message_type_count(); ++i) {
    const pb::FieldDescriptor* found = file.message_type(i)->FindFieldByName(field);
    if (found == nullptr || found->enum_type() == nullptr) continue;
    for (int k = 1; k < found->enum_type()->value_count(); ++k) {
      names.push_back(found->enum_type()->value(k)->name());
    }
  }
}

// Of the enum that some message's `field` has; a name that several messages use differently gives
// the candidates of all of them.
std::vector<std::string> EnumCandidates(const std::string& field) {
  std::vector<std::string> names;
  const pb::FileDescriptor& file = *proto::Scenario::descriptor()->file();
  AddEnumValues(file, field, names);
  for (int i = 0; i < file.dependency_count(); ++i)
    AddEnumValues(*file.dependency(i), field, names);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

// A value that does not fit, and which bytes to blank out so that the parser gets past it.
struct Repair {
  Diagnostic error;
  size_t from = 0;
  size_t size = 0;  // 0: nothing can be blanked out, the search ends here
  char with = '0';
};

size_t TokenSize(std::string_view text) {
  size_t size = 0;
  while (size < text.size() && (std::isalnum(static_cast<unsigned char>(text[size])) != 0 ||
                                text[size] == '_' || text[size] == '.')) {
    ++size;
  }
  return size;
}

Repair RepairEnum(std::string_view text, const Lines& lines, std::string_view file,
                  const Message& message) {
  const std::string value = Quoted(message.text, 0);
  const std::string field = Quoted(message.text, 1);
  Repair repair;
  if (const std::optional<size_t> at = OffsetBefore(text, lines, message, value)) {
    repair = {
        .error = {.position = lines.PositionOf(file, *at)}, .from = *at, .size = value.size()};
  } else {
    repair.error = {.position = lines.PositionOf(file, message.line, message.column)};
  }
  const std::vector<std::string> candidates = EnumCandidates(field);
  repair.error.field = field;
  repair.error.value = Printable(value);
  repair.error.message = Cat("is none of ", kafka_config::Join(candidates, ", "));
  repair.error.suggestion = NearestName(value, candidates);
  return repair;
}

// Without the token that the parser met: it may be part of a password.
std::string WithoutToken(std::string_view message) {
  for (const std::string_view cut : {", got:", ", found", " Value:", "(\""}) {
    message = message.substr(0, message.find(cut));
  }
  return Printable(message);
}

Repair RepairValue(std::string_view text, const Lines& lines, std::string_view file,
                   const Message& message) {
  if (message.text.starts_with("Unknown enumeration value of")) {
    return RepairEnum(text, lines, file, message);
  }
  Repair repair;
  repair.from = std::min(lines.Offset(message.line, message.column), text.size());
  repair.error = {.position = lines.PositionOf(file, message.line, message.column),
                  .message = WithoutToken(message.text)};
  const std::string_view rest = text.substr(repair.from);
  if (message.text.starts_with("Expected integer, got: -")) {
    repair.error.message = "a number from 0 is wanted, without a sign";
    repair.size = 1;
    repair.with = ' ';
  } else if (message.text.starts_with("Expected integer") ||
             message.text.starts_with("Integer out of range")) {
    repair.size = TokenSize(rest);
  }
  return repair;
}

std::string Blanked(std::string text, const Repair& repair) {
  for (size_t i = 0; i < repair.size; ++i) text[repair.from + i] = i == 0 ? repair.with : ' ';
  return text;
}

// Every field that was written, from protobuf's tree of places.
class Placer {
 public:
  Placer(const Lines& lines, std::string_view file, Positions& out)
      : lines_(lines), file_(file), out_(out) {}

  void Place(const pb::Message& message, const pb::TextFormat::ParseInfoTree& tree,
             const std::string& prefix) {
    std::vector<const pb::FieldDescriptor*> fields;
    message.GetReflection()->ListFields(message, &fields);
    for (const pb::FieldDescriptor* field : fields) {
      if (!field->is_repeated()) {
        PlaceOne(message, field, -1, tree, Cat(prefix, field->name()));
        continue;
      }
      const int size = message.GetReflection()->FieldSize(message, field);
      for (int i = 0; i < size; ++i) {
        PlaceOne(message, field, i, tree, Cat(prefix, field->name(), "[", std::to_string(i), "]"));
      }
    }
  }

 private:
  void PlaceOne(const pb::Message& message, const pb::FieldDescriptor* field, int index,
                const pb::TextFormat::ParseInfoTree& tree, const std::string& path) {
    const pb::TextFormat::ParseLocation at = tree.GetLocation(field, index);
    // A list in brackets has one place for all its values.
    const pb::TextFormat::ParseLocation first =
        at.line < 0 && index > 0 ? tree.GetLocation(field, 0) : at;
    if (first.line >= 0) out_[path] = lines_.PositionOf(file_, first.line, first.column);
    if (field->cpp_type() != pb::FieldDescriptor::CPPTYPE_MESSAGE) return;
    const pb::TextFormat::ParseInfoTree* nested = tree.GetTreeForNested(field, index);
    if (nested == nullptr) return;
    const pb::Reflection& reflection = *message.GetReflection();
    const pb::Message& value = index < 0 ? reflection.GetMessage(message, field)
                                         : reflection.GetRepeatedMessage(message, field, index);
    Place(value, *nested, Cat(path, "."));
  }

  const Lines& lines_;
  std::string_view file_;
  Positions& out_;
};

// The tolerant pass. Returns what could be read, and appends every typo to `out`.
void ParseTolerantly(std::string text, std::string_view file, ParsedText& out) {
  for (int round = 0; round < kRepairsMax; ++round) {
    Collector collector;
    pb::TextFormat::ParseInfoTree tree;
    pb::TextFormat::Parser parser;
    parser.RecordErrorsTo(&collector);
    parser.WriteLocationsTo(&tree);
    parser.AllowUnknownField(true);
    parser.SetRecursionLimit(kNestingMax);
    out.scenario.Clear();
    pb::io::ArrayInputStream stream(text.data(), static_cast<int>(text.size()));
    parser.Merge(&stream, &out.scenario);

    const Lines lines(text);
    std::optional<Repair> repair;
    if (!collector.errors.empty()) {
      repair = RepairValue(text, lines, file, collector.errors.front());
      out.errors.push_back(repair->error);
    }
    if (repair && repair->size > 0) {
      text = Blanked(std::move(text), *repair);
      continue;
    }
    for (const Message& warning : collector.warnings) {
      out.errors.push_back(UnknownField(text, lines, file, warning));
    }
    Placer(lines, file, out.positions).Place(out.scenario, tree, "");
    out.complete = !repair;
    return;
  }
}

// A field that stands twice, or two members of one choice, are errors of the strict parser alone.
void ParseStrictly(const std::string& text, std::string_view file, ParsedText& out) {
  Collector collector;
  pb::TextFormat::Parser parser;
  parser.RecordErrorsTo(&collector);
  parser.SetRecursionLimit(kNestingMax);
  out.scenario.Clear();
  out.complete = parser.ParseFromString(text, &out.scenario);
  const Lines lines(text);
  for (const Message& error : collector.errors) {
    out.errors.push_back({.position = lines.PositionOf(file, error.line, error.column),
                          .message = WithoutToken(error.text)});
  }
}

}  // namespace

kafka_config::Position InnermostPlace(const Positions& positions, std::string_view path,
                                      std::string_view file) {
  while (!path.empty()) {
    if (const auto found = positions.find(path); found != positions.end()) return found->second;
    const size_t dot = path.rfind('.');
    path = path.substr(0, dot == std::string_view::npos ? 0 : dot);
  }
  return {std::string(file)};
}

std::string NearestName(std::string_view word, const std::vector<std::string>& candidates) {
  const int limit = word.size() <= 3 ? 1 : word.size() <= 8 ? 2 : 3;
  std::string best;
  int best_distance = limit + 1;
  for (const std::string& candidate : candidates) {
    const int distance = kafka_config::EditDistance(kafka_config::Lower(word),
                                                    kafka_config::Lower(candidate), limit);
    if (distance >= best_distance) continue;
    best = candidate;
    best_distance = distance;
  }
  return best;
}

ParsedText ParseScenarioText(std::string_view text, std::string_view file) {
  ParsedText parsed;
  const Lines lines(text);
  if (text.size() > kBytesMax) {
    parsed.errors.push_back({.position = {std::string(file)},
                             .message = "the file is larger than 1 MiB, the limit of a scenario"});
    return parsed;
  }
  if (const size_t at = FindUnprintable(text); at != std::string_view::npos) {
    parsed.errors.push_back({.position = lines.PositionOf(file, at),
                             .message = "a byte that is neither UTF-8 nor printable"});
    return parsed;
  }
  if (const size_t at = FindTooDeep(text); at != std::string_view::npos) {
    parsed.errors.push_back(
        {.position = lines.PositionOf(file, at), .message = "brackets are nested too deep"});
    return parsed;
  }
  ParseTolerantly(std::string(text), file, parsed);
  if (parsed.errors.empty()) ParseStrictly(std::string(text), file, parsed);
  return parsed;
}

}  // namespace loader
