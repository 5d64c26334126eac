// Every name is checked, after links are followed, before its file is opened.
#include "sim/scenario/include.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "sim/scenario/paths.h"

namespace evenkeel {
namespace fs = std::filesystem;
namespace {

class Includes {
 public:
  Includes(const Shape& shape, std::vector<Mistake>& mistakes)
      : shape_(shape), mistakes_(mistakes) {}

  YamlNode read(std::string_view text, const std::string& file, const fs::path& directory) {
    YamlNode own = parse_yaml(text, file, mistakes_);
    if (!own.is_map()) {
      if (mistakes_.empty()) mistake({file, 1, 1}, no_map(own));
      return {};
    }
    nodes_ += count_nodes(own);
    const YamlNode* found = own.find("include");
    if (found == nullptr) return own;
    const YamlNode include = *found;
    own.remove("include");
    YamlNode merged = yaml_map(own.place);
    for (const YamlNode& name : names(include)) add(merged, name, file, directory);
    merge(merged, std::move(own), shape_);
    return merged;
  }

 private:
  void mistake(const Place& place, std::string message) {
    if (mistakes_.size() < YamlLimits::mistakes) mistakes_.push_back({place, std::move(message)});
  }

  static std::string no_map(const YamlNode& node) {
    if (node.is_null()) return "empty, where a map of settings must stand";
    return shown(node) + ", where a map of settings must stand";
  }

  std::vector<YamlNode> names(const YamlNode& include) {
    if (include.is_scalar()) return {include};
    const bool all_scalars =
        include.is_list() && std::ranges::all_of(include.items, &YamlNode::is_scalar);
    if (all_scalars) return include.items;
    mistake(include.place, "'include' must be the name of a file, or a list of names");
    return {};
  }

  void add(YamlNode& merged, const YamlNode& name, const std::string& file,
           const fs::path& directory) {
    constexpr std::size_t deepest = 8;
    constexpr std::size_t most_files = 64;
    const fs::path path = directory / name.text;
    if (!stays_below(name.text, directory))
      return mistake(name.place, shown(name) +
                                     " is not below this file; include only files beside "
                                     "it or in folders below, by their relative name");
    const std::string real = fs::weakly_canonical(path).string();
    if (std::ranges::find(open_, real) != open_.end())
      return mistake(name.place, shown(name) + " includes itself; break the circle");
    if (open_.size() >= deepest || ++files_ > most_files || nodes_ > YamlLimits::nodes)
      return mistake(name.place,
                     "too much included: at most 64 files, 8 deep, 50000 values in all");
    try {
      const std::string text = read_bounded(path.string());
      open_.push_back(real);
      const std::string shown_file = (fs::path{file}.parent_path() / name.text).string();
      YamlNode included = read(text, shown_file, path.parent_path());
      open_.pop_back();
      if (included.is_map()) merge(merged, std::move(included), shape_);
    } catch (const UserError& error) {
      mistake(name.place, shown(name) + " " + error.what());
    }
  }

  /// Also after links in the file system are followed.
  static bool stays_below(const fs::path& name, const fs::path& directory) {
    if (name.empty() || name.is_absolute()) return false;
    if (std::ranges::find(name, fs::path{".."}) != name.end()) return false;
    std::error_code error;
    const fs::path base = fs::weakly_canonical(directory.empty() ? "." : directory, error);
    if (error) return false;
    const fs::path real = fs::weakly_canonical(directory / name, error);
    if (error) return false;
    return std::mismatch(base.begin(), base.end(), real.begin(), real.end()).first == base.end();
  }

  const Shape& shape_;
  std::vector<Mistake>& mistakes_;
  std::vector<std::string> open_;
  std::size_t files_ = 0;
  std::size_t nodes_ = 0;
};

}  // namespace

std::string read_bounded(const std::string& path) {
  std::error_code error;
  if (!fs::exists(path, error)) throw UserError("cannot be opened: there is no such file");
  if (!fs::is_regular_file(path, error)) throw UserError("is not a file");
  if (fs::file_size(path, error) > YamlLimits::file_bytes || error)
    throw UserError("is larger than 4 MB; a scenario is a few kB");
  std::ifstream stream{path, std::ios::binary};
  if (!stream) throw UserError("cannot be opened: it may not be read");
  return {std::istreambuf_iterator<char>{stream}, {}};
}

YamlNode parse_with_includes(std::string_view text, const std::string& file,
                             const std::string& directory, const Shape& shape,
                             std::vector<Mistake>& mistakes) {
  return Includes{shape, mistakes}.read(text, file, directory);
}

}  // namespace evenkeel
