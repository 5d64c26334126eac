// The scenarios that ship with the program.
#pragma once

#include <string>
#include <vector>

namespace evenkeel {

struct ScenarioFile {
  std::string path;
  std::string question;
};

/// Found beside the program: in the source tree, or where it was installed; ordered by name.
std::vector<ScenarioFile> shipped_scenarios();

}  // namespace evenkeel
