#include "sim/faults/checks/history.h"

#include <fmt/format.h>

namespace evenkeel {
namespace {

std::string what(const Operation& operation) {
  if (operation.kind == Operation::Kind::get) return fmt::format("got {}", operation.value);
  if (operation.kind == Operation::Kind::put) return fmt::format("put {}", operation.value);
  return fmt::format("{} {} for {}", operation.matched ? "set" : "did not set", operation.value,
                     operation.expected);
}

}  // namespace

std::string describe(const Operation& operation) {
  const std::string head = fmt::format("client {} {} from {:.6f} s", operation.client,
                                       what(operation), to_seconds(operation.start));
  if (operation.outcome == OperationEnd::unknown) return head + ", outcome unknown";
  if (operation.outcome == OperationEnd::failed) return head + ", which failed";
  return head + fmt::format(" to {:.6f} s", to_seconds(operation.end));
}

}  // namespace evenkeel
