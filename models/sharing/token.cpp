#include "models/sharing/token.h"

#include <algorithm>
#include <limits>

namespace evenkeel {
namespace {

constexpr std::string_view block_context = "evenkeel token block";
constexpr std::string_view pass_context = "evenkeel token passed on";
constexpr std::string_view seal_context = "evenkeel token seal";
constexpr double operations_per_signature = 90e3;

Blob signed_part(std::string_view context, const Signature& before, const Caveats& caveats,
                 const PublicKey& next) {
  return encoded(std::string{context}, before, caveats, next);
}

Blob block_content(const Signature& before, const TokenBlock& block) {
  Blob content = signed_part(block_context, before, block.caveats, block.next);
  append(content, block.passed_on_by);
  return content;
}

Signature before(const Token& token, std::size_t block) {
  return block == 0 ? Signature{} : token.blocks[block - 1].signature;
}

Blob seal_content(const Token& token) {
  return encoded(std::string{seal_context}, token.blocks.back().signature);
}

Result<Token> extended(const Token& token, const Caveats& caveats, const SigningKey* holder,
                       Random& random) {
  const auto* secret = std::get_if<ByteArray<32>>(&token.proof);
  if (secret == nullptr)
    return Error{ErrorCode::denied, "the token is sealed: only its giver can change it"};
  const Result<Done> sound = check_caveats(caveats);
  if (!sound) return sound.error();
  Token longer = token;
  const SigningKey next = SigningKey::draw(random);
  TokenBlock& block = longer.blocks.emplace_back();
  block.caveats = caveats;
  block.next = next.public_key();
  const Signature previous = before(longer, longer.blocks.size() - 1);
  if (holder != nullptr)
    block.passed_on_by = holder->sign(signed_part(pass_context, previous, caveats, block.next));
  block.signature = SigningKey{*secret}.sign(block_content(previous, block));
  longer.proof = next.seed();
  if (longer.blocks.size() > most_token_blocks || encoded_size(longer) > longest_token)
    return Error{ErrorCode::full, "a token of too many blocks or bytes; ask for a new one"};
  return longer;
}

Error wrong(std::string why) { return {ErrorCode::denied, std::move(why)}; }

bool allows_resharing(const Token& token, std::size_t blocks) {
  for (std::size_t i = 0; i < blocks; ++i) {
    const auto& operations = token.blocks[i].caveats.operations;
    if (operations && (*operations & operations_of(GrantOperation::reshare)) == 0) return false;
  }
  return true;
}

// Who must sign requests, if everybody on the way was allowed to pass it on.
Result<std::optional<PublicKey>> holder_of(const Token& token) {
  std::optional<PublicKey> holder;
  for (std::size_t i = 0; i < token.blocks.size(); ++i) {
    const TokenBlock& block = token.blocks[i];
    const std::optional<PublicKey>& named = block.caveats.holder;
    const bool changes = holder && named && *named != *holder;
    if (!changes) {
      if (block.passed_on_by) return wrong("passed on to nobody else");
    } else {
      if (!allows_resharing(token, i)) return wrong("the token may not be passed on");
      if (!block.passed_on_by ||
          !is_signed_by(*holder,
                        signed_part(pass_context, before(token, i), block.caveats, block.next),
                        *block.passed_on_by))
        return wrong("the token was not passed on by its holder");
    }
    if (named) holder = named;
  }
  return holder;
}

Result<Done> check_signatures(const Token& token) {
  PublicKey signer = token.owner;
  for (std::size_t i = 0; i < token.blocks.size(); ++i) {
    const TokenBlock& block = token.blocks[i];
    if (!is_signed_by(signer, block_content(before(token, i), block), block.signature))
      return wrong("the signature of block " + std::to_string(i) + " of the token is wrong");
    signer = block.next;
  }
  if (const auto* secret = std::get_if<ByteArray<32>>(&token.proof)) {
    if (SigningKey{*secret}.public_key() == signer) return Done{};
  } else if (is_signed_by(signer, seal_content(token), std::get<Signature>(token.proof))) {
    return Done{};
  }
  return wrong("the token's proof is wrong");
}

}  // namespace

Result<Token> issue_token(const SigningKey& owner, const Caveats& caveats, Random& random) {
  Token token;
  token.owner = owner.public_key();
  token.proof = owner.seed();
  return extended(token, caveats, nullptr, random);
}

Result<Token> attenuate(const Token& token, const Caveats& caveats, Random& random) {
  return extended(token, caveats, nullptr, random);
}

Result<Token> pass_on(const Token& token, const Caveats& caveats, const SigningKey& holder,
                      Random& random) {
  return extended(token, caveats, &holder, random);
}

Token sealed(const Token& token) {
  Token result = token;
  if (const auto* secret = std::get_if<ByteArray<32>>(&token.proof))
    result.proof = SigningKey{*secret}.sign(seal_content(token));
  return result;
}

Result<Done> VerifiedToken::allows(const GrantRequest& request, std::int64_t wall_ms,
                                   std::uint32_t zone) const {
  for (const TokenBlock& block : token.blocks) {
    Result<Done> allowed = evenkeel::allows(block.caveats, request, wall_ms, zone);
    if (!allowed) return allowed;
  }
  return Done{};
}

Result<VerifiedToken> verify_token(View8 bytes) {
  const Error malformed{ErrorCode::malformed, "not a token"};
  if (bytes.size() > longest_token) return malformed;
  std::optional<Token> token = decoded<Token>(bytes);
  if (!token || token->blocks.empty() || token->blocks.size() > most_token_blocks) return malformed;
  const Blob again = encoded(*token);
  if (!std::ranges::equal(again, bytes)) return malformed;  // another way to write the same
  for (const TokenBlock& block : token->blocks) {
    const Result<Done> sound = check_caveats(block.caveats);
    if (!sound) return sound.error();
  }
  const Result<Done> good = check_signatures(*token);
  if (!good) return good.error();
  const Result<std::optional<PublicKey>> holder = holder_of(*token);
  if (!holder) return holder.error();
  VerifiedToken verified{.token = std::move(*token),
                         .id = sha256(bytes),
                         .holder = *holder,
                         .expires_ms = std::numeric_limits<std::int64_t>::max(),
                         .rules = {}};
  for (const TokenBlock& block : verified.token.blocks) {
    restrict_by(verified.rules, block.caveats);
    if (block.caveats.expires_ms)
      verified.expires_ms = std::min(verified.expires_ms, *block.caveats.expires_ms);
  }
  return verified;
}

Work verifying_work(const Token& token) {
  std::size_t signatures = token.blocks.size() + 1;
  for (const TokenBlock& block : token.blocks) signatures += block.passed_on_by ? 1 : 0;
  return {static_cast<double>(signatures) * operations_per_signature};
}

Result<TokenCache::Found> TokenCache::verify(View8 bytes) {
  if (bytes.size() > longest_token) return Error{ErrorCode::malformed, "too long for a token"};
  const Digest hash = sha256(bytes);
  if (const auto found = by_hash_.find(hash); found != by_hash_.end())
    return Found{found->second.token, false};
  Result<VerifiedToken> verified = verify_token(bytes);
  if (!verified) return verified.error();
  auto token = std::make_shared<const VerifiedToken>(std::move(*verified));
  if (by_hash_.size() >= capacity_) {
    by_hash_.erase(by_age_.begin()->second);
    by_age_.erase(by_age_.begin());
  }
  by_hash_.emplace(hash, Kept{token, ++ages_});
  by_age_.emplace(ages_, hash);
  return Found{std::move(token), true};
}

}  // namespace evenkeel
