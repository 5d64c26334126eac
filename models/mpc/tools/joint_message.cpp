#include "models/mpc/tools/joint_message.h"

#include <fmt/format.h>

#include "models/crypto/crypto.h"
#include "models/mpc/costs.h"
#include "models/mpc/disclosure.h"

namespace evenkeel {

static_assert(sizeof(Digest) == JointMessage::hash_bytes);

void tell(Session& session, const JointMessage& message, std::span<const Word> words) {
  if (session.self() == message.sender) session.send(message.receiver, words);
  if (session.self() != message.witness) return;
  session.charge(costs::hashed_word * static_cast<double>(words.size()));
  const Digest digest = sha256(std::as_bytes(words));
  session.send_bytes(message.receiver, digest);
}

Task<Words> hear(Session& session, JointMessage message, std::size_t words, std::string_view step) {
  Words told = co_await session.receive(message.sender, words);
  Digest digest;
  co_await session.receive_bytes(message.witness, digest);
  session.charge(costs::hashed_word * static_cast<double>(words));
  if (!are_same(digest, sha256(std::as_bytes(std::span{told})))) {
    const Session::Forever forever = session.abort(
        ErrorCode::cheating,
        fmt::format("{} or {} deviated: what they tell in '{}' differs",
                    session.name_of(message.sender), session.name_of(message.witness), step));
    co_await forever;
  }
  co_return told;
}

}  // namespace evenkeel
