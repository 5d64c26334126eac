#include "models/sharing/party.h"

#include <algorithm>

namespace evenkeel {
namespace {

template <class Is>
const Party* first(const std::vector<Party>& parties, Is is) {
  const auto found = std::ranges::find_if(parties, is);
  return found == parties.end() ? nullptr : &*found;
}

}  // namespace

const Party* PartyDirectory::find(const PublicKey& key) const {
  return first(parties_, [&](const Party& party) { return party.key == key; });
}

const Party* PartyDirectory::find(std::string_view name) const {
  return first(parties_, [&](const Party& party) { return party.name == name; });
}

const Party* PartyDirectory::owner_of(NodeId node) const {
  return first(parties_, [&](const Party& party) {
    return std::ranges::find(party.nodes, node) != party.nodes.end();
  });
}

}  // namespace evenkeel
