// Namespaces are made by unsharing, and wired by `ip` and `tc` that run inside of them.
#include "sim/world/namespaces.h"

#include <fcntl.h>
#include <sched.h>

#include <cerrno>
#include <cstring>
#include <future>

#include <fmt/format.h>

#include "models/runtime/check.h"
#include "models/runtime/user_error.h"
#include "sim/world/command.h"

namespace evenkeel {
namespace {

[[noreturn]] void refuse(const std::string& what) {
  throw UserError(what + "; leave out --netns to emulate the network in user space");
}

std::string found_program(const char* name, const char* package) {
  const std::string file = find_program(name);
  if (file.empty())
    refuse(fmt::format("--netns needs the program '{}' (Debian package {}), which is not installed",
                       name, package));
  return file;
}

void run(const std::string& program, const std::string& batch) {
  if (batch.empty()) return;
  const CommandEnd end = run_command({program, "-batch", "-"}, batch);
  if (!end.is_fine())
    refuse(fmt::format("'{}' cannot set up the network namespaces ({})", program, end.complaint()));
}

void set(const std::string& path, const char* value) {
  const FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  const auto length = static_cast<ssize_t>(std::strlen(value));
  if (!file || ::write(file.get(), value, std::strlen(value)) != length)
    refuse(fmt::format("cannot write '{}' to {} ({})", value, path, std::strerror(errno)));
}

/// Of the calling thread's namespace, before it has devices. A namespace may start with the
/// machine's settings: a strict check of the way back would drop what comes by another way. IPv6
/// would send packets of its own over the links.
void set_options(bool forwards) {
  const std::string ipv4 = "/proc/sys/net/ipv4/";
  set(ipv4 + "ip_forward", forwards ? "1" : "0");
  set(ipv4 + "ip_default_ttl", "255");
  const std::string ipv6 = "/proc/sys/net/ipv6/conf/";
  for (const char* of : {"all", "default"}) {
    set(ipv4 + "conf/" + of + "/rp_filter", "0");
    const std::string disable = ipv6 + of + "/disable_ipv6";
    if (::access(disable.c_str(), F_OK) == 0) set(disable, "1");
  }
}

/// The calling thread is in it afterwards.
FileDescriptor new_space(bool forwards) {
  if (::unshare(CLONE_NEWNET) != 0)
    refuse(fmt::format("the system makes no network namespace ({})", std::strerror(errno)));
  FileDescriptor file(::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC));
  if (!file && errno == EMFILE)
    refuse("too many open files for the network namespaces; 'ulimit -n 4096' allows more");
  if (!file) refuse(fmt::format("cannot open a network namespace ({})", std::strerror(errno)));
  set_options(forwards);
  return file;
}

void enter(const FileDescriptor& space) {
  EVENKEEL_CHECK(::setns(space.get(), CLONE_NEWNET) == 0, "a namespace of our own");
}

bool has_qdisc(const std::string& tc, std::vector<std::string> words) {
  words.insert(words.begin(), {tc, "qdisc", "replace", "dev", "lo", "root"});
  return run_command(words).is_fine();
}

}  // namespace

Namespaces::Namespaces(const Platform& platform) {
  if (::geteuid() != 0) refuse("--netns needs root");
  const Programs programs{.ip = found_program("ip", "iproute2"),
                          .tc = found_program("tc", "iproute2")};
  nsenter_ = found_program("nsenter", "util-linux");
  const NetworkPlan plan = plan_network(platform);
  for (std::size_t node = 0; node < platform.size(); ++node)
    addresses_.push_back(to_string({.address = plan.spaces[node].address}));
  // Threads change their namespace one by one: the caller's stays where it is.
  std::async(std::launch::async, [&] { build(plan, programs); }).get();
}

// With their files the namespaces go, and with them their devices.
Namespaces::~Namespaces() = default;

void Namespaces::build(const NetworkPlan& plan, const Programs& programs) {
  // Devices are made from an empty space: `ip` takes no name that is there where it runs.
  const FileDescriptor empty = new_space(false);
  kernel_.rates =
      has_qdisc(programs.tc, {"tbf", "rate", "1mbit", "burst", "5000", "limit", "5000"});
  kernel_.delays = has_qdisc(programs.tc, {"netem", "delay", "1ms"});
  for (const Space& space : plan.spaces) {
    spaces_.push_back(new_space(space.forwards));
    files_.push_back(fmt::format("/proc/{}/fd/{}", ::getpid(), spaces_.back().get()));
  }
  enter(empty);
  run(programs.ip, wires_batch(plan, files_));
  for (std::size_t i = 0; i < spaces_.size(); ++i) {
    enter(spaces_[i]);
    run(programs.ip, routes_batch(plan.spaces[i]));
    run(programs.tc, shaping_batch(plan, plan.spaces[i], kernel_));
  }
}

std::vector<std::string> Namespaces::command_prefix(NodeId node) const {
  EVENKEEL_CHECK(index(node) < addresses_.size(), "no such node");
  return {nsenter_, "--net=" + files_[index(node)], "--"};
}

std::string Namespaces::shaping() const {
  if (!kernel_.rates && !kernel_.delays) return "rates and delays in user space";
  return fmt::format("{}, {}", kernel_.rates ? "tbf rates" : "rates in user space",
                     kernel_.delays ? "netem delays" : "delays in user space");
}

}  // namespace evenkeel
