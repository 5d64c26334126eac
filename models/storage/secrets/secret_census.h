// What keepers have of one secret, and which of their shares count.
#pragma once

#include <optional>
#include <string>

#include "models/storage/secrets/ask_keepers.h"
#include "models/storage/secrets/secret_messages.h"

namespace evenkeel {

struct SecretCensus {
  std::uint64_t ballot = 0;                             // promised to; 0: only looked
  std::vector<std::optional<SecretState>> states = {};  // by place; nothing: no answer

  std::uint32_t answered() const;
  std::uint32_t promised() const;
  std::uint64_t highest_ballot() const;
  std::uint64_t newest_period() const;
  /// Who did not promise may do something else meanwhile: its answer does not count.
  void leave_out_unpromised();
  std::vector<std::uint32_t> holders(const Lineage& lineage) const;
};

/// The newest shares that may have been acknowledged.
struct SecretJudgement {
  bool is_decided = true;            // false: it depends on keepers that did not answer
  std::optional<Lineage> base = {};  // enough of them answered to give the secret; none: no secret
};

/// A lineage counts unless it is certain that never a quorum kept it at once, or that too few are
/// left of it. Under a ballot what is judged stays so for whoever goes on under that ballot.
SecretJudgement judge(const SecretCensus& census, const SecretSettings& settings);

/// Asks all keepers, until enough have answered to judge and a quorum has promised, or all have or
/// are late; with `all`, for all of them.
Task<SecretCensus> take_census(Node& node, const SecretSettings& settings, std::string name,
                               std::uint64_t ballot, bool all);

/// A ballot above that one, and no other attempt's: not of this node either, which may have crashed
/// since and know nothing of it.
std::uint64_t ballot_above(std::uint64_t highest, Random& random);

}  // namespace evenkeel
