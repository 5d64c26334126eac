// The input is a file in memory, so that nothing waits to be both written and read.
#include "sim/world/command.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <fmt/format.h>

#include "models/runtime/user_error.h"
#include "sim/world/file_descriptor.h"

namespace evenkeel {
namespace {

constexpr std::size_t most_complaint = 300;

[[noreturn]] void fail(const std::string& program, int error) {
  throw UserError(fmt::format("cannot run '{}': {}", program, std::strerror(error)));
}

FileDescriptor file_of(const std::string& program, std::string_view text) {
  FileDescriptor file(::memfd_create("input", MFD_CLOEXEC));
  if (!file) fail(program, errno);
  if (const int error = write_all(file, text.data(), text.size(), 0); error != 0)
    fail(program, error);
  return file;
}

/// How the program starts: its three streams, no blocked signals, a process group of its own.
class Start {
 public:
  Start(int input, int output) {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawn_file_actions_adddup2(&actions_, input, STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions_, output, STDERR_FILENO);
    ::posix_spawnattr_init(&attributes_);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
    sigset_t none;
    ::sigemptyset(&none);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
  }
  ~Start() {
    ::posix_spawnattr_destroy(&attributes_);
    ::posix_spawn_file_actions_destroy(&actions_);
  }
  Start(const Start&) = delete;
  Start& operator=(const Start&) = delete;

  pid_t run(const std::vector<std::string>& words) const {
    const std::vector<char*> arguments = argument_pointers(words);
    pid_t child = -1;
    const int error =
        ::posix_spawn(&child, arguments[0], &actions_, &attributes_, arguments.data(), environ);
    if (error != 0) fail(words[0], error);
    return child;
  }

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

std::string read_all(int descriptor) {
  std::string text;
  std::array<char, 4096> buffer;
  while (true) {
    const ssize_t count = ::read(descriptor, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return text;
    const std::size_t room = CommandEnd::most_output - text.size();
    text.append(buffer.data(), std::min(room, static_cast<std::size_t>(count)));
  }
}

}  // namespace

std::string CommandEnd::complaint() const {
  if (signal != 0) return fmt::format("ended by signal {}", signal);
  std::string text;
  for (const char c : output.substr(0, most_complaint))
    if (c != '\n')
      text += c >= ' ' && c <= '~' ? c : '?';
    else if (text.size() < output.size() - 1)
      text += "; ";
  return text.empty() ? fmt::format("exit code {}", exit_code) : text;
}

std::string find_program(std::string_view name) {
  const char* path = std::getenv("PATH");
  std::string folders = std::string(path == nullptr ? "" : path) + ":/usr/sbin:/usr/bin:/sbin:/bin";
  for (std::size_t at = 0; at < folders.size();) {
    const std::size_t end = std::min(folders.find(':', at), folders.size());
    const std::string file = folders.substr(at, end - at) + "/" + std::string(name);
    if (file.front() == '/' && end > at && ::access(file.c_str(), X_OK) == 0) return file;
    at = end + 1;
  }
  return {};
}

std::vector<char*> argument_pointers(const std::vector<std::string>& words) {
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  return arguments;
}

CommandEnd run_command(const std::vector<std::string>& words, std::string_view input) {
  const FileDescriptor file = file_of(words[0], input);
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail(words[0], errno);
  const FileDescriptor from_child(ends[0]);
  FileDescriptor to_us(ends[1]);
  const pid_t child = Start(file.get(), to_us.get()).run(words);
  to_us = FileDescriptor{};
  CommandEnd end{.output = read_all(from_child.get())};
  int status = 0;
  while (::waitpid(child, &status, 0) < 0)
    if (errno != EINTR) fail(words[0], errno);
  end.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
  end.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  return end;
}

}  // namespace evenkeel
