// A request as its asker sends it: what is wanted, the token that allows it, and proof that the
// asker holds the key that the token names.
#pragma once

#include "models/runtime/node_id.h"
#include "models/sharing/token.h"

namespace evenkeel {

struct Presentation {
  Blob token = {};  // sealed, encoded; none: a party asks its own node
  GrantRequest request = {};
  NodeId server{};  // for this node only
  std::int64_t signed_ms = 0;
  std::uint64_t nonce = 0;
  PublicKey signer = {};
  Signature signature = {};
  friend bool operator==(const Presentation&, const Presentation&) = default;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(token, request, server, signed_ms, nonce, signer, signature);
  }
};

/// Seals the token and signs; null: without a token. `wall_ms` is the asker's wall clock.
Presentation present(const Token* token, const SigningKey& holder, GrantRequest request,
                     NodeId server, std::int64_t wall_ms, Random& random);
/// As it came over the network. ErrorCode::malformed: it is none, or too long.
Result<Presentation> read_presentation(const Blob& shown);
/// Whether the signer has signed this. Says nothing of the token.
bool is_signed(const Presentation& presentation);

}  // namespace evenkeel
