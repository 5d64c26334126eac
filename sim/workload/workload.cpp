#include "sim/workload/workload.h"

#include <algorithm>

#include "models/runtime/check.h"
#include "models/runtime/user_error.h"

namespace evenkeel {
namespace {

/// A seed of its own for each class or population, whatever comes after it in the file.
std::uint64_t sub_seed(std::uint64_t seed, std::string_view purpose, std::uint64_t index) {
  Random random = Random::stream(seed, purpose, index);
  return random();
}

}  // namespace

struct Workload::Crowd {
  Crowd(const WorkloadPlan& plan, const Population& population, std::uint64_t index)
      : homes(population),
        make_movement(population.movement),
        context{plan.map, [this](std::uint32_t device) { return homes.site_of(device); },
                homes.devices(), sub_seed(plan.seed, "movement", index)},
        movement(make_movement ? make_movement(context) : nullptr) {}

  std::uint32_t site_of(std::uint32_t device, Time at) {
    return movement ? movement->site_of(device, at) : homes.site_of(device);
  }

  std::vector<HotSpot> hot_spots(const std::vector<HotSite>& hot) const {
    std::vector<HotSpot> spots;
    // Arrivals look ahead of the run: a movement of their own never has to go back.
    std::shared_ptr<Movement> ahead;
    if (movement && !hot.empty()) ahead = make_movement(context);
    for (const HotSite& its : hot) {
      HotSpot& spot = spots.emplace_back();
      spot.factor = its.factor;
      spot.from = its.from;
      spot.to = its.to;
      if (!ahead) spot.devices = homes.at(its.site);
      if (!ahead) continue;
      spot.covers = [ahead, site = its.site](std::uint32_t device, Time at) {
        return ahead->site_of(device, at) == site;
      };
    }
    return spots;
  }

  Homes homes;
  MakeMovement make_movement;
  MovementContext context;
  std::unique_ptr<Movement> movement;  // null: nobody moves
};

struct Workload::Stream {
  std::uint32_t population;
  std::unique_ptr<Arrivals> arrivals;
  std::shared_ptr<const Distribution> work;
  std::shared_ptr<const Distribution> input;
  std::shared_ptr<const Distribution> output;
  Keys keys;
  std::uint64_t seed;

  /// What the process leaves open is drawn by the request's own number: nothing that happened to
  /// other requests changes it.
  void fill(const Demand& request, Arrival& arrival) const {
    Random random{seed ^ mix(request.draw + 0x9e3779b97f4a7c15ULL)};
    arrival.work = request.work ? *request.work : drawn(work, random);
    arrival.input_bytes = request.input_bytes ? *request.input_bytes : drawn(input, random);
    arrival.output_bytes = request.output_bytes ? *request.output_bytes : drawn(output, random);
    arrival.key = request.key ? *request.key : keys.sample(random);
  }

 private:
  static double drawn(const std::shared_ptr<const Distribution>& distribution, Random& random) {
    return distribution ? distribution->sample(random) : 0;
  }
};

Workload::Workload(const WorkloadPlan& plan) {
  if (plan.classes.size() > WorkloadPlan::max_classes)
    throw UserError("more than 10000 classes of requests");
  for (std::size_t i = 0; i < plan.populations.size(); ++i)
    crowds_.push_back(std::make_unique<Crowd>(plan, plan.populations[i], i));
  for (std::size_t i = 0; i < plan.classes.size(); ++i) {
    const WorkloadClass& its = plan.classes[i];
    EVENKEEL_CHECK(its.population < crowds_.size(), "a class has a population");
    EVENKEEL_CHECK(its.arrivals != nullptr, "a class has arrivals");
    const Crowd& crowd = *crowds_[its.population];
    const std::uint64_t seed = sub_seed(plan.seed, "arrivals", i);
    const ArrivalContext context{its.rate, crowd.homes.devices(), seed, its.scale,
                                 crowd.hot_spots(its.hot)};
    streams_.push_back({its.population, its.arrivals(context), its.work, its.input, its.output,
                        its.keys, sub_seed(plan.seed, "request", i)});
  }
  next_.resize(streams_.size(), never);
  for (std::size_t i = 0; i < streams_.size(); ++i) refresh(i);
}

Workload::~Workload() = default;
Workload::Workload(Workload&&) noexcept = default;
Workload& Workload::operator=(Workload&&) noexcept = default;

void Workload::refresh(std::size_t stream) {
  const Demand* request = streams_[stream].arrivals->peek();
  next_[stream] = request ? request->at : never;
  first_ = static_cast<std::size_t>(std::ranges::min_element(next_) - next_.begin());
}

Time Workload::next_at() const { return next_.empty() ? never : next_[first_]; }

const Arrival* Workload::next() {
  if (next_at() == never) return nullptr;
  Stream& stream = streams_[first_];
  const Demand& request = *stream.arrivals->peek();
  arrival_.number = sent_++;
  arrival_.at = request.at;
  arrival_.request_class = static_cast<std::uint32_t>(first_);
  arrival_.population = stream.population;
  arrival_.device = request.device;
  arrival_.site = crowds_[stream.population]->site_of(request.device, request.at);
  stream.fill(request, arrival_);
  stream.arrivals->pop();
  refresh(first_);
  return &arrival_;
}

void Workload::ended(std::uint32_t request_class, std::uint32_t device, Time at) {
  Arrivals& arrivals = *streams_[request_class].arrivals;
  if (!arrivals.listens()) return;
  arrivals.ended(device, at);
  refresh(request_class);
}

bool Workload::listens() const {
  return std::ranges::any_of(streams_,
                             [](const Stream& stream) { return stream.arrivals->listens(); });
}

std::uint32_t Workload::site_of(std::uint32_t population, std::uint32_t device, Time at) {
  return crowds_[population]->site_of(device, at);
}

std::uint32_t Workload::devices(std::uint32_t population) const {
  return crowds_[population]->homes.devices();
}

}  // namespace evenkeel
