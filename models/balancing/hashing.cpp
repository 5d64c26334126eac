#include "models/balancing/hashing.h"

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "models/runtime/check.h"

namespace evenkeel {

std::uint64_t hash_text(std::string_view text, std::uint64_t seed) {
  return XXH64(text.data(), text.size(), seed);
}

std::uint64_t hash_key(std::uint64_t key, std::uint64_t seed) {
  std::array<unsigned char, 8> bytes;
  for (unsigned char& byte : bytes) {
    byte = static_cast<unsigned char>(key);
    key >>= 8;
  }
  return XXH64(bytes.data(), bytes.size(), seed);
}

std::vector<double> relative_weights(std::span<const Candidate> candidates, bool weighted) {
  std::vector<double> weights;
  double sum = 0;
  for (const Candidate& candidate : candidates) {
    weights.push_back(std::max(candidate.weight, 0.0));
    sum += weights.back();
  }
  const double mean = sum / static_cast<double>(candidates.size());
  const bool usable = weighted && mean > 0 && std::isfinite(mean);
  for (double& weight : weights) weight = usable ? weight / mean : 1.0;
  return weights;
}

HashRing::HashRing(std::span<const Candidate> candidates, const Terms& terms) {
  constexpr double most_points = 8'388'608;
  const double n = static_cast<double>(candidates.size());
  const double points = std::min(static_cast<double>(terms.points), most_points / n);
  const std::vector<double> weights = relative_weights(candidates, terms.weighted);
  std::vector<std::pair<std::uint64_t, ServerIndex>> places;
  for (ServerIndex i = 0; i < candidates.size(); ++i) {
    const auto own = static_cast<std::uint64_t>(std::max(1.0, std::round(points * weights[i])));
    for (std::uint64_t point = 0; point < own; ++point)
      places.emplace_back(hash_text(candidates[i].name, point), i);
  }
  std::ranges::sort(places);
  for (const auto& [hash, server] : places) {
    hashes_.push_back(hash);
    servers_.push_back(server);
  }
}

std::size_t HashRing::home(std::uint64_t hash) const {
  const auto place = std::ranges::lower_bound(hashes_, hash);
  return place == hashes_.end() ? 0 : static_cast<std::size_t>(place - hashes_.begin());
}

std::vector<double> HashRing::shares(std::size_t n) const {
  std::vector<double> shares(n, 0.0);
  std::uint64_t before = hashes_.back();  // the first place's arc comes round from the last
  for (std::size_t position = 0; position < hashes_.size(); ++position) {
    shares[servers_[position]] += static_cast<double>(hashes_[position] - before) * 0x1.0p-64;
    before = hashes_[position];
  }
  if (hashes_.size() == 1) shares[servers_.front()] = 1;
  return shares;
}

std::vector<ServerIndex> maglev_table(std::span<const MaglevTurns> servers, std::size_t size) {
  EVENKEEL_CHECK(!servers.empty() && size > 1, "a Maglev table needs servers and slots");
  constexpr ServerIndex free = std::numeric_limits<ServerIndex>::max();
  std::vector<ServerIndex> table(size, free);
  struct Player {
    std::size_t slot;
    double turn_due = 0;
  };
  std::vector<Player> players;
  double greatest = 0;
  for (const MaglevTurns& server : servers) {
    players.push_back({server.offset % size});
    greatest = std::max(greatest, server.weight);
  }
  std::size_t filled = 0;
  for (double round = 1; filled < size; ++round) {
    for (ServerIndex i = 0; i < players.size() && filled < size; ++i) {
      Player& player = players[i];
      if (round * servers[i].weight < player.turn_due) continue;
      player.turn_due += greatest;
      while (table[player.slot] != free) player.slot = (player.slot + servers[i].skip) % size;
      table[player.slot] = i;
      ++filled;
    }
  }
  return table;
}

std::vector<ServerIndex> maglev_table(std::span<const Candidate> candidates, bool weighted,
                                      std::size_t size) {
  const std::vector<double> weights = relative_weights(candidates, weighted);
  std::vector<MaglevTurns> turns;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const std::string& name = candidates[i].name;
    turns.push_back({hash_text(name, 0) % size, hash_text(name, 1) % (size - 1) + 1, weights[i]});
  }
  return maglev_table(turns, size);
}

bool is_prime(std::uint64_t n) {
  if (n < 2) return false;
  for (std::uint64_t divisor = 2; divisor * divisor <= n; ++divisor)
    if (n % divisor == 0) return false;
  return true;
}

}  // namespace evenkeel
