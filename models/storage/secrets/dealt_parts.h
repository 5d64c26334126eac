// What a keeper of shares was dealt by others to make its share anew, and under which attempts it
// dealt itself: of each secret and purpose the newest attempt only.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/mpc/tools/threshold_sharing.h"
#include "models/runtime/result.h"
#include "models/storage/secrets/secret_messages.h"

namespace evenkeel {

class DealtParts {
 public:
  /// Notes that this keeper deals now. ErrorCode::conflict if it has in this attempt, or in a newer
  /// one: whoever deals twice in one attempt leaves some keepers with parts of one dealing and some
  /// with parts of the other, which do not fit together.
  Result<Done> begin(const Dealing& dealing);

  /// ErrorCode::conflict if there are parts of a newer attempt.
  Result<Done> keep(const Dealing& dealing, std::uint32_t dealer, Refreshment::Part part);
  /// The parts of all these dealers. ErrorCode::invalid if they are not distinct or fewer than
  /// `fewest`, not_found if a part is missing.
  Result<std::vector<Refreshment::Part>> of(const Dealing& dealing,
                                            const std::vector<std::uint32_t>& dealers,
                                            std::size_t fewest) const;
  static bool are_distinct(std::vector<std::uint32_t> places);
  /// A mask serves once.
  void forget(const Dealing& dealing) { dealt_.erase({dealing.name, dealing.zero_at}); }

 private:
  struct Dealt {
    std::uint64_t ballot = 0;
    std::map<std::uint32_t, Refreshment::Part> parts = {};  // by dealer
  };
  using Purpose = std::pair<std::string, std::optional<std::uint32_t>>;  // and zero_at

  std::map<Purpose, Dealt> dealt_;
  std::map<Purpose, std::uint64_t> dealt_under_;  // the newest ballot under which this one dealt
};

}  // namespace evenkeel
