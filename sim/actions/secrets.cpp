// Puts and gets secrets of the section 'storage.secrets'.
#include "models/runtime/user_error.h"
#include "models/storage/secrets/secret_keeping.h"
#include "sim/actions/action.h"
#include "sim/faults/checks/witness.h"

namespace evenkeel {
namespace {

constexpr std::string_view space = "secrets";

void check_kept(const ActionSetting& setting) {
  if (!setting.keeps_secrets)
    throw UserError(
        "an action is about a secret, and nobody keeps any; add to 'storage' secrets: {on: a node "
        "kind, threshold: 1}");
}

std::string name_of(const ActionCall& call) { return "secret " + std::to_string(call.issue.key); }

std::uint64_t short_digest(std::span<const std::byte> bytes) {
  const Digest digest = sha256(bytes);
  std::uint64_t number = 0;
  std::memcpy(&number, digest.data(), sizeof number);
  return number;
}

class PutSecret final : public Action {
 public:
  struct Settings {
    std::int64_t bytes = 32;
    void describe(Fields& fields) {
      fields.integer("bytes", bytes,
                     {"of the secret, drawn at random; its name is the key's", 1,
                      static_cast<double>(longest_secret)});
    }
  };

  PutSecret(const Settings& settings, const ActionSetting& setting)
      : bytes_(static_cast<std::size_t>(settings.bytes)) {
    check_kept(setting);
  }

  Task<Result<Done>> run(ActionCall call) const override {
    const std::string name = name_of(call);
    SecretBytes secret(bytes_);
    Prg prg{draw_prg_key(call.node.random())};
    prg.fill(std::span<std::byte>{secret});
    Witness* const witness = call.setting.witness;
    Witness::Ticket ticket;
    if (witness != nullptr) {
      ticket = witness->put(space, name, index(call.node.id()), hex(secret), call.node.now());
      // From now on it may be read, whether or not it is ever acknowledged.
      witness->file_put(name, short_digest(secret));
    }
    Task<Result<Done>> putting = call.clients.secrets->put(name, std::move(secret));
    const Result<Done> put = co_await std::move(putting);
    if (witness != nullptr && put) witness->acknowledged(ticket, call.node.now());
    co_return put;
  }

 private:
  std::size_t bytes_;
};

// That there is no such secret is an answer too.
class GetSecret final : public Action {
 public:
  struct Settings {
    void describe(Fields&) {}
  };

  GetSecret(const Settings&, const ActionSetting& setting) { check_kept(setting); }

  Task<Result<Done>> run(ActionCall call) const override {
    const std::string name = name_of(call);
    Task<Result<SecretBytes>> getting = call.clients.secrets->get(name);
    const Result<SecretBytes> got = co_await std::move(getting);
    if (!got && got.error().code == ErrorCode::not_found) {
      call.node.probe().count("secrets not found", call.node.id(), 1);
      co_return Done{};
    }
    if (!got) co_return got.error();
    if (Witness* const witness = call.setting.witness)
      witness->file_got(name, short_digest(*got), call.node.now());
    co_return Done{};
  }
};

const Registered put_entry{actions(), action_entry<PutSecret>("put_secret", "puts a secret")};
const Registered get_entry{actions(), action_entry<GetSecret>("get_secret", "gets a secret")};

}  // namespace
}  // namespace evenkeel
