#include "sim/study/study_hash.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <memory>

#include "models/runtime/user_error.h"
#include "sim/metrics/hash_digits.h"
#include "sim/metrics/result_file.h"

namespace evenkeel {
namespace {

namespace fs = std::filesystem;

std::string content_hash(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  const std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state{XXH3_createState(),
                                                                       &XXH3_freeState};
  XXH3_128bits_reset(state.get());
  std::array<char, 1 << 16> block{};
  while (in.read(block.data(), block.size()), in.gcount() > 0)
    XXH3_128bits_update(state.get(), block.data(), static_cast<std::size_t>(in.gcount()));
  if (!in.eof()) throw UserError(path.string() + " cannot be read");
  return hash_digits(XXH3_128bits_digest(state.get()));
}

/// Of a folder: what lies in it, by name.
std::string hash_of(const std::string& file) {
  if (!fs::is_directory(file)) return content_hash(file);
  std::vector<std::string> lines;
  for (const fs::directory_entry& entry : fs::directory_iterator(file))
    if (entry.is_regular_file())
      lines.push_back(entry.path().filename().string() + ' ' + content_hash(entry.path()));
  std::ranges::sort(lines);
  return fmt::format("{}", fmt::join(lines, "\n"));
}

}  // namespace

ScenarioDocument without_comparison(ScenarioDocument document) {
  document.set("compare", yaml_map({"compare"}));
  document.set("question", yaml_scalar({"question"}, ""));
  document.set("charts", yaml_scalar({"charts"}, "latency_cdf"));
  return document;
}

std::string study_hash(const ScenarioDocument& document, std::vector<std::string> files) {
  std::ranges::sort(files);
  files.erase(std::ranges::unique(files).begin(), files.end());
  std::string text = without_comparison(document).canonical();
  for (const std::string& file : files) text += "\n" + hash_of(file);
  return scenario_hash(text);
}

}  // namespace evenkeel
