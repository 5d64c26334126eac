// A secret from shares of which some may be wrong.
#pragma once

#include "models/mpc/tools/threshold_sharing.h"

namespace evenkeel {

struct OpenedSecret {
  SecretBytes secret = {};
  std::vector<std::uint32_t> wrong = {};  // places whose shares do not fit, ascending
};

/// As long as threshold + 1 of them are right: the secret's digest tells which. ErrorCode::invalid
/// if they are fewer, or are of several periods or secrets.
Result<OpenedSecret> open_secret(std::span<const ThresholdShare> shares, std::uint32_t threshold);

}  // namespace evenkeel
