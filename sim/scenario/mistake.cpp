// Sorting and printing of mistakes, and the search for the nearest right spelling.
#include "sim/scenario/mistake.h"

#include <algorithm>
#include <cctype>
#include <tuple>

namespace evenkeel {
namespace {

constexpr std::size_t longest_compared = 64;  // characters; longer words get no suggestion

std::string all_lines(const std::vector<Mistake>& mistakes) {
  std::string text;
  for (const Mistake& mistake : mistakes) {
    if (!text.empty()) text += '\n';
    text += to_string(mistake.place, mistake.message);
  }
  return text;
}

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

/// In half mistakes, so that a wrong case can count as one half.
std::size_t exchange_cost(char a, char b) {
  if (a == b) return 0;
  return lower(a) == lower(b) ? 1 : 2;
}

/// Damerau-Levenshtein distance (optimal string alignment), in half mistakes.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = 2 * i;
  for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = 2 * j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t exchanged = d[i - 1][j - 1] + exchange_cost(a[i - 1], b[j - 1]);
      d[i][j] = std::min({d[i - 1][j] + 2, d[i][j - 1] + 2, exchanged});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 2);
    }
  }
  return d[a.size()][b.size()];
}

}  // namespace

void sort_mistakes(std::vector<Mistake>& mistakes) {
  std::vector<std::string> files;
  const auto rank = [&](const std::string& file) {
    const auto found = std::ranges::find(files, file);
    if (found == files.end()) {
      files.push_back(file);
      return files.size() - 1;
    }
    return static_cast<std::size_t>(found - files.begin());
  };
  for (const Mistake& mistake : mistakes) rank(mistake.place.file);
  std::ranges::stable_sort(mistakes, {}, [&](const Mistake& mistake) {
    return std::tuple{rank(mistake.place.file), mistake.place.line, mistake.place.column};
  });
  const auto same = [](const Mistake& a, const Mistake& b) {
    return to_string(a.place, a.message) == to_string(b.place, b.message);
  };
  mistakes.erase(std::unique(mistakes.begin(), mistakes.end(), same), mistakes.end());
}

ScenarioErrors::ScenarioErrors(std::vector<Mistake> mistakes)
    : UserError(all_lines(mistakes)), mistakes_(std::move(mistakes)) {}

std::string nearest(std::string_view word, std::span<const std::string> candidates) {
  if (word.size() > longest_compared) return "";
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(2, 2 * word.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > longest_compared) continue;
    const std::size_t its_distance = distance(word, candidate);
    if (its_distance >= best_distance || its_distance >= 2 * candidate.size()) continue;
    best = candidate;
    best_distance = its_distance;
  }
  return best;
}

std::string suggestion(std::string_view word, std::span<const std::string> candidates) {
  constexpr std::size_t few = 12;
  if (const std::string near = nearest(word, candidates); !near.empty())
    return "; did you mean '" + near + "'?";
  if (candidates.empty() || candidates.size() > few) return "";
  std::string list;
  for (const std::string& candidate : candidates) list += (list.empty() ? "" : ", ") + candidate;
  return candidates.size() == 1 ? "; there is only " + list : "; there are " + list;
}

}  // namespace evenkeel
