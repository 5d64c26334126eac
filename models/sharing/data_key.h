// Envelope encryption of a data set: what is stored is sealed with a data key, the data key is
// sealed for each reader. Nodes that store see ciphertext only. When a reader's grant is revoked a
// new epoch begins: what is written from then on it cannot read; what it has read, it has.
#pragma once

#include <algorithm>
#include <map>
#include <set>

#include "models/sharing/catalogue.h"

namespace evenkeel {

/// A data key of one epoch, for one reader; signed by the owner, so that nobody slips in another.
struct WrappedKey {
  DataSetId data_set = {};
  std::uint32_t epoch = 0;
  PublicKey reader = {};  // its box key
  Blob wrapped = {};
  Signature signature = {};
  friend bool operator==(const WrappedKey&, const WrappedKey&) = default;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(data_set, epoch, reader, wrapped, signature);
  }
  Blob content() const;
  bool is_good() const { return is_signed_by(data_set.owner, content(), signature); }
};

/// Ciphertext as it is stored: which epoch's key opens it, and nothing else in clear.
struct SealedData {
  std::uint32_t epoch = 0;
  Blob sealed = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(epoch, sealed);
  }
};

/// Bound to the data set and the place: a piece moved elsewhere does not open.
SealedData seal_data(const SecretKey& key, std::uint32_t epoch, const DataSetId& data_set,
                     std::string_view place, View8 plain, Random& random);

/// The owner's side. Keeps the keys and the readers on the node's disk, sealed with a key derived
/// from the party's own.
class DataKeyRing {
 public:
  /// Reads what the disk has, or begins with epoch 1. All outlive the ring.
  DataKeyRing(Node& node, const PartyKeys& keys, std::string data_set);

  /// Keys for a reader: of the present epoch, and of those before if `with_past`. Kept; durable
  /// after node.disk_done(). ErrorCode::disk; ErrorCode::full: too many readers.
  Result<std::vector<WrappedKey>> grant(const PublicKey& reader, bool with_past = false);
  /// Begins a new epoch without that reader. The keys for all others; for it, none ever again
  /// unless granted anew.
  Result<std::vector<WrappedKey>> revoke(const PublicKey& reader);

  SealedData seal(std::string_view place, View8 plain);
  Result<Blob> open(std::string_view place, const SealedData& data) const;

  bool is_reader(const PublicKey& reader) const {
    return std::ranges::binary_search(state_.readers, reader);
  }
  std::uint32_t epoch() const { return static_cast<std::uint32_t>(state_.keys.size()); }
  const DataSetId& data_set() const { return data_set_; }
  static constexpr std::size_t most_readers = 10'000;

 private:
  struct State {
    std::vector<SecretKey> keys = {};     // by epoch, from 1
    std::vector<PublicKey> readers = {};  // ascending
    template <class Visitor>
    void fields(Visitor& visit) {
      visit(keys, readers);
    }
  };
  Result<Done> keep(State next);
  WrappedKey wrap(std::uint32_t epoch, const PublicKey& reader);

  Node& node_;
  const PartyKeys& keys_;
  DataSetId data_set_;
  SecretKey at_rest_;
  FrameJournal journal_;
  State state_;
};

/// The reader's side: opens what it has been given keys for.
class DataKeyReader {
 public:
  DataKeyReader(const BoxKey& box, DataSetId data_set)
      : box_(box), data_set_(std::move(data_set)) {}

  /// ErrorCode::denied: not signed by the owner, of another data set, or not for this reader.
  Result<Done> take(const WrappedKey& key);
  /// ErrorCode::denied: no key of that epoch; ErrorCode::malformed: it was changed or moved.
  Result<Blob> open(std::string_view place, const SealedData& data) const;

 private:
  const BoxKey& box_;
  DataSetId data_set_;
  std::map<std::uint32_t, SecretKey> keys_;
};

}  // namespace evenkeel
