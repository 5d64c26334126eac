// The scenarios that are measured: servers at the ends of a star, devices in its middle.
#pragma once

#include <cstdint>
#include <string>

namespace evenkeel::bench {

struct Load {
  std::string network = "latency";  // or "fluid"
  int sites = 10;                   // with `servers_each` servers each
  int servers_each = 1;
  std::string devices_at = "cloud";  // or "every site"
  int devices = 100;                 // at each of these places
  double rate = 1'000;               // requests per second of all devices of a place
  std::string arrivals = "poisson";
  double requests = 100'000;  // of all, about
  double utilisation = 0.5;
  std::string size = "200 B";  // of requests and answers
  std::string at = "site";     // where balancers sit
  std::string policy = "power_of_d";
};

/// The scenario file. Each server has one core of 1 Gop/s; work is exponential.
std::string text_of(const Load& load);

/// Reads and runs it; the number of requests.
std::uint64_t run(const Load& load);

}  // namespace evenkeel::bench
