// One data set of the catalogue, as nodes keep, sign, check and merge it.
#pragma once

#include <map>

#include "models/runtime/hybrid_clock.h"
#include "models/sharing/party.h"

namespace evenkeel {

/// A data set's name within those of its owner, whose key is part of the name.
struct DataSetId {
  PublicKey owner = {};
  std::string name = {};
  friend auto operator<=>(const DataSetId&, const DataSetId&) = default;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(owner, name);
  }
};

/// A time that the owner vouches for.
struct SignedTime {
  HybridTime at = {};
  Signature signature = {};
  friend bool operator==(const SignedTime&, const SignedTime&) = default;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(at, signature);
  }
};

struct CatalogueField {
  std::string value = {};
  HybridTime at = {};
  Signature signature = {};
  friend bool operator==(const CatalogueField&, const CatalogueField&) = default;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(value, at, signature);
  }
};

/// One data set as nodes keep and exchange it. There unless each addition has a tombstone of the
/// same node that is as late: what is added while it is removed elsewhere stays.
struct CatalogueEntry {
  DataSetId id = {};
  std::map<std::uint32_t, SignedTime> added = {};    // by the owner's node, the latest of each
  std::map<std::uint32_t, SignedTime> removed = {};  // by the node whose additions it removes
  std::map<std::string, CatalogueField> content = {};
  friend bool operator==(const CatalogueEntry&, const CatalogueEntry&) = default;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(id, added, removed, content);
  }
  static constexpr std::size_t most_nodes = 64;  // of one owner
  static constexpr std::size_t most_fields = 32;
  static constexpr std::size_t longest_name = 500;
  static constexpr std::size_t longest_field = 16 << 10;

  bool is_small() const;
  bool is_there() const;
  /// The fields that were written since the oldest addition that is still there.
  std::map<std::string, std::string> shown() const;
  /// Later than all of it, even if our clock has gone back since.
  HybridTime after(HybridTime now) const;

  // By the owner.
  void sign_added(std::uint32_t node, const HybridTime& at, const SigningKey& key);
  void sign_removed(std::uint32_t node, const HybridTime& at, const SigningKey& key);
  void sign_field(const std::string& name, std::string value, const HybridTime& at,
                  const SigningKey& key);

  /// Whether all that would change something is signed by the owner: the rest was checked when it
  /// came.
  Result<Done> check(const CatalogueEntry& news) const;
  /// Whether it changed anything.
  bool take(const CatalogueEntry& news);
};

}  // namespace evenkeel
