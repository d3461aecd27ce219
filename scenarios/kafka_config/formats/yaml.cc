#include "scenarios/kafka_config/formats/yaml.h"

#include <yaml.h>

#include <algorithm>
#include <utility>

#include "scenarios/kafka_config/text.h"

namespace kafka_config {
namespace {

// An alias can stand for more than the file holds, and for itself.
constexpr size_t kVisitsMax = 100'000;
constexpr size_t kPathMax = 1'000;

struct Pending {
  int node = 0;
  std::string path;
  yaml_mark_t mark;  // of the key, or of a list's element
};

class Flattener {
 public:
  Flattener(yaml_document_t& document, std::string_view file) : document_(document), file_(file) {}

  // False if there is more than anybody writes.
  bool Run(Entries& out) {
    const yaml_node_t* root = yaml_document_get_root_node(&document_);
    if (root == nullptr) return true;
    pending_.push_back({1, "", root->start_mark});
    for (size_t visits = 0; !pending_.empty(); ++visits) {
      const Pending at = std::move(pending_.back());
      pending_.pop_back();
      if (visits == kVisitsMax || at.path.size() > kPathMax) return false;
      Visit(at, out);
    }
    return true;
  }

 private:
  using Pairs = std::vector<std::pair<int, int>>;

  const yaml_node_t& NodeAt(int index) const { return *yaml_document_get_node(&document_, index); }

  std::string TextOf(int index) const {
    const yaml_node_t& node = NodeAt(index);
    if (node.type != YAML_SCALAR_NODE) return "?";
    return {reinterpret_cast<const char*>(node.data.scalar.value), node.data.scalar.length};
  }

  bool IsNull(const yaml_node_t& node, std::string_view text) const {
    return node.data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
           (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL");
  }

  void Visit(const Pending& at, Entries& out) {
    const yaml_node_t& node = NodeAt(at.node);
    if (node.type == YAML_SCALAR_NODE) {
      std::string text = TextOf(at.node);
      if (IsNull(node, text)) return;
      out.push_back({.key = at.path,
                     .value = std::move(text),
                     .position = {std::string(file_), static_cast<int>(at.mark.line) + 1,
                                  static_cast<int>(at.mark.column) + 1}});
    } else if (node.type == YAML_SEQUENCE_NODE) {
      const auto& items = node.data.sequence.items;
      for (auto count = items.top - items.start; count > 0; --count) {
        const int item = items.start[count - 1];
        pending_.push_back(
            {item, Cat(at.path, "[", std::to_string(count - 1), "]"), NodeAt(item).start_mark});
      }
    } else if (node.type == YAML_MAPPING_NODE) {
      const Pairs pairs = PairsOf(node);
      for (auto pair = pairs.rbegin(); pair != pairs.rend(); ++pair) {
        const std::string key = TextOf(pair->first);
        pending_.push_back({pair->second, at.path.empty() ? key : Cat(at.path, ".", key),
                            NodeAt(pair->first).start_mark});
      }
    }
  }

  // The pairs of a mapping, those that << brings in behind its own, which count.
  Pairs PairsOf(const yaml_node_t& mapping) const {
    Pairs pairs;
    std::vector<int> merged;
    const auto& own = mapping.data.mapping.pairs;
    for (auto* pair = own.start; pair < own.top; ++pair) {
      if (TextOf(pair->key) != "<<") {
        pairs.emplace_back(pair->key, pair->value);
        continue;
      }
      const yaml_node_t& value = NodeAt(pair->value);
      if (value.type == YAML_MAPPING_NODE) merged.push_back(pair->value);
      if (value.type != YAML_SEQUENCE_NODE) continue;
      const auto& items = value.data.sequence.items;
      merged.insert(merged.end(), items.start, items.top);
    }
    for (size_t i = 0; i < merged.size() && i < kMergesMax; ++i) {
      const yaml_node_t& base = NodeAt(merged[i]);
      if (base.type == YAML_MAPPING_NODE) Merge(base, pairs, merged);
    }
    return pairs;
  }

  void Merge(const yaml_node_t& base, Pairs& pairs, std::vector<int>& merged) const {
    const auto& others = base.data.mapping.pairs;
    for (auto* pair = others.start; pair < others.top; ++pair) {
      const std::string key = TextOf(pair->key);
      if (key == "<<") {
        merged.push_back(pair->value);
        continue;
      }
      const bool is_own = std::any_of(pairs.begin(), pairs.end(), [&](const auto& known) {
        return TextOf(known.first) == key;
      });
      if (!is_own) pairs.emplace_back(pair->key, pair->value);
    }
  }

  static constexpr size_t kMergesMax = 64;

  yaml_document_t& document_;
  std::string_view file_;
  std::vector<Pending> pending_;
};

// libyaml's parser, released whatever happens.
class Parser {
 public:
  explicit Parser(std::string_view text) {
    yaml_parser_initialize(&parser_);
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()),
                                 text.size());
  }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;
  ~Parser() { yaml_parser_delete(&parser_); }

  yaml_parser_t* get() { return &parser_; }

 private:
  yaml_parser_t parser_;
};

Diagnostic SyntaxError(const yaml_parser_t& parser, std::string_view file) {
  const bool has_place = parser.error != YAML_READER_ERROR;
  Position position{.file = std::string(file)};
  if (has_place) {
    position.line = static_cast<int>(parser.problem_mark.line) + 1;
    position.column = static_cast<int>(parser.problem_mark.column) + 1;
  }
  const char* problem = parser.problem == nullptr ? "cannot be read" : parser.problem;
  return {.position = std::move(position), .message = Cat("is not valid YAML: ", problem)};
}

// libyaml looks at every open bracket again for each word: what nobody nests so deeply is not given
// to it.
bool IsNestedTooDeeply(std::string_view text) {
  constexpr int kDepthMax = 100;
  int depth = 0;
  for (const char c : text) {
    if (c == '[' || c == '{') ++depth;
    if ((c == ']' || c == '}') && depth > 0) --depth;
    if (depth > kDepthMax) return true;
  }
  return false;
}

// "a.b[12]" -> "a.b"; "" if the key is no element of a list of scalars.
std::string_view ListOf(std::string_view key) {
  if (!key.ends_with(']')) return "";
  const size_t open = key.rfind('[');
  if (open == key.npos || open == 0) return "";
  const bool is_index = ParseInt64(key.substr(open + 1, key.size() - open - 2)).has_value();
  return is_index ? key.substr(0, open) : std::string_view();
}

}  // namespace

YamlFile ReadYaml(std::string_view text, std::string_view file_name) {
  YamlFile file;
  if (IsNestedTooDeeply(text)) {
    file.errors.push_back({.position = {.file = std::string(file_name)},
                           .message = "is nested more deeply than a configuration is"});
    return file;
  }
  Parser parser(text);
  while (file.errors.empty()) {
    yaml_document_t document;
    if (yaml_parser_load(parser.get(), &document) == 0) {
      file.errors.push_back(SyntaxError(*parser.get(), file_name));
      break;
    }
    const bool is_end = yaml_document_get_root_node(&document) == nullptr;
    Entries entries;
    if (!Flattener(document, file_name).Run(entries)) {
      file.errors.push_back({.position = {.file = std::string(file_name)},
                             .message = "holds more names than a configuration has"});
    }
    yaml_document_delete(&document);
    if (is_end) break;
    file.documents.push_back(std::move(entries));
  }
  return file;
}

Entries WithJoinedLists(const Entries& entries) {
  Entries joined;
  std::string_view list;
  for (const PropertyEntry& entry : entries) {
    const std::string_view own = ListOf(entry.key);
    if (!own.empty() && own == list) {
      joined.back().value += Cat(",", entry.value);
      continue;
    }
    list = own;
    joined.push_back(entry);
    if (!own.empty()) joined.back().key = std::string(own);
  }
  return joined;
}

std::string_view ValueOf(const Entries& entries, std::string_view key) {
  for (const PropertyEntry& entry : entries) {
    if (entry.key == key) return entry.value;
  }
  return "";
}

}  // namespace kafka_config
