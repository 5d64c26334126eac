// Reads YAML through yaml-cpp's events, which allow to stop before a hostile text has grown into
// memory or recursion: aliases are copied here, against the bound on nodes.
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <map>
#include <sstream>

#include "sim/scenario/yaml_tree.h"

namespace evenkeel {
namespace {

/// Ends the reading of a text at once.
struct Stop {
  Mistake mistake;
};

/// The bytes of the UTF-8 character that starts here, or 0 if it is none.
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xC0) != 0x80) return 0;
  const bool too_long = (first == 0xE0 && byte(1) < 0xA0) || (first == 0xF0 && byte(1) < 0x90);
  const bool surrogate = first == 0xED && byte(1) >= 0xA0;
  const bool too_large = first == 0xF4 && byte(1) >= 0x90;
  return too_long || surrogate || too_large ? 0 : length;
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7F;
}

/// What would make the scanner slow or the text unprintable is refused before it starts.
void check_bytes(std::string_view text, const std::string& file) {
  if (text.size() > YamlLimits::file_bytes)
    throw Stop{{{file, 0, 0}, "larger than 4 MB; a scenario is a few kB"}};
  int line = 1;
  std::size_t line_start = 0;
  for (std::size_t i = 0; i < text.size();) {
    const Place here{file, line, static_cast<int>(i - line_start) + 1};
    const std::size_t length = utf8_length(text.substr(i));
    if (length == 0) throw Stop{{here, "a byte that is not UTF-8; save the file as UTF-8"}};
    if (is_control(text[i])) throw Stop{{here, "a control character; remove it"}};
    if (text[i] == '\n') {
      ++line;
      line_start = i + 1;
    } else if (i - line_start > YamlLimits::line_bytes) {
      throw Stop{{{file, line, 1}, "a line of more than 64 kB; break it up"}};
    }
    i += length;
  }
}

class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(const std::string& file, std::vector<Mistake>& mistakes)
      : file_(file), mistakes_(mistakes) {}

  YamlNode take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add(make(YamlNode::Kind::null, mark), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end())
      throw Stop{{place(mark), "an alias inside what it stands for; it would never end"}};
    count(found->second.nodes, mark);
    add(found->second.node, YAML::NullAnchor);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    YamlNode node = make(YamlNode::Kind::scalar, mark);
    node.text = value;
    node.quoted = tag == "!" || tag == "tag:yaml.org,2002:str";
    if (!node.quoted) check_tag(mark, tag);
    for (const char c : value)
      if (is_control(c)) throw Stop{{node.place, "a control character in a text; remove it"}};
    add(std::move(node), anchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(YamlNode::Kind::list, mark, tag, anchor);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(YamlNode::Kind::map, mark, tag, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    YamlNode node;
    YAML::anchor_t anchor;
    bool has_key = false;   // a map that waits for the value of its last key
    bool repeated = false;  // that key was there before: its value is dropped
    std::map<std::string, int> key_lines = {};
  };
  struct Anchored {
    YamlNode node;
    std::size_t nodes;
  };

  Place place(const YAML::Mark& mark) const {
    return mark.is_null() ? Place{file_, 0, 0} : Place{file_, mark.line + 1, mark.column + 1};
  }

  void count(std::size_t nodes, const YAML::Mark& mark) {
    nodes_ += nodes;
    if (nodes_ > YamlLimits::nodes)
      throw Stop{{place(mark), "more than 50000 values (aliases counted as what they stand for)"}};
  }

  YamlNode make(YamlNode::Kind kind, const YAML::Mark& mark) {
    count(1, mark);
    YamlNode node;
    node.kind = kind;
    node.place = place(mark);
    return node;
  }

  void mistake(Place where, std::string message) {
    if (mistakes_.size() < YamlLimits::mistakes)
      mistakes_.push_back({std::move(where), std::move(message)});
  }

  void check_tag(const YAML::Mark& mark, const std::string& tag) {
    static const std::string standard = "tag:yaml.org,2002:";
    if (tag.empty() || tag == "?" || tag == "!" || tag.starts_with(standard)) return;
    mistake(place(mark), "tags like " + shown(tag) + " have no meaning here; remove it");
  }

  void open(YamlNode::Kind kind, const YAML::Mark& mark, const std::string& tag,
            YAML::anchor_t anchor) {
    check_tag(mark, tag);
    if (open_.size() >= YamlLimits::depth)
      throw Stop{{place(mark), "nested more than 32 levels deep; a scenario needs about 6"}};
    if (!open_.empty() && open_.back().node.is_map() && !open_.back().has_key)
      throw Stop{{place(mark), "a key must be a word, not a list or a map"}};
    open_.push_back({make(kind, mark), anchor});
  }

  void close() {
    Open done = std::move(open_.back());
    open_.pop_back();
    add(std::move(done.node), done.anchor);
  }

  void add(YamlNode node, YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor) anchors_[anchor] = {node, count_nodes(node)};
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    Open& parent = open_.back();
    if (parent.node.is_list()) {
      parent.node.items.push_back(std::move(node));
    } else if (!parent.has_key) {
      add_key(parent, node);
    } else {
      parent.has_key = false;
      // yaml-cpp places an empty value wherever the next thing stands.
      if (node.is_null() && !parent.repeated) node.place = parent.node.keys.back().place;
      if (!parent.repeated) parent.node.items.push_back(std::move(node));
    }
  }

  void add_key(Open& parent, const YamlNode& node) {
    if (!node.is_scalar()) throw Stop{{node.place, "a key must be a word"}};
    parent.has_key = true;
    const auto [first, is_new] = parent.key_lines.try_emplace(node.text, node.place.line);
    parent.repeated = !is_new;
    if (parent.repeated) {
      mistake(node.place, "the key " + shown(node.text) + " stands here twice, first in line " +
                              std::to_string(first->second) + "; keep one");
      return;
    }
    parent.node.keys.push_back({node.text, node.place});
  }

  const std::string& file_;
  std::vector<Mistake>& mistakes_;
  YamlNode root_;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, Anchored> anchors_;
  std::size_t nodes_ = 0;
};

bool indents_with_tab(std::string_view text) {
  bool at_start = true;
  for (const char c : text) {
    if (c == '\t' && at_start) return true;
    at_start = c == '\n' || (at_start && c == ' ');
  }
  return false;
}

/// yaml-cpp's words, with what would be right where they do not say it.
std::string explain(const std::string& message, std::string_view text) {
  if (indents_with_tab(text)) return "not YAML, because a tab indents a line; use spaces";
  if (message.find("illegal map value") != std::string::npos)
    return "a ':' that makes no key and value here; put text with ': ' in quotes";
  if (message.find("end of map") != std::string::npos)
    return "no key and value where one must stand; check the indentation and the ':'";
  if (message.find("end of sequence") != std::string::npos)
    return "a list that does not end or has a wrong item; check ',' ']' '-' and the indentation";
  return "not YAML: " + message;
}

YamlNode parse(std::string_view text, const std::string& file, std::vector<Mistake>& mistakes) {
  check_bytes(text, file);
  std::istringstream stream{std::string{text}};
  TreeBuilder builder{file, mistakes};
  try {
    YAML::Parser parser{stream};
    parser.HandleNextDocument(builder);
    YamlNode root = builder.take();
    TreeBuilder rest{file, mistakes};
    if (parser.HandleNextDocument(rest))
      throw Stop{
          {rest.take().place,
           "here begins a second document; a scenario is one: check the indentation, or remove "
           "the '---'"}};
    return root;
  } catch (const YAML::Exception& error) {
    const Place place = error.mark.is_null()
                            ? Place{file, 1, 1}
                            : Place{file, error.mark.line + 1, error.mark.column + 1};
    throw Stop{{place, explain(error.msg, text)}};
  }
}

}  // namespace

YamlNode parse_yaml(std::string_view text, const std::string& file,
                    std::vector<Mistake>& mistakes) {
  try {
    return parse(text, file, mistakes);
  } catch (const Stop& stop) {
    mistakes.push_back(stop.mistake);
    return {};
  }
}

}  // namespace evenkeel
