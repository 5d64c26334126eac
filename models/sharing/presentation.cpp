#include "models/sharing/presentation.h"

namespace evenkeel {
namespace {

constexpr std::size_t longest_presentation = longest_token + (64 << 10);

Blob content(const Presentation& shown) {
  return encoded(std::string{"evenkeel request"}, sha256(shown.token), shown.request, shown.server,
                 shown.signed_ms, shown.nonce, shown.signer);
}

}  // namespace

Presentation present(const Token* token, const SigningKey& holder, GrantRequest request,
                     NodeId server, std::int64_t wall_ms, Random& random) {
  Presentation shown;
  if (token != nullptr) shown.token = encoded(sealed(*token));
  shown.request = std::move(request);
  shown.server = server;
  shown.signed_ms = wall_ms;
  shown.nonce = random();
  shown.signer = holder.public_key();
  shown.signature = holder.sign(content(shown));
  return shown;
}

Result<Presentation> read_presentation(const Blob& shown) {
  std::optional<Presentation> read;
  if (shown.size() <= longest_presentation) read = decoded<Presentation>(shown);
  if (!read) return Error{ErrorCode::malformed, "not the presentation of a grant"};
  return std::move(*read);
}

bool is_signed(const Presentation& presentation) {
  return is_signed_by(presentation.signer, content(presentation), presentation.signature);
}

}  // namespace evenkeel
