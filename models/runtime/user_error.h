// What is thrown when the user's input is wrong, and nowhere else. `main` catches it: exit code 2.
#pragma once

#include <stdexcept>
#include <string>

namespace evenkeel {

/// A place in a file; lines and columns count from 1, 0 means unknown.
struct Place {
  std::string file = {};
  int line = 0;
  int column = 0;
};

/// "city.yaml:14:11: no policy 'rond_robin'; did you mean 'round_robin'?"
std::string to_string(const Place& place, const std::string& message);

/// The message says what is wrong and what would be right.
class UserError : public std::runtime_error {
 public:
  explicit UserError(const std::string& message) : std::runtime_error(message) {}
  UserError(const Place& place, const std::string& message)
      : std::runtime_error(to_string(place, message)) {}
};

}  // namespace evenkeel
