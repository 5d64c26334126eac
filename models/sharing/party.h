// Who owns nodes and data: a name, keys to be known by, nodes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/crypto/crypto.h"
#include "models/runtime/message.h"
#include "models/runtime/node_id.h"

namespace evenkeel {

/// What everybody may know of a party. Its signing key is its identity.
struct Party {
  std::string name = {};
  PublicKey key = {};              // verifies what it signs
  PublicKey box = {};              // seals what only it may read
  std::vector<NodeId> nodes = {};  // its own; the first ones keep its revocations (grants.h)
  friend bool operator==(const Party&, const Party&) = default;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(name, key, box, nodes);
  }
};

/// What only the party itself has.
struct PartyKeys {
  SigningKey signing;
  BoxKey box;

  static PartyKeys draw(Random& random) {
    const SigningKey signing = SigningKey::draw(random);
    return {signing, BoxKey::draw(random)};
  }
  Party party(std::string name, std::vector<NodeId> nodes) const {
    return {std::move(name), signing.public_key(), box.public_key(), std::move(nodes)};
  }
};

/// The parties of a run, agreed on beforehand, as certificates are.
class PartyDirectory {
 public:
  PartyDirectory() = default;
  explicit PartyDirectory(std::vector<Party> parties) : parties_(std::move(parties)) {}

  const std::vector<Party>& all() const { return parties_; }
  const Party* find(const PublicKey& key) const;
  const Party* find(std::string_view name) const;
  /// The party whose node it is.
  const Party* owner_of(NodeId node) const;

 private:
  std::vector<Party> parties_;
};

}  // namespace evenkeel
