// A vault, as those use it who have the key: objects go in and come out plain, and by their hashes.
#pragma once

#include "models/runtime/service.h"
#include "models/storage/backup/vault_messages.h"

namespace evenkeel {

struct VaultClientSettings {
  NodeId vault{};
  Duration timeout = seconds(4);  // of the first attempt; each further one has twice as long
  int attempts = 6;               // where no answer came
  std::size_t in_flight = 8;      // objects of one partition
  double ops_per_byte = 3;        // to hash and seal: an estimate, 0.7 GB/s at 2 Gop/s
};

/// What an upload came to: only what was not there before has moved.
struct Moved {
  std::uint64_t bytes = 0;
  std::uint64_t objects = 0;
  Moved& operator+=(const Moved& more) {
    bytes += more.bytes;
    objects += more.objects;
    return *this;
  }
  template <class Visitor>
  void fields(Visitor& visit) {
    visit(bytes, objects);
  }
};

/// Bytes to be kept, with what must be kept with them.
struct PlainObject {
  Digest hash = {};
  std::vector<ObjectName> children = {};
  Blob bytes = {};
};

class VaultClient {
 public:
  /// The node outlives its tasks, and they this.
  VaultClient(Node& node, const VaultClientSettings& settings, const BackupKey& key)
      : node_(node), settings_(settings), key_(key) {}
  VaultClient(const VaultClient&) = delete;

  /// Once more where no answer came: every question may be asked twice. ErrorCode::timeout names
  /// the vault.
  template <Question Q>
  Task<Result<typename Q::Answer>> ask_vault(Q question);

  /// Those that are not there, of plain hashes; what is there stays for this session.
  Task<Result<std::vector<Digest>>> missing(std::vector<Digest> hashes, std::uint64_t session);
  Task<Result<Moved>> put(PlainObject object, std::uint64_t session);
  Task<Result<Moved>> put_all(std::vector<PlainObject> objects, std::uint64_t session);
  Task<Result<Blob>> get(Digest plain_hash);

  const BackupKey& key() const { return key_; }
  const VaultClientSettings& settings() const { return settings_; }

 private:
  Task<Result<Done>> put_one(PlainObject object, std::uint64_t session,
                             std::shared_ptr<Moved> moved);
  Work work(std::size_t bytes) const {
    return {settings_.ops_per_byte * static_cast<double>(bytes)};
  }

  Node& node_;
  VaultClientSettings settings_;
  BackupKey key_;
};

template <Question Q>
Task<Result<typename Q::Answer>> VaultClient::ask_vault(Q question) {
  Result<typename Q::Answer> answer = Error{ErrorCode::timeout, ""};
  for (int attempt = 0; attempt < settings_.attempts; ++attempt) {
    const Duration limit = settings_.timeout * (1 << attempt);
    Task<Result<typename Q::Answer>> asking =
        ask(node_, settings_.vault, Port::backups, question, limit);
    answer = co_await std::move(asking);
    if (answer) break;
    if (answer.error().code != ErrorCode::timeout && answer.error().code != ErrorCode::unreachable)
      break;
    answer =
        Error{ErrorCode::timeout,
              "the vault does not answer; see that it runs and can be reached, then try again"};
  }
  co_return std::move(answer);
}

}  // namespace evenkeel
