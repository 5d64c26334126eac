#include "models/storage/backup/backup_key.h"

#include <cstring>

namespace evenkeel {
namespace {

std::uint64_t first_word(const Digest& digest) {
  std::uint64_t word = 0;
  std::memcpy(&word, digest.data(), sizeof word);
  return word;
}

}  // namespace

std::string to_string(const ObjectName& name) { return hex(View8{name}.first(6)); }

BackupKey::BackupKey(const SecretKey& secret)
    : naming_(derive(secret, "backup names")),
      sealing_(derive(secret, "backup objects")),
      checking_(derive(secret, "backup key")) {}

ObjectName BackupKey::name_of(const Digest& plain_hash) const {
  return derive(naming_, text_of(plain_hash));
}

// Each key seals one text only, so the nonce may be the same each time.
Blob BackupKey::seal_object(const ObjectName& name, View8 plain) const {
  Random nonce{first_word(name)};
  return seal(derive(sealing_, text_of(name)), plain, name, nonce);
}

Result<Blob> BackupKey::open_object(const Digest& plain_hash, View8 sealed) const {
  const ObjectName name = name_of(plain_hash);
  std::optional<Blob> plain = unseal(derive(sealing_, text_of(name)), sealed, name);
  if (!plain || sha256(*plain) != plain_hash)
    return Error{ErrorCode::disk, "object " + to_string(name) +
                                      " is not what was backed up; take a backup while the data "
                                      "is there, or restore another one"};
  return std::move(*plain);
}

std::uint64_t BackupKey::check() const { return first_word(derive(checking_, "check")); }

}  // namespace evenkeel
