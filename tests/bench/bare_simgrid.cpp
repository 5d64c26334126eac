#include "tests/bench/bare_simgrid.h"

#include <fmt/format.h>
#include <simgrid/kernel/Timer.hpp>
#include <simgrid/s4u.hpp>

#include <deque>
#include <vector>

#include "models/runtime/random.h"

namespace evenkeel::bench {
namespace {

namespace s4u = simgrid::s4u;

struct Server;

struct Request {
  enum class Phase { going, computing, returning };
  Phase phase = Phase::going;
  Server* server = nullptr;
  double work = 0;
  s4u::ActivityPtr activity;
};

struct Server {
  s4u::Host* host = nullptr;
  bool busy = false;
  std::deque<Request*> waiting;
};

class BareProgram {
 public:
  BareProgram(const Load& load, double message_bytes)
      : bytes_(static_cast<std::uint64_t>(message_bytes)),
        rate_(load.rate),
        mean_work_(load.utilisation * 1e9 * load.sites / load.rate),
        end_(load.requests / load.rate),
        servers_(static_cast<std::size_t>(load.sites)) {
    build();
    s4u::Activity::on_completion_cb([this](const s4u::Activity& activity) { ended(activity); });
  }

  std::uint64_t run() {
    arrive_later();
    engine_->run_until(end_);
    return sent_;
  }

 private:
  void build() {
    std::vector<std::string> options{"bare",
                                     "--log=root.thres:error",
                                     "--cfg=surf/precision:1e-9",
                                     "--cfg=network/crosstraffic:0",
                                     "--cfg=network/latency-factor:1",
                                     "--cfg=network/bandwidth-factor:1",
                                     "--cfg=network/weight-S:0",
                                     "--cfg=network/TCP-gamma:0"};
    std::vector<char*> arguments;
    for (std::string& option : options) arguments.push_back(option.data());
    int count = static_cast<int>(arguments.size());
    arguments.push_back(nullptr);
    engine_ = new s4u::Engine{&count, arguments.data()};  // lives until the process ends
    s4u::NetZone* zone = s4u::create_full_zone("bare");
    gateway_ = zone->create_host("gateway", 1e9)->seal();
    for (std::size_t i = 0; i < servers_.size(); ++i) {
      servers_[i].host = zone->create_host(fmt::format("server {}", i), 1e9)->seal();
      const auto* far = zone->create_split_duplex_link(fmt::format("far {}", i), 10e9 / 8)
                            ->set_latency(1e-3)
                            ->seal();
      const auto* near = zone->create_split_duplex_link(fmt::format("near {}", i), 10e9 / 8)
                             ->set_latency(1e-4)
                             ->seal();
      add_route(*zone, servers_[i].host,
                {static_cast<const s4u::SplitDuplexLink*>(far),
                 static_cast<const s4u::SplitDuplexLink*>(near)});
    }
    zone->seal();
  }

  void add_route(s4u::NetZone& zone, s4u::Host* to,
                 const std::vector<const s4u::SplitDuplexLink*>& links) {
    std::vector<s4u::LinkInRoute> hops;
    for (const auto* link : links) hops.emplace_back(link, s4u::LinkInRoute::Direction::UP);
    zone.add_route(gateway_->get_netpoint(), to->get_netpoint(), nullptr, nullptr, hops, true);
  }

  void arrive_later() {
    next_ += random_.exponential() / rate_;
    if (next_ < end_) simgrid::kernel::timer::Timer::set(next_, [this] { arrive(); });
  }

  void arrive() {
    if (free_.empty()) free_.push_back(&requests_.emplace_back());
    Request& request = *free_.back();
    free_.pop_back();
    request.server = &servers_[sent_++ % servers_.size()];
    request.work = random_.exponential() * mean_work_;
    transfer(request, Request::Phase::going, gateway_, request.server->host);
    arrive_later();
  }

  void transfer(Request& request, Request::Phase phase, s4u::Host* from, s4u::Host* to) {
    const auto comm = s4u::Comm::sendto_init(from, to);
    comm->set_payload_size(bytes_);
    start(request, phase, comm);
    comm->start();
  }

  void start(Request& request, Request::Phase phase, s4u::ActivityPtr activity) {
    request.phase = phase;
    request.activity = std::move(activity);
    request.activity->set_data(&request);
  }

  void compute(Request& request) {
    request.server->busy = true;
    const s4u::ExecPtr exec = s4u::Exec::init();
    exec->set_flops_amount(request.work)->set_host(request.server->host);
    start(request, Request::Phase::computing, exec);
    exec->start();
  }

  void ended(const s4u::Activity& activity) {
    Request& request = *activity.get_data<Request>();
    parked_.clear();  // an activity must outlive its own completion
    parked_.push_back(std::move(request.activity));
    Server& server = *request.server;
    switch (request.phase) {
      case Request::Phase::going:
        if (server.busy)
          server.waiting.push_back(&request);
        else
          compute(request);
        break;
      case Request::Phase::computing:
        server.busy = false;
        if (!server.waiting.empty()) {
          compute(*server.waiting.front());
          server.waiting.pop_front();
        }
        transfer(request, Request::Phase::returning, server.host, gateway_);
        break;
      case Request::Phase::returning:
        free_.push_back(&request);
        break;
    }
  }

  std::uint64_t bytes_;
  double rate_;
  double mean_work_;
  double end_;
  std::vector<Server> servers_;
  s4u::Engine* engine_ = nullptr;
  s4u::Host* gateway_ = nullptr;
  Random random_{1};
  double next_ = 0;
  std::uint64_t sent_ = 0;
  std::deque<Request> requests_;
  std::vector<Request*> free_;
  std::vector<s4u::ActivityPtr> parked_;
};

}  // namespace

std::uint64_t run_bare(const Load& load, double message_bytes) {
  auto* program = new BareProgram{load, message_bytes};  // SimGrid may use it until the end
  return program->run();
}

}  // namespace evenkeel::bench
