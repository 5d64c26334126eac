// Checks of our own promises: on in every build; a broken one says where, and aborts.
// Never for bytes from a file or a peer: those give an exception or a Result.
#pragma once

#include <string_view>

namespace evenkeel {

/// Text that a failed check prints beside its message: the seed and the virtual time of the run.
void set_check_context(std::string_view text);

[[noreturn]] void check_failed(const char* file, int line, const char* condition,
                               std::string_view message);

}  // namespace evenkeel

#define EVENKEEL_CHECK(condition, message)                               \
  do {                                                                   \
    if (!(condition)) [[unlikely]]                                       \
      ::evenkeel::check_failed(__FILE__, __LINE__, #condition, message); \
  } while (false)
