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
    case ErrorCode::not_found:
      return "not found";
    case ErrorCode::invalid:
      return "invalid";
    case ErrorCode::denied:
      return "denied";
    case ErrorCode::conflict:
      return "conflict";
    case ErrorCode::no_quorum:
      return "no quorum";
    case ErrorCode::full:
      return "full";
    case ErrorCode::outdated:
      return "outdated";
    case ErrorCode::cheating:
      return "cheating";
  }
  return "unknown";
}

}  // namespace evenkeel
