#include "sim/study/program.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstring>
#include <thread>
#include <utility>

#include "models/runtime/user_error.h"
#include "sim/world/command.h"

namespace evenkeel {
namespace {

[[noreturn]] void become(const std::vector<char*>& words, int line, int shared) {
  signal(SIGINT, SIG_IGN);
  // Out of the way first: a descriptor may have the number that another one is to get.
  line = fcntl(line, F_DUPFD, 10);
  shared = shared >= 0 ? fcntl(shared, F_DUPFD, 10) : -1;
  dup2(line, Program::line_descriptor);
  if (shared >= 0) dup2(shared, Program::shared_descriptor);
  close(line);
  if (shared >= 0) close(shared);
  execvp(words.front(), words.data());
  _exit(127);
}

}  // namespace

Program::Program(const std::vector<std::string>& words, int shared) : line_(FileDescriptor{-1}) {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    throw UserError(std::string{"no line to another process: "} + std::strerror(errno));
  const FileDescriptor far{ends[1]};
  line_ = ControlLine{FileDescriptor{ends[0]}};
  const std::vector<char*> arguments = argument_pointers(words);
  pid_ = fork();
  if (pid_ < 0) throw UserError(std::string{"no process for a node: "} + std::strerror(errno));
  if (pid_ == 0) become(arguments, far.get(), shared);
}

Program::Program(Program&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), line_(std::move(other.line_)) {}

Program::~Program() {
  if (pid_ >= 0) end();
}

std::string Program::end() {
  constexpr int patience_ms = 3000;
  hang_up();
  int status = 0;
  for (int waited_ms = 0; waitpid(pid_, &status, WNOHANG) == 0; waited_ms += 5) {
    if (waited_ms == patience_ms) kill(pid_, SIGKILL);
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
  pid_ = -1;
  if (WIFSIGNALED(status))
    return fmt::format("signal {} ({})", WTERMSIG(status), strsignal(WTERMSIG(status)));
  return fmt::format("exit code {}", WEXITSTATUS(status));
}

}  // namespace evenkeel
