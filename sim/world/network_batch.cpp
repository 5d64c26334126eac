// A network plan in the words of `ip` and `tc`.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "sim/world/network_plan.h"

namespace evenkeel {
namespace {

// Without ARP a device addresses its frames to its own hardware address. Where both ends of a wire
// have the same one, they arrive: no message waits for an address to be asked for, a route needs
// only its device, and the ends need no addresses.
constexpr const char* wire_end = "address 02:00:00:00:00:01 arp off mtu 1500";

// The kernel wakes a waiting queue by timers that come some 0.1 ms late on a busy machine; the
// burst must hold what the rate grants meanwhile or the link would be slower than stated. More
// would let short messages pass for nothing.
constexpr double burst_s = 1e-3;
constexpr double frame_bytes = 1'600;

// Deep, for the simulated network loses nothing to full queues; bounded by the kernel's memory.
constexpr double queue_s = 1;
constexpr double least_queue_bytes = 64e3;
constexpr double most_queue_bytes = 16e6;
constexpr unsigned most_delayed_packets = 100'000;

constexpr double fastest_shaped = 100e9;  // bit/s; more than a veth pair carries

std::string rate_words(double bandwidth) {
  const double bytes_per_s = bandwidth / 8;
  const double burst = frame_bytes + bytes_per_s * burst_s;
  const double queue = std::clamp(bytes_per_s * queue_s, least_queue_bytes, most_queue_bytes);
  return fmt::format("tbf rate {:.0f}bit burst {:.0f} limit {:.0f}", std::floor(bandwidth), burst,
                     burst + queue);
}

std::string delay_words(Duration latency) {
  return fmt::format("netem delay {:.3f}us limit {}", to_seconds(latency) * 1e6,
                     most_delayed_packets);
}

}  // namespace

std::string wires_batch(const NetworkPlan& plan, std::span<const std::string> files) {
  std::string lines;
  for (const Wire& wire : plan.wires)
    lines += fmt::format("link add name {} netns {} {} type veth peer name {} netns {} {}\n",
                         wire.from.device, files[wire.from.space], wire_end, wire.to.device,
                         files[wire.to.space], wire_end);
  return lines;
}

std::string routes_batch(const Space& space) {
  std::string lines = "link set dev lo up\n";
  for (const Space::Device& device : space.devices)
    lines += fmt::format("link set dev {} up\n", device.name);
  lines += fmt::format("address add {}/32 dev {}\n", to_string({.address = space.address}),
                       space.forwards ? "lo" : space.devices.front().name);
  for (const Space::Entry& entry : space.routes)
    lines += fmt::format("route add {} dev {}\n", to_string(entry.to), entry.device);
  return lines;
}

// The delay comes first: a queue for the rate then holds only what waits for the rate.
std::string shaping_batch(const NetworkPlan& plan, const Space& space, KernelShaping kernel) {
  std::string lines;
  for (const Space::Device& device : space.devices) {
    const Wire& wire = plan.wires[device.wire];
    const bool rate = kernel.rates && wire.bandwidth <= fastest_shaped;
    const bool delay = kernel.delays && wire.latency > Duration::zero();
    const std::string parent = delay ? "parent 1:1 handle 2:" : "root handle 2:";
    if (delay)
      lines += fmt::format("qdisc add dev {} root handle 1: {}\n", device.name,
                           delay_words(wire.latency));
    if (rate)
      lines +=
          fmt::format("qdisc add dev {} {} {}\n", device.name, parent, rate_words(wire.bandwidth));
  }
  return lines;
}

}  // namespace evenkeel
