#include <poll.h>

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "models/runtime/user_error.h"
#include "sim/study/node_group.h"
#include "sim/study/node_service.h"
#include "sim/study/program.h"
#include "sim/study/scratch_folder.h"
#include "sim/world/namespaces.h"

namespace evenkeel {
namespace {

using Clock = SocketWorld::Clock;
using Kind = ControlMessage::Kind;

// How long after the end a node may take to tell its outcome, and how long it may be silent when it
// has been asked something.
constexpr std::chrono::seconds patience{20};
constexpr std::chrono::seconds longest_silence{60};

template <class Number>
Number number_in(const std::string& text) {
  Number number{};
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// One node: a program of ours, or one that was started by hand and called.
struct Member {
  std::string name;
  std::optional<Program> program = {};
  std::optional<ControlLine> called = {};
  std::string host = "127.0.0.1";
  std::optional<NodeOutcome> outcome = {};
  bool is_gone = false;

  ControlLine& line() { return program ? program->line() : *called; }
};

// Waits for one answer of that kind.
std::string answer_of(Member& member, Kind kind) {
  const std::optional<ControlMessage> message = member.line().receive();
  if (message && message->kind == kind) return message->bytes;
  if (message && message->kind == Kind::failed)
    throw UserError("node " + member.name + ": " + message->bytes);
  std::string how = "hung up";
  if (member.program) how = "ended with " + member.program->end();
  throw UserError("node " + member.name + " " + how + " before the run began");
}

// Its steady clock minus ours, as well as the quickest of some questions tells.
Clock::duration clock_offset(Member& member) {
  constexpr int questions = 20;
  Clock::duration offset{};
  auto quickest = Clock::duration::max();
  for (int i = 0; i < questions; ++i) {
    const Clock::time_point asked = Clock::now();
    member.line().send(Kind::ping, "");
    const auto there = Clock::duration{number_in<Clock::rep>(answer_of(member, Kind::pong))};
    const Clock::time_point answered = Clock::now();
    if (answered - asked >= quickest) continue;
    quickest = answered - asked;
    offset = there - (asked.time_since_epoch() + quickest / 2);
  }
  return offset;
}

class Processes final : public NodeGroup {
 public:
  Processes(const Scenario& scenario, const Setup& setup, const RunOptions& options)
      : classes_(scenario.workload.size()),
        sites_(setup.deployment.sites.size()),
        clocks_(setup.platform),
        members_(setup.platform.size()) {
    for (std::size_t i = 0; i < members_.size(); ++i)
      members_[i].name = setup.platform.nodes()[i].name;
    if (scenario.sockets.netns) enter_namespaces(scenario, setup);
    call_hosts(scenario, setup);
    start_programs(options);
    for (Member& member : members_) member.line().limit_silence(longest_silence);
    tell_setups(scenario, options);
    for (Member& member : members_)
      addresses_.push_back({member.host, number_in<std::uint16_t>(answer_of(member, Kind::ready))});
  }

  void run(Duration duration, const std::function<bool(double)>& watch) override {
    const Clock::time_point start = begin();
    const Clock::time_point latest = start + duration + patience;
    const auto is_done = [](const Member& member) { return member.is_gone; };
    while (!std::ranges::all_of(members_, is_done) && Clock::now() < latest) {
      collect(start);
      if (!watch(share_passed(start, duration))) break;
    }
    for (Member& member : members_)
      if (!member.is_gone) gone(member, duration, "did not tell what it saw");
  }

  std::vector<NodeOutcome> outcomes() override {
    std::vector<NodeOutcome> all;
    for (Member& member : members_) all.push_back(std::move(*member.outcome));
    if (namespaces_) {
      all.emplace_back().log.event(Time{}, FaultPlan::of_no_node, "network",
                                   namespaces_->shaping());
    }
    return all;
  }

  ~Processes() override {
    for (Member& member : members_)
      if (member.program) member.program->hang_up();
  }

 private:
  void call_hosts(const Scenario& scenario, const Setup& setup) {
    for (const SocketChoices::Host& host : scenario.sockets.hosts) {
      const std::optional<NodeId> node = setup.platform.find(host.node.text);
      if (!node) throw UserError(host.node.place, "no node '" + host.node.text + "'");
      const Address address = parse_address(host.address.text);
      Member& member = members_[index(*node)];
      member.host = address.host;
      member.called.emplace(call(address));
      if (!scenario.sockets.plain) member.called->secure(load(scenario.sockets.credentials), true);
    }
  }

  void enter_namespaces(const Scenario& scenario, const Setup& setup) {
    if (!scenario.sockets.hosts.empty())
      throw UserError("sockets.netns is for nodes of this machine; leave out sockets.hosts");
    namespaces_.emplace(setup.platform);
    for (std::uint32_t i = 0; i < members_.size(); ++i)
      members_[i].host = namespaces_->address(NodeId{i});
  }

  void start_programs(const RunOptions& options) {
    for (std::uint32_t i = 0; i < members_.size(); ++i) {
      if (members_[i].called) continue;
      std::vector<std::string> words;
      if (namespaces_) words = namespaces_->command_prefix(NodeId{i});
      words.insert(words.end(), {std::filesystem::canonical(options.program).string(), "node",
                                 "--line", std::to_string(Program::line_descriptor), "--links",
                                 std::to_string(Program::shared_descriptor)});
      members_[i].program.emplace(words, clocks_.descriptor());
    }
  }

  void tell_setups(const Scenario& scenario, const RunOptions& options) {
    NodeSetup setup{
        .scenario = scenario.text,
        .directory =
            std::filesystem::absolute(std::filesystem::path{"."} / scenario.directory).string(),
        .seed = options.seed,
        .settings = socket_settings(scenario, options.seed)};
    if (namespaces_) {
      setup.settings.network.rates_elsewhere = namespaces_->rates_in_kernel();
      setup.settings.network.delays_elsewhere = namespaces_->delays_in_kernel();
    }
    std::optional<Authority> authority;
    const bool by_hand = !scenario.sockets.hosts.empty();
    if (!scenario.sockets.plain && !by_hand) authority.emplace();
    for (std::size_t i = 0; i < members_.size(); ++i) {
      setup.node = static_cast<std::uint32_t>(i);
      setup.host = members_[i].host;
      setup.scratch = scratch_.path() + "/" + std::to_string(i);
      if (authority)
        setup.settings.credentials = authority->issue(members_[i].name);
      else if (!scenario.sockets.plain)
        setup.settings.credentials = load(scenario.sockets.credentials + "/" + std::to_string(i));
      members_[i].line().send(Kind::setup, to_text(setup));
    }
  }

  Clock::time_point begin() {
    std::vector<Clock::duration> offsets;
    for (Member& member : members_)
      offsets.push_back(member.called ? clock_offset(member) : Clock::duration{});
    const Clock::time_point start = Clock::now() + std::chrono::milliseconds{300};
    for (std::size_t i = 0; i < members_.size(); ++i)
      members_[i].line().send(
          Kind::start,
          to_text(NodeStart{.addresses = addresses_,
                            .at_ns = (start + offsets[i]).time_since_epoch().count()}));
    return start;
  }

  // What the nodes say within 50 ms.
  void collect(Clock::time_point start) {
    std::vector<pollfd> lines;
    std::vector<Member*> talking;
    for (Member& member : members_) {
      if (member.is_gone) continue;
      lines.push_back({.fd = member.line().descriptor(), .events = POLLIN, .revents = 0});
      talking.push_back(&member);
    }
    poll(lines.data(), lines.size(), 50);
    for (std::size_t i = 0; i < lines.size(); ++i)
      if (lines[i].revents != 0) hear(*talking[i], start);
  }

  void hear(Member& member, Clock::time_point start) {
    std::optional<ControlMessage> message = member.line().receive();
    if (message && message->kind == Kind::failed)
      throw UserError("node " + member.name + ": " + message->bytes);
    const Time now = std::max(Time{}, std::chrono::duration_cast<Time>(Clock::now() - start));
    if (message && message->kind == Kind::outcome) {
      member.outcome = outcome_from(message->bytes);
      if (member.outcome && member.outcome->log.fits(classes_, sites_, members_.size()))
        member.is_gone = true;
      else
        gone(member, now, "told what makes no sense");
    } else {
      gone(member, now, member.program ? member.program->end() : "its line is cut");
    }
  }

  void gone(Member& member, Time at, const std::string& how) {
    member.is_gone = true;
    member.outcome.emplace();
    const auto node = static_cast<std::uint32_t>(&member - members_.data());
    member.outcome->log.event(at, NodeId{node}, "died", how);
    member.outcome->log.count("nodes that died", NodeId{node}, 1);
  }

  std::size_t classes_;
  std::size_t sites_;
  ScratchFolder scratch_;
  std::optional<Namespaces> namespaces_;
  LinkClocks clocks_;
  std::vector<Member> members_;
  std::vector<Address> addresses_;
};

}  // namespace

std::unique_ptr<NodeGroup> make_processes(const Scenario& scenario, const Setup& setup,
                                          const RunOptions& options) {
  return std::make_unique<Processes>(scenario, setup, options);
}

}  // namespace evenkeel
