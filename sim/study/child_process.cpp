#include "sim/study/child_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "models/runtime/user_error.h"

namespace evenkeel {
namespace {

constexpr std::size_t most_output = 16 << 10;

int run_guarded(const std::function<void()>& work) {
  try {
    work();
    return 0;
  } catch (const UserError& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}

/// In the child. The parent may have died before the death signal was asked for.
[[noreturn]] void become_child(pid_t parent, int output, const std::function<void()>& work) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(1);
  ::signal(SIGINT, SIG_IGN);
  ::signal(SIGTERM, SIG_DFL);
  ::signal(SIGHUP, SIG_DFL);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(output, STDERR_FILENO);
  ::close(output);
  const int code = run_guarded(work);
  std::fflush(stdout);
  std::fflush(stderr);
  ::_exit(code);
}

[[noreturn]] void fail(const char* what) {
  throw UserError(std::string(what) + ": " + std::strerror(errno) + "; try fewer --jobs");
}

}  // namespace

ChildProcess::ChildProcess(const std::function<void()>& work) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail("cannot start a run");
  std::fflush(stdout);
  std::fflush(stderr);
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ == 0) become_child(parent, ends[1], work);
  ::close(ends[1]);
  descriptor_ = ends[0];
  ::fcntl(descriptor_, F_SETFL, O_NONBLOCK);
  if (pid_ > 0) return;
  ::close(descriptor_);
  fail("cannot start a run");
}

ChildProcess::~ChildProcess() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    end();
  }
  ::close(descriptor_);
}

bool ChildProcess::has_ended() {
  std::array<char, 4096> buffer;
  while (!closed_) {
    const ssize_t count = ::read(descriptor_, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) return false;
    closed_ = count <= 0;
    if (count > 0 && output_.size() < most_output)
      output_.append(buffer.data(), static_cast<std::size_t>(count));
  }
  return true;
}

ChildEnd ChildProcess::end() {
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  has_ended();
  pid_ = -1;
  return {.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 0,
          .signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0,
          .output = output_};
}

}  // namespace evenkeel
