// What the outcomes of balancing on secret loads tell of a server's load, though the loads stay
// secret: mutual information, and how often who sees the outcome guesses the load right. Prints the
// tables of results/private_balancing/leakage.md.
//
// Loads are those of queues M/M/c at rest, all at 70 % and independent, for the servers of
// scenarios/private_balancing.yaml; who guesses knows that, and all servers' cores and speeds.
#include <fmt/format.h>

#include <cmath>
#include <map>

#include "models/mpc/function.h"
#include "models/runtime/random.h"

namespace evenkeel::test {
namespace {

constexpr double utilisation = 0.7;
constexpr int bits = 12;
constexpr std::size_t most_load = 48;  // beyond: 1 in 10^6 and less, counted as that

struct Server {
  int cores = 1;
  double speed = 10e9;
};

// The chance of each load: of M/M/c.
std::vector<double> chances(const Server& server) {
  std::vector<double> chance(most_load + 1);
  double weight = 1;
  double sum = 0;
  for (std::size_t load = 0; load <= most_load; ++load) {
    chance[load] = weight;
    sum += weight;
    weight *=
        utilisation * server.cores / std::min<double>(server.cores, static_cast<double>(load) + 1);
  }
  for (double& one : chance) one /= sum;
  return chance;
}

// What a server enters, as sim/deployment does it.
double entered(const std::string& function, const Server& server, std::size_t load) {
  const double most = std::ldexp(1.0, bits) - 1;
  const auto its_load = static_cast<double>(load);
  if (function != "headroom") return std::min(its_load, most);
  const double room =
      16e-9 * server.cores * server.speed / std::max(1.0, (its_load + 1) / server.cores);
  return std::min(std::floor(room), most);
}

// Published outcomes beside loads, each pair with its weight.
class Joint {
 public:
  void add(std::size_t load, const std::vector<double>& seen, double weight) {
    pairs_[seen][load] += weight;
    all_ += weight;
    ++samples_;
  }
  double load_entropy() const {
    double sum = 0;
    for (const auto& [load, weight] : loads()) sum -= weight / all_ * std::log2(weight / all_);
    return sum;
  }
  /// Of what was drawn at random, less what chance alone makes of so few samples (Miller and Madow,
  /// 1955).
  double information(bool is_drawn) const {
    const std::map<std::size_t, double> by_load = loads();
    double sum = 0;
    double cells = 0;
    for (const auto& [seen, row] : pairs_) {
      double of_seen = 0;
      for (const auto& [load, weight] : row) of_seen += weight;
      for (const auto& [load, weight] : row) {
        sum += weight / all_ * std::log2(weight * all_ / (of_seen * by_load.at(load)));
        ++cells;
      }
    }
    const double degrees = cells - static_cast<double>(by_load.size() + pairs_.size()) + 1;
    return is_drawn ? sum - degrees / (2 * std::log(2.0) * static_cast<double>(samples_)) : sum;
  }
  double guessed_before() const {
    double most = 0;
    for (const auto& [load, weight] : loads()) most = std::max(most, weight);
    return most / all_;
  }
  double guessed_after() const {
    double right = 0;
    for (const auto& [seen, row] : pairs_) {
      double most = 0;
      for (const auto& [load, weight] : row) most = std::max(most, weight);
      right += most;
    }
    return right / all_;
  }

 private:
  std::map<std::size_t, double> loads() const {
    std::map<std::size_t, double> by_load;
    for (const auto& [seen, row] : pairs_)
      for (const auto& [load, weight] : row) by_load[load] += weight;
    return by_load;
  }

  std::map<std::vector<double>, std::map<std::size_t, double>> pairs_;
  double all_ = 0;
  std::size_t samples_ = 0;
};

std::vector<double> published(const std::string& name, const std::vector<Server>& servers,
                              const std::vector<std::size_t>& loads) {
  static std::map<std::string, std::shared_ptr<const Function>> known;
  auto& function = known[name];
  if (!function) function = function_named(name);
  std::vector<std::vector<double>> all;
  for (std::size_t i = 0; i < servers.size(); ++i)
    all.push_back({entered(name, servers[i], loads[i])});
  return function->plain(all, {.owners = static_cast<std::uint32_t>(servers.size()), .bits = bits});
}

void print_row(const std::string& name, std::size_t servers, const std::string& seen,
               const Joint& joint, bool is_drawn) {
  fmt::print("| {} | {} | {} | {:.2f} | {:.3f} | {:.1f} % | {:.1f} % |\n", name, servers, seen,
             joint.load_entropy(), joint.information(is_drawn), 100 * joint.guessed_before(),
             100 * joint.guessed_after());
}

// All loads that there can be, of few servers: the whole outcome beside the first one's load.
void enumerate(const std::string& name, const std::vector<Server>& servers) {
  constexpr std::size_t loads = 24;  // 1 in 10^3 are more, which hardly changes the sums
  std::vector<std::vector<double>> chance;
  for (const Server& server : servers) chance.push_back(chances(server));
  Joint joint;
  std::vector<std::size_t> at(servers.size(), 0);
  for (bool is_left = true; is_left;) {
    double weight = 1;
    for (std::size_t i = 0; i < at.size(); ++i) weight *= chance[i][at[i]];
    joint.add(at[0], published(name, servers, at), weight);
    is_left = false;
    for (std::size_t i = 0; i < at.size() && !is_left; ++i) {
      is_left = ++at[i] < loads;
      if (!is_left) at[i] = 0;
    }
  }
  print_row(name, servers.size(), "all of it, exactly", joint, false);
}

// Of many servers what the outcome says of the first, and of how many others got most.
void draw(const std::string& name, const std::vector<Server>& servers) {
  constexpr std::size_t samples = 300'000;
  std::vector<std::vector<double>> chance;
  for (const Server& server : servers) chance.push_back(chances(server));
  Random random = Random::stream(1, "leakage");
  Joint joint;
  std::vector<std::size_t> loads(servers.size());
  for (std::size_t k = 0; k < samples; ++k) {
    for (std::size_t i = 0; i < loads.size(); ++i) {
      double left = random.uniform();
      loads[i] = 0;
      while (loads[i] < most_load && (left -= chance[i][loads[i]]) >= 0) ++loads[i];
    }
    const std::vector<double> outcome = published(name, servers, loads);
    const double seen = name == "argmin" ? (outcome[0] == 0 ? 1 : 0) : outcome[0];
    joint.add(loads[0], {seen}, 1);
  }
  print_row(name, servers.size(), "its own entry", joint, true);
}

void study() {
  const std::vector<Server> kinds{{4, 10e9}, {2, 10e9}, {4, 5e9}, {2, 20e9}, {1, 10e9}};
  fmt::print(
      "| opened | servers | who guesses sees | bits in a load | bits told | guessed right before "
      "| after |\n|---|---|---|---|---|---|---|\n");
  for (const std::string name : {"headroom", "order", "argmin"}) {
    std::vector<Server> city;
    for (const Server& kind : kinds) city.insert(city.end(), 4, kind);
    draw(name, city);
  }
  for (const std::string name : {"headroom", "order", "argmin"})
    enumerate(name, {kinds[0], kinds[1], kinds[2]});
  enumerate("argmin", {kinds[0], kinds[1]});
}

}  // namespace
}  // namespace evenkeel::test

int main() { evenkeel::test::study(); }
