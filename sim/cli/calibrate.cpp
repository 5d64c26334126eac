#include "sim/cli/calibrate.h"

#include <fmt/format.h>
#include <fstream>
#include <iostream>

#include "models/runtime/user_error.h"
#include "sim/mpc/calibration.h"
#include "sim/study/text_table.h"

namespace evenkeel {

int calibrate(const std::string& out) {
  TextTable table{.columns = {"primitive", "here", "built in", "ratio", "what"},
                  .last_is_prose = true};
  std::map<std::string, double, std::less<>> measured;
  for (const Measure& measure : measures()) {
    const costs::Price& price = measure.price;
    const double ns = measure.ns();
    measured[std::string{price.name()}] = ns;
    table.rows.push_back({std::string{price.name()}, fmt::format("{:.3g} ns", ns),
                          fmt::format("{:.3g} ns", price.built_in()),
                          fmt::format("{:.2f}", ns / price.built_in()), std::string{price.what()}});
  }
  std::cout << to_text(table);
  if (out.empty()) return 0;
  std::ofstream file{out};
  write_costs(file, measured);
  file.flush();
  if (!file) throw UserError(out + ": cannot be written");
  std::cout << "\nKept in " << out << ": use it with --costs, or in a scenario with "
            << "`include`.\n";
  return 0;
}

}  // namespace evenkeel
