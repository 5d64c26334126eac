#include "sim/mpc/calibration.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <ostream>

#include "models/runtime/check.h"
#include "models/runtime/user_error.h"
#include "sim/mpc/measures.h"
#include "sim/scenario/include.h"
#include "sim/scenario/quantity.h"

namespace evenkeel {

std::vector<Measure> measures() {
  std::vector<Measure> all = arithmetic_measures();
  std::ranges::move(cryptography_measures(), std::back_inserter(all));
  std::ranges::move(transfer_measures(), std::back_inserter(all));
  EVENKEEL_CHECK(all.size() == costs::prices().size(), "a price that is not measured");
  return all;
}

void write_costs(std::ostream& out, const std::map<std::string, double, std::less<>>& ns) {
  out << "# What primitives take on one core, which counts as 2 Gop/s.\nmpc:\n  costs:\n";
  for (const costs::Price* const price : costs::prices())
    if (const auto measured = ns.find(price->name()); measured != ns.end())
      out << fmt::format("    {}: {:.3g} ns  # {}\n", measured->first, measured->second,
                         price->what());
}

std::map<std::string, double, std::less<>> read_costs(const std::string& path) {
  std::vector<Mistake> mistakes;
  const YamlNode file = parse_yaml(read_bounded(path), path, mistakes);
  if (!mistakes.empty()) throw UserError(mistakes.front().place, mistakes.front().message);
  const YamlNode* const mpc = file.find("mpc");
  const YamlNode* const given = mpc == nullptr ? nullptr : mpc->find("costs");
  if (given == nullptr || !given->is_map())
    throw UserError(path +
                    ": no part 'mpc: {costs: {...}}'; `evenkeel mpc --calibrate` prints one");
  std::vector<std::string> names;
  for (const costs::Price* const price : costs::prices()) names.emplace_back(price->name());
  std::map<std::string, double, std::less<>> ns;
  for (std::size_t i = 0; i < given->keys.size(); ++i) {
    const Name& name = given->keys[i];
    if (std::ranges::find(names, name.text) == names.end())
      throw UserError(name.place,
                      fmt::format("no cost '{}'{}", name.text, suggestion(name.text, names)));
    const auto read = parse_quantity(given->items[i].text, Unit::time);
    const auto* const bad = std::get_if<BadQuantity>(&read);
    if (bad != nullptr) throw UserError(given->items[i].place, bad->message);
    const double cost_s = std::get<double>(read);
    if (!(cost_s >= 0) || cost_s > 1)
      throw UserError(given->items[i].place, "a cost is from 0 to 1 s, as 12.5 ns");
    ns[name.text] = cost_s * 1e9;
  }
  return ns;
}

}  // namespace evenkeel
