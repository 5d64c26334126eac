#include "models/runtime/result.h"

namespace evenkeel {

std::string_view to_string(ErrorCode code) {
  switch (code) {
    case ErrorCode::timeout:
      return "timeout";
    case ErrorCode::unreachable:
      return "unreachable";
    case ErrorCode::overloaded:
      return "overloaded";
    case ErrorCode::malformed:
      return "malformed";
    case ErrorCode::disk:
      return "disk";
    case ErrorCode::stopped:
      return "stopped";
  }
  return "unknown";
}

}  // namespace evenkeel
