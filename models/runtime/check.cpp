#include "models/runtime/check.h"

#include <cstdio>
#include <cstdlib>
#include <string>

namespace evenkeel {
namespace {

std::string& context() {
  static std::string text;
  return text;
}

}  // namespace

void set_check_context(std::string_view text) { context() = text; }

void check_failed(const char* file, int line, const char* condition, std::string_view message) {
  std::fprintf(stderr, "%s:%d: check failed: %s: %.*s\n", file, line, condition,
               static_cast<int>(message.size()), message.data());
  if (!context().empty()) std::fprintf(stderr, "  in %s\n", context().c_str());
  std::abort();
}

}  // namespace evenkeel
