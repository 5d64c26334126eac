#include "models/sharing/presentation.h"

namespace evenkeel {
namespace {

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

bool is_signed(const Presentation& presentation) {
  return is_signed_by(presentation.signer, content(presentation), presentation.signature);
}

}  // namespace evenkeel
