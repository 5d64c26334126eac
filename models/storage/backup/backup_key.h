// The key of a backup, and what it makes of bytes. An object's name is a keyed hash of its plain
// bytes, and it is sealed by a key derived from that name: equal bytes give equal objects, which
// are stored once, and who has not got the key learns only which objects are equal.
#pragma once

#include "models/crypto/crypto.h"
#include "models/runtime/result.h"

namespace evenkeel {

/// Keyed BLAKE2b of the SHA-256 of the plain bytes.
using ObjectName = Digest;

/// "3fa09c1d77ab", as errors name an object.
std::string to_string(const ObjectName& name);

class BackupKey {
 public:
  explicit BackupKey(const SecretKey& secret = {});

  ObjectName name_of(const Digest& plain_hash) const;
  Blob seal_object(const ObjectName& name, View8 plain) const;
  /// The plain bytes with this hash. ErrorCode::disk: the object is not what was sealed.
  Result<Blob> open_object(const Digest& plain_hash, View8 sealed) const;
  /// What tells keys from each other and says nothing about them.
  std::uint64_t check() const;

 private:
  SecretKey naming_;
  SecretKey sealing_;
  SecretKey checking_;
};

}  // namespace evenkeel
