// What is wrong with a scenario, and how its mistakes are thrown: all of them at once.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/runtime/user_error.h"

namespace evenkeel {

/// A name as the file writes it, and where: for messages once the graph is known.
struct Name {
  std::string text = {};
  Place place = {};
};

/// One mistake: where it is, what is wrong and what would be right.
struct Mistake {
  Place place = {};
  std::string message = {};
};

/// Orders by file (the order in which files first occur is kept), line and column; drops repeats.
void sort_mistakes(std::vector<Mistake>& mistakes);

/// Thrown by the reader; `what()` has one line for each mistake.
class ScenarioErrors : public UserError {
 public:
  explicit ScenarioErrors(std::vector<Mistake> mistakes);
  const std::vector<Mistake>& mistakes() const { return mistakes_; }

 private:
  std::vector<Mistake> mistakes_;
};

/// The candidate nearest to `word` by Damerau-Levenshtein distance, or "" if none is near: at most
/// a third of the word may be wrong. Upper and lower case count as half a mistake.
std::string nearest(std::string_view word, std::span<const std::string> candidates);

/// "; did you mean 'x'?", or the candidates if they are few, or "".
std::string suggestion(std::string_view word, std::span<const std::string> candidates);

}  // namespace evenkeel
