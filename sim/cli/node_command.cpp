#include "sim/cli/node_command.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <charconv>

#include "models/runtime/user_error.h"
#include "sim/cli/signals.h"
#include "sim/scenario/reader.h"
#include "sim/study/node_service.h"
#include "sim/study/setup.h"

namespace evenkeel {
namespace {

std::uint32_t node_named(const std::string& id, const Platform& platform) {
  if (const std::optional<NodeId> node = platform.find(id)) return index(*node);
  std::uint32_t number = 0;
  const auto [stopped, error] = std::from_chars(id.data(), id.data() + id.size(), number);
  if (error == std::errc{} && stopped == id.data() + id.size() && number < platform.size())
    return number;
  std::string names;
  for (std::size_t i = 0; i < std::min<std::size_t>(10, platform.size()); ++i)
    names += fmt::format("{}{} {}", i == 0 ? "" : ", ", i, platform.nodes()[i].name);
  throw UserError(fmt::format("--id {}: no such node; there are {}{}", id, names,
                              platform.size() > 10 ? " and more" : ""));
}

ByHand by_hand(const NodeCommandOptions& options, const Address& address) {
  for (const auto& [value, name] :
       {std::pair{options.listen, "--listen"}, std::pair{options.scenario, "--scenario"},
        std::pair{options.id, "--id"}})
    if (value.empty()) throw UserError(fmt::format("{} is needed", name));
  if (options.credentials.empty() && !options.plain)
    throw UserError("--credentials FOLDER (see `evenkeel credentials`) or --plain is needed");
  const ScenarioDocument document = load_scenario(options.scenario);
  ByHand node{.node = node_named(options.id, set_up(read(document)).platform),
              .host = address.host,
              .directory = document.directory()};
  if (!options.plain) node.credentials = load(options.credentials);
  return node;
}

// A run after another, until a signal comes.
int serve_callers(const NodeCommandOptions& options) {
  const Address address = parse_address(options.listen.empty() ? "?" : options.listen);
  const ByHand node = by_hand(options, address);
  const SignalsNoted noted;
  const auto [listener, port] = listen_at(address);
  fmt::print("node {} listens on {} port {}\n", node.node, address.host, port);
  std::fflush(stdout);
  while (stop_signal == 0) {
    pollfd waiting{.fd = listener.get(), .events = POLLIN, .revents = 0};
    if (poll(&waiting, 1, 200) <= 0) continue;
    FileDescriptor caller{accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC)};
    if (!caller) continue;
    try {
      ControlLine line{std::move(caller)};
      if (node.credentials) line.secure(*node.credentials, false);
      serve_node(line, -1, node);
      fmt::print("a run is over\n");
    } catch (const std::exception& error) {
      fmt::print(stderr, "a run failed: {}\n", error.what());
    }
    std::fflush(stdout);
    if (options.once) return 0;
  }
  return interrupted;
}

}  // namespace

int node_command(const NodeCommandOptions& options) {
  if (!options.line) return serve_callers(options);
  ControlLine line{FileDescriptor{*options.line}};
  serve_node(line, options.links.value_or(-1), std::nullopt);
  return 0;
}

int credentials_command(const CredentialsCommandOptions& options) {
  const Setup setup = set_up(read(load_scenario(options.scenario)));
  const Authority authority;
  save(authority.issue("run"), options.out);
  for (std::size_t i = 0; i < setup.platform.size(); ++i)
    save(authority.issue(setup.platform.nodes()[i].name), fmt::format("{}/{}", options.out, i));
  fmt::print(
      "{}: the run's own, and a folder for each of {} nodes; give each node its folder only\n",
      options.out, setup.platform.size());
  return 0;
}

}  // namespace evenkeel
