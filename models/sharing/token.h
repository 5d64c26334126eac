// Grants as tokens that their holder can narrow but never widen, verified off-line with the owner's
// public key alone. Biscuit's construction (eclipse-biscuit, SPECIFICATIONS.md): a chain of blocks,
// each signed by the key that the one before announced; the proof is the last secret key (whoever
// has it may add a block) or a signature by it (sealed: nobody may).
//
// Here each signature also covers the one before, so that blocks cannot be moved between chains.
// The signature of a block is its revocation id: revoking it kills all tokens made from there on.
//
// Passing on: a block that names another holder than the chain so far counts only if the chain
// allows GrantOperation::reshare and the former holder has signed that block too.
#pragma once

#include <map>
#include <memory>
#include <variant>

#include "models/runtime/world.h"
#include "models/sharing/caveats.h"

namespace evenkeel {

inline constexpr std::size_t most_token_blocks = 16;
inline constexpr std::size_t longest_token = 8 << 10;

struct TokenBlock {
  Caveats caveats = {};
  PublicKey next = {};                         // signs the next block
  std::optional<Signature> passed_on_by = {};  // the former holder's
  Signature signature = {};
  friend bool operator==(const TokenBlock&, const TokenBlock&) = default;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(caveats, next, passed_on_by, signature);
  }
};

struct Token {
  PublicKey owner = {};  // signs the first block
  std::vector<TokenBlock> blocks = {};
  std::variant<ByteArray<32>, Signature> proof = {};  // secret key, or seal
  friend bool operator==(const Token&, const Token&) = default;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(owner, blocks, proof);
  }
  bool is_sealed() const { return proof.index() == 1; }
};

/// The owner's grant. ErrorCode::malformed: see check_caveats; ErrorCode::full: too long.
Result<Token> issue_token(const SigningKey& owner, const Caveats& caveats, Random& random);
/// The same, narrowed. ErrorCode::denied: it is sealed; ErrorCode::full: too many blocks or bytes.
Result<Token> attenuate(const Token& token, const Caveats& caveats, Random& random);
/// The same for another holder, who is named in the caveats; the present one signs.
Result<Token> pass_on(const Token& token, const Caveats& caveats, const SigningKey& holder,
                      Random& random);
/// The same, but never to be narrowed again: what is shown to servers.
Token sealed(const Token& token);

/// A token whose every signature was found good.
struct VerifiedToken {
  Token token;
  Digest id;                        // of its bytes
  std::optional<PublicKey> holder;  // who must sign requests; nothing: whoever has the token
  std::int64_t expires_ms;          // the earliest of its blocks; never: the largest number
  DataRules rules;                  // of all blocks

  /// ErrorCode::denied unless every block's caveats hold.
  Result<Done> allows(const GrantRequest& request, std::int64_t wall_ms, std::uint32_t zone) const;
};

/// ErrorCode::malformed: not the bytes of a token, exactly as they are written; ErrorCode::denied:
/// a signature is wrong, or the token was passed on without leave.
Result<VerifiedToken> verify_token(View8 bytes);

/// What verifying costs: signatures of one token, 45 us each at 2 Gop/s.
Work verifying_work(const Token& token);

/// Tokens found good before, by the hash of their bytes: at most `capacity`, the oldest goes.
class TokenCache {
 public:
  explicit TokenCache(std::size_t capacity = 1024) : capacity_(capacity) {}
  struct Found {
    std::shared_ptr<const VerifiedToken> token;
    bool is_new = false;  // signatures had to be verified
  };
  Result<Found> verify(View8 bytes);

 private:
  struct Kept {
    std::shared_ptr<const VerifiedToken> token;
    std::uint64_t age;
  };
  std::size_t capacity_;
  std::uint64_t ages_ = 0;
  std::map<Digest, Kept> by_hash_;
  std::map<std::uint64_t, Digest> by_age_;
};

}  // namespace evenkeel
