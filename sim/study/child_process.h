// A function run in a forked child. It never outlives its parent, however that ends; what it
// prints is collected.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>

namespace evenkeel {

/// How a child ended, and what it printed (either stream; the first 16 kB).
struct ChildEnd {
  int exit_code = 0;
  int signal = 0;  // 0: it ended by itself
  std::string output = {};

  bool is_fine() const { return signal == 0 && exit_code == 0; }
};

class ChildProcess {
 public:
  /// Forks. The child runs `work`, then ends without destructors or handlers of the parent. Its
  /// exit code is 0, 2 for a UserError, 1 for any other exception; their messages are printed. It
  /// ignores SIGINT, which a terminal sends to parent and child alike: the parent decides.
  /// UserError if the system has no more processes or files.
  explicit ChildProcess(const std::function<void()>& work);
  /// Kills and waits.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// Readable when there is something to collect, or the child has ended.
  int descriptor() const { return descriptor_; }
  /// Collects what there is. True once the child has ended.
  bool has_ended();
  /// Waits for the end if need be.
  ChildEnd end();

 private:
  pid_t pid_ = -1;
  int descriptor_ = -1;
  bool closed_ = false;
  std::string output_;
};

}  // namespace evenkeel
