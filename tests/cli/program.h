// Runs the program as a user does, and looks at what it prints and how it ends.
#pragma once

#include <sys/wait.h>
#include <unistd.h>
#include <array>
#include <cstdio>
#include <memory>
#include <string>

#include "tests/folder.h"

namespace evenkeel::test {

struct Ended {
  int code = -1;       // exit code; 128 + signal if killed
  std::string output;  // standard output and error
};

/// `arguments` go through the shell.
inline Ended program(const std::string& arguments) {
  const std::string command = std::string{EVENKEEL_BINARY_DIR} + "/evenkeel " + arguments + " 2>&1";
  std::FILE* pipe = popen(command.c_str(), "r");
  Ended ended;
  std::array<char, 4096> block{};
  while (const std::size_t got = std::fread(block.data(), 1, block.size(), pipe))
    ended.output.append(block.data(), got);
  const int status = pclose(pipe);
  ended.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return ended;
}

/// Two servers under Poisson arrivals: small, and it takes milliseconds.
inline const char* const small_scenario = R"(name: two servers
question: Is it quick?
duration: 20 s
warm_up: 2 s
topology: {generate: {star: {n: 2}}}
nodes:
  edge: {at: every site, cores: 1, speed: 1 Gop/s}
devices:
  client: {per: site, count: 10}
workload:
  ask:
    from: client
    arrivals: poisson
    rate: 5 /s
    input: 2 kB
    work: {exponential: 10 Mop}
    output: 1 kB
balancing: {at: site, policy: power_of_d, knowledge: own}
compare:
  vary: {balancing.policy: [nearest, power_of_d]}
  seeds: 3
  baseline: nearest
)";

}  // namespace evenkeel::test
