// Reads the tree, then once more for each value that a comparison would set.
#include "sim/scenario/reader.h"

#include "sim/scenario/describe.h"
#include "sim/scenario/field_reader.h"

namespace evenkeel {
namespace {

Scenario read_tree(const YamlNode& tree, const ScenarioDocument& document,
                   std::vector<Mistake>& mistakes) {
  Scenario scenario;
  ReadContext context{document.directory(), mistakes};
  FieldReader reader{tree, "", {document.file(), 1, 1}, context};
  describe(reader, scenario, document.from());
  reader.finish();
  scenario.files = std::move(context.files);
  check_references(scenario, mistakes);
  return scenario;
}

bool contains(const std::vector<Mistake>& mistakes, const Mistake& mistake) {
  for (const Mistake& other : mistakes)
    if (to_string(other.place, other.message) == to_string(mistake.place, mistake.message))
      return true;
  return false;
}

/// Sets each value that the comparison would set, and reads again. The effort is bounded: of very
/// long lists in very large files only so many values are tried.
class VaryCheck {
 public:
  VaryCheck(const ScenarioDocument& document, const YamlNode& tree, std::vector<Mistake>& mistakes)
      : document_(document), mistakes_(mistakes), known_(mistakes) {
    effort_ = std::max<std::size_t>(1, 2'000'000 / (1 + count_nodes(tree)));
  }

  void run(const YamlNode& vary) {
    for (std::size_t i = 0; i < vary.keys.size(); ++i)
      for (const YamlNode& value : vary.items[i].items)
        if (!try_value(vary.keys[i], value)) break;
  }

 private:
  /// False if the path itself is wrong, so that no other value of it need be tried.
  bool try_value(const Name& path, const YamlNode& value) {
    if (effort_ == 0) return false;
    --effort_;
    ScenarioDocument changed = document_;
    try {
      changed.set(path.text, value);
    } catch (const UserError& error) {
      mistakes_.push_back({path.place, shown(path.text) + ": " + error.what()});
      return false;
    }
    std::vector<Mistake> found;
    const YamlNode tree = changed.resolved(found);
    read_tree(tree, changed, found);
    for (Mistake& mistake : found)
      if (!contains(known_, mistake)) mistakes_.push_back(std::move(mistake));
    return true;
  }

  const ScenarioDocument& document_;
  std::vector<Mistake>& mistakes_;
  const std::vector<Mistake> known_;
  std::size_t effort_;
};

Scenario read_all(const ScenarioDocument& document, std::vector<Mistake>& mistakes) {
  mistakes = document.mistakes();
  if (!document.is_readable()) return {};
  const YamlNode tree = document.resolved(mistakes);
  Scenario scenario = read_tree(tree, document, mistakes);
  const YamlNode* compare = tree.find("compare");
  const YamlNode* vary = compare != nullptr ? compare->find("vary") : nullptr;
  if (vary != nullptr && vary->is_map()) VaryCheck{document, tree, mistakes}.run(*vary);
  sort_mistakes(mistakes);
  return scenario;
}

}  // namespace

std::vector<Mistake> validate(const ScenarioDocument& document) {
  std::vector<Mistake> mistakes;
  read_all(document, mistakes);
  return mistakes;
}

Scenario read(const ScenarioDocument& document) {
  std::vector<Mistake> mistakes;
  Scenario scenario = read_all(document, mistakes);
  if (!mistakes.empty()) throw ScenarioErrors(std::move(mistakes));
  scenario.text = document.canonical();
  scenario.directory = document.directory();
  return scenario;
}

}  // namespace evenkeel
