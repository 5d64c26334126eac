#include "sim/study/node_service.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>

#include <array>
#include <thread>

#include "models/runtime/user_error.h"
#include "sim/scenario/reader.h"
#include "sim/study/scratch_folder.h"
#include "sim/study/setup.h"

namespace evenkeel {
namespace {

using Json = nlohmann::json;
using Kind = ControlMessage::Kind;

// Makes something of a JSON object that came over the line.
template <class Make>
auto made_from(const std::string& text, Make make) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) throw UserError("the line to this node says what is no JSON object");
  try {
    return make(json);
  } catch (const Json::exception& error) {
    throw UserError(std::string{"the line to this node says nothing it can use: "} + error.what());
  }
}

// While it lives, the run is interrupted when the other end of the line is gone or says anything.
class Watch {
 public:
  Watch(const ControlLine& line, SocketWorld& world)
      : over_(eventfd(0, EFD_CLOEXEC)), thread_([this, &line, &world] { wait(line, world); }) {}
  ~Watch() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t told = write(over_.get(), &one, sizeof one);
    thread_.join();
  }
  Watch(const Watch&) = delete;

 private:
  void wait(const ControlLine& line, SocketWorld& world) const {
    std::array<pollfd, 2> both{{{.fd = line.descriptor(), .events = POLLIN, .revents = 0},
                                {.fd = over_.get(), .events = POLLIN, .revents = 0}}};
    while (poll(both.data(), both.size(), -1) < 0) {
    }
    if (both[0].revents != 0) world.interrupt();
  }

  FileDescriptor over_;
  std::thread thread_;
};

NodeSetup completed(NodeSetup setup, const std::optional<ByHand>& by_hand) {
  if (!by_hand) return setup;
  if (setup.node != by_hand->node)
    throw UserError(
        fmt::format("this is node {}, and was called as node {}", by_hand->node, setup.node));
  setup.host = by_hand->host;
  setup.scratch.clear();
  setup.directory = by_hand->directory;
  setup.settings.credentials = by_hand->credentials;
  return setup;
}

// Answers what comes before the start.
std::optional<NodeStart> wait_for_start(ControlLine& line) {
  while (std::optional<ControlMessage> message = line.receive()) {
    if (message->kind == Kind::start) return start_from(message->bytes);
    if (message->kind != Kind::ping) break;
    line.send(Kind::pong, std::to_string(SocketWorld::Clock::now().time_since_epoch().count()));
  }
  return std::nullopt;
}

void serve(ControlLine& line, int links, NodeSetup setup) {
  const Scenario scenario =
      read(parse_scenario(setup.scenario, "scenario", setup.directory, catalogues()));
  const Setup its = set_up(scenario);
  if (setup.node >= its.platform.size())
    throw UserError(
        fmt::format("the scenario has {} nodes, and no node {}", its.platform.size(), setup.node));
  std::optional<ScratchFolder> own;
  if (setup.scratch.empty()) setup.scratch = own.emplace().path();
  setup.settings.directory = setup.scratch + "/disk";
  LinkClocks clocks =
      links >= 0 ? LinkClocks{its.platform, FileDescriptor{links}} : LinkClocks{its.platform};
  NodeRun run{scenario, its, NodeId{setup.node}, setup.settings, clocks};
  const std::uint16_t port = run.world().listen(setup.host, 0);
  if (!line.send(Kind::ready, std::to_string(port))) return;
  const std::optional<NodeStart> start = wait_for_start(line);
  if (!start) return;
  run.world().meet(start->addresses);
  {
    const Watch watch{line, run.world()};
    run.run(SocketWorld::Clock::time_point{SocketWorld::Clock::duration{start->at_ns}});
  }
  line.send(Kind::outcome, to_bytes(std::move(run).outcome()));
  line.receive();  // until the other end has it
}

}  // namespace

std::string to_text(const NodeSetup& setup) {
  const PacerRules& network = setup.settings.network;
  Json json = {{"scenario", setup.scenario},
               {"directory", setup.directory},
               {"seed", setup.seed},
               {"node", setup.node},
               {"host", setup.host},
               {"scratch", setup.scratch},
               {"run", setup.settings.run},
               {"burn", setup.settings.burn},
               {"links_are_shared", network.links_are_shared},
               {"small_message", network.small_message},
               {"rates_elsewhere", network.rates_elsewhere},
               {"delays_elsewhere", network.delays_elsewhere}};
  if (const auto& credentials = setup.settings.credentials)
    json["credentials"] = {credentials->authority, credentials->certificate, credentials->key};
  return json.dump();
}

NodeSetup setup_from(const std::string& text) {
  return made_from(text, [](const Json& json) {
    NodeSetup setup{.scenario = json.at("scenario"),
                    .directory = json.at("directory"),
                    .seed = json.at("seed"),
                    .node = json.at("node"),
                    .host = json.at("host"),
                    .scratch = json.at("scratch")};
    setup.settings.seed = setup.seed;
    setup.settings.run = json.at("run");
    setup.settings.burn = json.at("burn");
    setup.settings.network = {.links_are_shared = json.at("links_are_shared"),
                              .small_message = json.at("small_message"),
                              .rates_elsewhere = json.at("rates_elsewhere"),
                              .delays_elsewhere = json.at("delays_elsewhere")};
    if (json.contains("credentials")) {
      const Json& three = json.at("credentials");
      setup.settings.credentials = Credentials{three.at(0), three.at(1), three.at(2)};
    }
    return setup;
  });
}

std::string to_text(const NodeStart& start) {
  Json addresses = Json::array();
  for (const Address& address : start.addresses) addresses.push_back({address.host, address.port});
  return Json{{"addresses", addresses}, {"at_ns", start.at_ns}}.dump();
}

NodeStart start_from(const std::string& text) {
  return made_from(text, [](const Json& json) {
    NodeStart start{.at_ns = json.at("at_ns")};
    for (const Json& address : json.at("addresses"))
      start.addresses.push_back({address.at(0), address.at(1)});
    return start;
  });
}

std::string to_bytes(const NodeOutcome& outcome) {
  Bytes bytes;
  Writer writer{bytes};
  writer.put(outcome.energy_j).put(std::uint64_t{outcome.link_bytes.size()});
  for (const double link : outcome.link_bytes) writer.put(link);
  for (const double link : outcome.mpc_link_bytes) writer.put(link);
  writer.put(std::uint64_t{outcome.link_bytes_until.size()});
  for (const auto& [link, until] : outcome.link_bytes_until) {
    writer.put(link).put(std::uint64_t{until.size()});
    for (const double one : until) writer.put(one);
  }
  outcome.log.write(writer);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::optional<NodeOutcome> outcome_from(const std::string& text) {
  const auto* data = reinterpret_cast<const std::byte*>(text.data());
  const Bytes bytes(data, data + text.size());
  Reader reader{bytes};
  NodeOutcome outcome{.energy_j = reader.get<double>()};
  const auto links = reader.get<std::uint64_t>();
  if (links > reader.left() / (2 * sizeof(double))) return std::nullopt;
  for (std::vector<double>* of_links : {&outcome.link_bytes, &outcome.mpc_link_bytes})
    for (std::uint64_t i = 0; i < links; ++i) of_links->push_back(reader.get<double>());
  const auto tracks = reader.get<std::uint64_t>();
  for (std::uint64_t i = 0; i < tracks && reader.ok(); ++i) {
    std::vector<double>& until = outcome.link_bytes_until[reader.get<std::uint32_t>()];
    const auto count = reader.get<std::uint64_t>();
    if (count > reader.left() / sizeof(double)) return std::nullopt;
    for (std::uint64_t b = 0; b < count; ++b) until.push_back(reader.get<double>());
  }
  std::optional<ProbeLog> log = ProbeLog::read(reader);
  if (!log) return std::nullopt;
  outcome.log = std::move(*log);
  return outcome;
}

void serve_node(ControlLine& line, int links, const std::optional<ByHand>& by_hand) {
  try {
    const std::optional<ControlMessage> message = line.receive();
    if (!message || message->kind != Kind::setup) return;
    serve(line, links, completed(setup_from(message->bytes), by_hand));
  } catch (const std::exception& error) {
    line.send(Kind::failed, error.what());
    throw;
  }
}

}  // namespace evenkeel
