// Who keeps secrets, and how many of them it takes.
#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "models/runtime/node_id.h"
#include "models/runtime/time.h"
#include "models/storage/secrets/flaw.h"

namespace evenkeel {

/// The same at all nodes of a run. Each keeper has a share of every secret, by its place among
/// them.
struct SecretSettings {
  static constexpr std::size_t most_keepers = 16;

  std::vector<NodeId> keepers = {};
  std::uint32_t threshold = 1;  // so many shares tell nothing, one more gives the secret
  Duration refresh = seconds(60);
  Duration timeout = seconds(1);  // of one round of questions
  SecretsFlaw flaw = SecretsFlaw::none;

  std::uint32_t n() const { return static_cast<std::uint32_t>(keepers.size()); }
  /// So many keepers may lose their disks before the others have made good for them.
  std::uint32_t tolerated() const { return (n() - threshold) / 2; }
  /// So many keep a new share before an old one may go: however many of them are lost, as far as
  /// that is tolerated, enough are left.
  std::uint32_t quorum() const { return threshold + 1 + tolerated(); }
  std::optional<std::uint32_t> place_of(NodeId node) const {
    const auto found = std::ranges::find(keepers, node);
    if (found == keepers.end()) return std::nullopt;
    return static_cast<std::uint32_t>(found - keepers.begin());
  }
};

}  // namespace evenkeel
