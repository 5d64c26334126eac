#include "models/balancing/server.h"

#include <algorithm>

#include "models/balancing/server_turn.h"

namespace evenkeel {

Server::Server(Node& node, const Settings& settings, const ServerGroup& group)
    : node_(node), settings_(settings), group_(group) {
  Rpc& rpc = node.rpc();
  rpc.serve(Port::requests, [this](CallId id, Payload payload) {
    return process(id, std::move(payload), node_.now());
  });
  rpc.serve(Port::probes, [this](CallId, Payload) { return answer_probe(); });
  if (group.rules.steal && settings.queues)
    rpc.serve(Port::stealing, [this](CallId, Payload) { return give_away(); });
  if (group.reports.period > Duration{}) node.spawn(publish());
  fell_idle();
}

Server::~Server() = default;

Task<std::optional<Payload>> Server::process(CallId id, Payload payload, Time arrived) {
  const std::optional<Request> request = decode_request(payload);
  if (!request) {
    node_.probe().count("malformed messages", node_.id(), 1);
    co_return refuse();
  }
  if (queued_ >= settings_.queue_limit && running_ >= settings_.cores) co_return refuse();
  const Present present{*this, id.caller};
  const std::size_t load_at_arrival = load_;
  Turn turn{*this, id, payload, arrived};
  const bool ours = co_await turn;
  if (!ours) co_return std::nullopt;
  const Time started = node_.now();
  if (Trace* const trace = Trace::here())
    trace->wait(node_.id(), "waits for a core", arrived, started);
  Blob body;
  if (execute_ && !request->body.empty()) {
    Task<Blob> executing = execute_(*request);
    body = co_await std::move(executing);
  } else {
    co_await node_.compute(Work{request->work});
  }
  const Time ended = node_.now();
  learn(load_at_arrival, ended - arrived, ended - started);
  Answer answer{.server = node_.id(),
                .arrived = arrived,
                .queue = started - arrived,
                .compute = ended - started};
  answer.body = body;
  if (request->wants_report) answer.report = report(1);
  co_return encode(answer, request->output_bytes);
}

Payload Server::refuse() const {
  return encode(Answer{.end = RequestEnd::dropped, .server = node_.id(), .arrived = node_.now()},
                0);
}

Task<std::optional<Payload>> Server::answer_probe() { co_return encode(report(0)); }

void Server::learn(std::size_t load_at_arrival, Duration latency, Duration service) {
  const double service_s = to_seconds(service);
  mean_service_s_ =
      learned_ == 0 ? service_s : mean_service_s_ + 0.1 * (service_s - mean_service_s_);
  samples_[learned_++ % samples_.size()] = {load_at_arrival, latency};
}

Report Server::report(std::size_t leaving) {
  Report report{.load = static_cast<double>(load_ - leaving),
                .service = seconds(mean_service_s_),
                .latency = latency_at_about(load_ - leaving)};
  if (group_.reports.epsilon > 0) report.load += node_.random().laplace(1 / group_.reports.epsilon);
  return report;
}

// The median of the samples whose load at arrival was nearest to this one (Prequal, section 4).
Duration Server::latency_at_about(std::size_t load) const {
  constexpr std::size_t wanted = 9;
  std::array<Sample, 64> near = samples_;
  const std::size_t known = std::min(learned_, near.size());
  if (known == 0) return {};
  const std::size_t used = std::min(wanted, known);
  const auto end = near.begin() + static_cast<std::ptrdiff_t>(known);
  const auto cut = near.begin() + static_cast<std::ptrdiff_t>(used);
  std::ranges::nth_element(near.begin(), cut - 1, end, {}, [load](const Sample& sample) {
    return sample.load > load ? sample.load - load : load - sample.load;
  });
  const auto middle = near.begin() + static_cast<std::ptrdiff_t>(used / 2);
  std::ranges::nth_element(near.begin(), middle, cut, {}, &Sample::latency);
  return middle->latency;
}

void Server::tell_balancers() {
  const Notice notice{.report = report(0)};
  for (const NodeId balancer : group_.bulletin_to)
    node_.send(balancer, Port::notices, encode(notice));
  node_.probe().count("bulletins", node_.id(), static_cast<double>(group_.bulletin_to.size()));
}

Task<> Server::publish() {
  // Each server starts at its own moment of the period, as machines do.
  const double phase = node_.random().uniform();
  co_await node_.sleep(seconds(phase * to_seconds(group_.reports.period)));
  while (true) {
    tell_balancers();
    co_await node_.sleep(group_.reports.period);
  }
}

}  // namespace evenkeel
