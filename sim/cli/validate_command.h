// `evenkeel validate`: everything that is wrong with scenario files; for programs, as JSON together
// with what the scenario makes of its places.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace evenkeel {

struct ValidateOptions {
  std::vector<std::string> scenarios = {};
  bool json = false;
  /// The text comes from standard input, as if the file of this name held it.
  std::optional<std::string> input_as = {};
};

/// The exit code: 2 if anything is wrong. `--json` prints one object a file: `mistakes` (file,
/// line, column, message), and where the scenario can be read, `scenario`, `topology` and `placed`.
int validate_command(const ValidateOptions& options);

}  // namespace evenkeel
