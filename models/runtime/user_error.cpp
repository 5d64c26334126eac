#include "models/runtime/user_error.h"

namespace evenkeel {

std::string to_string(const Place& place, const std::string& message) {
  std::string text = place.file;
  if (place.line > 0) {
    text += ':' + std::to_string(place.line);
    if (place.column > 0) text += ':' + std::to_string(place.column);
  }
  return text.empty() ? message : text + ": " + message;
}

}  // namespace evenkeel
