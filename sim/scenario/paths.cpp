// Walks the tree and its shape side by side.
#include "sim/scenario/paths.h"

#include <algorithm>
#include <charconv>

namespace evenkeel {
namespace {

std::vector<std::string> split(const std::string& path) {
  std::vector<std::string> parts(1);
  for (const char c : path) {
    if (c == '.')
      parts.emplace_back();
    else
      parts.back() += c;
  }
  return parts;
}

std::string join(const std::vector<std::string>& parts) {
  std::string path;
  for (const std::string& part : parts) path += (path.empty() ? "" : ".") + part;
  return path;
}

/// Keys that exclude each other with `key`, as choices of the same thing.
std::vector<std::string> rivals(const Shape& shape, const std::string& key) {
  std::vector<std::string> names;
  if (shape.kind == Shape::Kind::choice || shape.kind == Shape::Kind::one_of)
    names = child_names(shape);
  for (const Shape& field : shape.inside) {
    if (shape.kind != Shape::Kind::group || field.kind != Shape::Kind::choice_here) continue;
    std::vector<std::string> sources = entry_names(*field.catalogue);
    sources.push_back(field.name);
    if (std::ranges::find(sources, key) != sources.end()) names = std::move(sources);
  }
  std::erase(names, key);
  return names;
}

/// Removes the keys that `key` excludes. A one_of keeps what may stand beside it: in its bare form
/// its keys are settings of one struct, and no rivals.
void make_way(YamlNode& map, const Shape& shape, const std::string& key) {
  for (const std::string& rival : rivals(shape, key)) {
    const bool is_form = std::ranges::any_of(shape.forms, [&](const Shape::Alternative& form) {
      return form.kind == Form::Kind::keyed && (form.key == rival || form.key == key);
    });
    if (shape.kind != Shape::Kind::one_of || is_form) map.remove(rival);
  }
  for (const std::vector<std::string>& group : shape.exactly_one) {
    if (std::ranges::find(group, key) == group.end()) continue;
    for (const std::string& rival : group)
      if (rival != key) map.remove(rival);
  }
}

class Assignment {
 public:
  Assignment(const std::string& path, const YamlNode& value) : parts_(split(path)), value_(value) {}

  void run(YamlNode& node, const Shape& shape, std::size_t depth) {
    if (depth == parts_.size()) {
      node = value_;
      return;
    }
    const bool by_name = shape.kind == Shape::Kind::named || shape.kind == Shape::Kind::variables;
    if (by_name || (shape.kind == Shape::Kind::list && node.is_list()))
      run_each(node, shape, depth);
    else
      run_key(node, shape, depth);
  }

 private:
  /// The keys or indices are those that the file has; a star means all.
  void run_each(YamlNode& node, const Shape& shape, std::size_t depth) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < node.items.size(); ++i)
      names.push_back(node.is_map() ? node.keys[i].text : std::to_string(i));
    bool found = false;
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (parts_[depth] != "*" && parts_[depth] != names[i]) continue;
      found = true;
      run(node.items[i], *child_shape(shape, names[i]), depth + 1);
    }
    if (!found) fail(depth, names);
  }

  void run_key(YamlNode& node, const Shape& shape, std::size_t depth) {
    const std::string& key = parts_[depth];
    const std::optional<Shape> child = child_shape(shape, key);
    if (!child) fail(depth, child_names(shape));
    if (!node.is_map()) {
      const Place place = node.place;
      node = yaml_map(place);
    }
    make_way(node, shape, key);
    run(node.at(key), *child, depth + 1);
  }

  [[noreturn]] void fail(std::size_t depth, const std::vector<std::string>& names) const {
    const std::string near = nearest(parts_[depth], names);
    std::string message = "no such path";
    if (!near.empty()) {
      std::vector<std::string> better = parts_;
      better[depth] = near;
      message += "; did you mean " + join(better);
    } else if (names.empty()) {
      better_end(message, depth);
    } else {
      message += suggestion(parts_[depth], names);
    }
    throw UserError(message);
  }

  void better_end(std::string& message, std::size_t depth) const {
    const std::vector<std::string> whole(parts_.begin(),
                                         parts_.begin() + static_cast<std::ptrdiff_t>(depth));
    if (!whole.empty()) message += "; " + join(whole) + " holds no settings";
  }

  std::vector<std::string> parts_;
  const YamlNode& value_;
};

}  // namespace

void assign(YamlNode& tree, const Shape& shape, const std::string& path, const YamlNode& value) {
  constexpr std::size_t longest = 1000;
  if (path.size() > longest) throw UserError("no such path; it is longer than any there is");
  YamlNode changed = tree;
  Assignment{path, value}.run(changed, shape, 0);
  tree = std::move(changed);
}

void merge(YamlNode& base, YamlNode over, const Shape& shape) {
  if (!base.is_map() || !over.is_map()) {
    base = std::move(over);
    return;
  }
  for (std::size_t i = 0; i < over.keys.size(); ++i) {
    const Name& key = over.keys[i];
    make_way(base, shape, key.text);
    YamlNode* old = base.find(key.text);
    const std::optional<Shape> child = child_shape(shape, key.text);
    if (old != nullptr && child) {
      merge(*old, std::move(over.items[i]), *child);
    } else if (old != nullptr) {
      *old = std::move(over.items[i]);
    } else {
      base.keys.push_back(key);
      base.items.push_back(std::move(over.items[i]));
    }
  }
}

}  // namespace evenkeel
