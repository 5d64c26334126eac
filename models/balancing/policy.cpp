#include "models/balancing/policy.h"

#include <algorithm>

namespace evenkeel {

Catalogue& policies() {
  static Catalogue catalogue{"policy"};
  return catalogue;
}

bool View::is_eligible(ServerIndex server) const {
  // Usually none is ejected, and the list is 0, 1, 2, ...
  if (server < eligible.size() && eligible[server] == server) return true;
  return std::ranges::binary_search(eligible, server);
}

void sample_distinct(std::span<const ServerIndex> servers, std::size_t d, Random& random,
                     std::vector<ServerIndex>& sample) {
  const std::size_t n = servers.size();
  if (d >= n) {
    sample.insert(sample.end(), servers.begin(), servers.end());
    return;
  }
  // Floyd: for each of the last d places, a random one up to it, or itself if that is taken.
  const std::size_t start = sample.size();
  for (std::size_t last = n - d; last < n; ++last) {
    const ServerIndex drawn = servers[random.below(last + 1)];
    const bool taken = std::find(sample.begin() + static_cast<std::ptrdiff_t>(start), sample.end(),
                                 drawn) != sample.end();
    sample.push_back(taken ? servers[last] : drawn);
  }
}

}  // namespace evenkeel
