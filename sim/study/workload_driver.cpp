#include "sim/study/workload_driver.h"

namespace evenkeel {

void WorkloadDriver::wake() {
  timer_ = {};
  if (local_.all)
    submit_due();
  else
    submit_due_here();
  arm();
}

void WorkloadDriver::ended(std::uint32_t request_class, std::uint32_t device, Time at) {
  workload_.ended(request_class, device, at);
  arm();
}

void WorkloadDriver::arm() {
  const Time next = local_.all ? workload_.next_at() : next_here();
  if (timer_.age != 0 && next >= armed_for_) return;
  local_.world.cancel_timer(timer_);
  armed_for_ = next;
  timer_ = next == never ? EventId{} : local_.world.set_timer(next, *this);
}

void WorkloadDriver::submit_due() {
  while (workload_.next_at() <= local_.world.now()) {
    const Arrival* arrival = workload_.next();
    if (arrival == nullptr) break;
    submit_(*arrival);
  }
}

void WorkloadDriver::submit_due_here() {
  while (next_here() <= local_.world.now()) {
    const Arrival arrival = coming_here_.begin()->second;
    coming_here_.erase(coming_here_.begin());
    submit_(arrival);
  }
}

// What the sites elsewhere send is left out at once, without waking for it.
Time WorkloadDriver::next_here() {
  const auto first = [this] { return coming_here_.empty() ? end_ : coming_here_.begin()->first; };
  while (workload_.next_at() <= first()) {
    const Arrival* arrival = workload_.next();
    if (arrival == nullptr) break;
    const DeployedSite& site = deployment_.sites[deployment_.site_of_vertex[arrival->site]];
    if (local_.find(site.gateway) != nullptr) coming_here_.emplace(arrival->at, *arrival);
  }
  return coming_here_.empty() ? never : coming_here_.begin()->first;
}

}  // namespace evenkeel
