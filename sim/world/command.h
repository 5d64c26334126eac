// Another program run to its end, without a shell between.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace evenkeel {

struct CommandEnd {
  static constexpr std::size_t most_output = 16 << 10;

  int exit_code = 0;
  int signal = 0;           // 0: it ended by itself
  std::string output = {};  // either stream; the first 16 kB

  bool is_fine() const { return signal == 0 && exit_code == 0; }
  /// The output as part of a sentence: one line, printable, at most 300 bytes; or how it ended.
  std::string complaint() const;
};

/// Where a program is: looked up in PATH, then where programs for root are. Empty if nowhere.
std::string find_program(std::string_view name);

/// Runs words[0] (a path) with the input as its standard input, and waits for its end. It runs in
/// the calling thread's network namespace, and apart from the terminal's Ctrl-C, which the caller
/// answers. UserError if it cannot be started.
CommandEnd run_command(const std::vector<std::string>& words, std::string_view input = {});

/// As exec and its like want them: the words outlive it.
std::vector<char*> argument_pointers(const std::vector<std::string>& words);

}  // namespace evenkeel
