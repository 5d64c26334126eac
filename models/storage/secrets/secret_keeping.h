// Putting and getting secrets, from any node.
//
//   put   1  -> keepers  promise a ballot; what do you have?
//         2  -> keepers  a share each; acknowledged once a quorum has it on its disk
//         3  -> keepers  give older ones up
//   get   1  -> keepers  your shares
//
// Who may ask is not decided here: keepers answer every node that reaches them.
#pragma once

#include "models/storage/secrets/secret_census.h"
#include "models/storage/secrets/secret_opening.h"

namespace evenkeel {

class SecretKeeping {
 public:
  /// Both outlive it.
  SecretKeeping(Node& node, const SecretSettings& settings)
      : node_(node), settings_(settings), prg_(draw_prg_key(node.random())) {}
  SecretKeeping(const SecretKeeping&) = delete;

  /// A new secret, or a new value of one. ErrorCode::no_quorum: too few keepers answered, and it
  /// may or may not have been put; `conflict`: somebody else puts it at the same time.
  Task<Result<Done>> put(std::string name, SecretBytes secret);
  /// The newest value that was acknowledged, or one that is being put. ErrorCode::not_found: there
  /// is no such secret; `no_quorum`: too few keepers answered; `cheating`: too many gave wrong
  /// shares. Keepers with a wrong share are named in an event and by `last_wrong`.
  Task<Result<SecretBytes>> get(std::string name);

  /// The places of the keepers whose shares did not fit, in the last `get`.
  const std::vector<std::uint32_t>& last_wrong() const { return last_wrong_; }

 private:
  Task<Result<Done>> attempt(std::string name, std::uint64_t ballot, const SecretBytes& secret,
                             std::uint64_t& highest);
  /// Nothing: more answers are needed.
  std::optional<Result<SecretBytes>> opened(const std::string& name,
                                            const KeeperAnswers<FetchShares::Answer>& answers);
  std::string silent_of(const KeeperAnswers<FetchShares::Answer>& answers) const;

  Node& node_;
  const SecretSettings& settings_;
  Prg prg_;
  std::vector<std::uint32_t> last_wrong_;
};

}  // namespace evenkeel
