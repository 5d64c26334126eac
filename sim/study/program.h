// Another program as a child, with a line to it. It is meant to end when the line is cut, and so
// never to outlive its parent, however that ends.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "sim/study/control_line.h"

namespace evenkeel {

class Program {
 public:
  /// The descriptors that the child finds open.
  static constexpr int line_descriptor = 3;
  static constexpr int shared_descriptor = 4;

  /// Starts the words as a command, with the other end of the line, and `shared` if it is one.
  /// UserError if the system has no more processes or files. The child ignores SIGINT, which a
  /// terminal sends to parent and child alike: the parent decides.
  Program(const std::vector<std::string>& words, int shared);
  /// Ends it.
  ~Program();
  Program(Program&& other) noexcept;

  ControlLine& line() { return line_; }
  /// Cuts the line, on which the program ends by itself.
  void hang_up() { line_ = ControlLine{FileDescriptor{-1}}; }
  /// Hangs up, waits, and kills it if it does not end soon. How it ended, in words: "exit code 1",
  /// "signal 9 (Killed)".
  std::string end();

 private:
  pid_t pid_ = -1;
  ControlLine line_;
};

}  // namespace evenkeel
