// libFuzzer: any bytes as a token, and any bytes put over a good one. What is accepted must be the
// good one, or what its owner signed: nobody without a key makes another.
#include <cstdint>
#include <cstdlib>

#include "models/sharing/token.h"

namespace {

using namespace evenkeel;

const Blob& good() {
  static const Blob bytes = [] {
    Random random{7};
    const SigningKey owner{ByteArray<32>{std::byte{1}}};
    Caveats caveats;
    caveats.resource = "a/b";
    caveats.columns = std::vector<std::string>{"t", "x"};
    caveats.rows = {{"t", RowComparison::above, std::int64_t{3}}};
    const Result<Token> token = issue_token(owner, caveats, random);
    caveats.aggregate_only = true;
    return encoded(sealed(*attenuate(*token, caveats, random)));
  }();
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto* bytes = reinterpret_cast<const std::byte*>(data);
  const View8 input{bytes, size};
  if (const std::optional<Token> token = decoded<Token>(input)) {
    const Blob again = encoded(*token);
    if (decoded<Token>(again) != token) std::abort();
  }
  const Result<VerifiedToken> any = verify_token(input);
  if (any && any->token.blocks.empty()) std::abort();
  Blob changed = good();
  if (size < 2) return 0;
  const std::size_t at = (data[0] | std::size_t{data[1]} << 8) % changed.size();
  for (std::size_t i = 2; i < size && at + i - 2 < changed.size(); ++i)
    changed[at + i - 2] = bytes[i];
  if (changed != good() && verify_token(changed)) std::abort();
  return 0;
}
