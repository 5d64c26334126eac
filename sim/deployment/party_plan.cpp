#include "sim/deployment/party_plan.h"

#include <algorithm>
#include <cstring>

#include "sim/deployment/data_nodes.h"
#include "sim/faults/stage.h"

namespace evenkeel {
namespace {

template <class T>
std::vector<T> common(std::vector<T> some, const std::optional<std::vector<T>>& others) {
  if (others)
    std::erase_if(some, [&](const T& one) { return !std::ranges::binary_search(*others, one); });
  return some;
}

}  // namespace

PartyPlan::PartyPlan(const Scenario& scenario, const Deployment& deployment,
                     const Platform& platform, const DataNodes& data)
    : scenario_(scenario), platform_(platform) {
  give_nodes(deployment, data);
  own_data();
  check_asked();
}

void PartyPlan::give(NodeId node, std::size_t party, const Place& place) {
  std::size_t& its = party_of_[index(node)];
  if (its != nobody && its != party)
    throw UserError(place, "the node '" + platform_.node(node).name +
                               "' would be of two parties, '" +
                               scenario_.sharing->parties[its].name.text + "' and '" +
                               scenario_.sharing->parties[party].name.text +
                               "'; let them have different nodes, and devices at different places");
  its = party;
}

void PartyPlan::give_nodes(const Deployment& deployment, const DataNodes& data) {
  const SharingChoice& choice = *scenario_.sharing;
  party_of_.assign(platform_.size(), nobody);
  std::vector<std::vector<NodeId>> nodes_of(choice.parties.size() + 1);
  for (std::size_t p = 0; p < choice.parties.size(); ++p) {
    const PartyChoice& party = choice.parties[p];
    nodes_of[p] = nodes_named(party.nodes, platform_);
    for (const Name& devices : party.devices) {
      const auto population =
          std::ranges::find(scenario_.devices, devices.text, &DevicePopulation::name);
      if (population == scenario_.devices.end()) continue;
      const bool moves = !population->moves.name.empty() && population->moves.name != "none";
      const auto place = static_cast<std::size_t>(population - scenario_.devices.begin());
      for (const Deployment::Homes& homes : deployment.homes[place])
        if (!moves) nodes_of[p].push_back(deployment.sites[homes.site].gateway);
      for (const DeployedSite& site : deployment.sites)
        if (moves) nodes_of[p].push_back(site.gateway);
    }
    for (const NodeId node : nodes_of[p]) give(node, p, party.name.place);
  }
  for (const DeployedNode& node : deployment.of_kinds)
    if (party_of_[index(node.node)] == nobody && data.keeps_data(node.node)) {
      party_of_[index(node.node)] = choice.parties.size();
      nodes_of.back().push_back(node.node);
    }
  Random random = Random::stream(static_cast<std::uint64_t>(scenario_.seed), "parties");
  std::vector<Party> parties;
  for (std::size_t p = 0; p < nodes_of.size(); ++p) {
    std::vector<NodeId>& its = nodes_of[p];
    std::vector<NodeId> once;
    for (const NodeId node : its)
      if (std::ranges::find(once, node) == once.end()) once.push_back(node);
    keys_.push_back(PartyKeys::draw(random));
    const bool is_operator = p == choice.parties.size();
    if (is_operator && once.empty()) break;
    parties.push_back(
        keys_.back().party(is_operator ? "operator" : choice.parties[p].name.text, once));
  }
  directory_ = PartyDirectory{std::move(parties)};
  for (std::uint32_t i = 0; i < platform_.size(); ++i)
    if (party_of_[i] != nobody) everyone_.push_back(NodeId{i});
}

std::size_t PartyPlan::party_named(const Name& name) const {
  const std::vector<PartyChoice>& parties = scenario_.sharing->parties;
  const auto found = std::ranges::find_if(
      parties, [&](const PartyChoice& party) { return party.name.text == name.text; });
  if (found == parties.end())
    throw UserError(name.place, "no party '" + name.text + "'; add it to 'sharing.parties'");
  return static_cast<std::size_t>(found - parties.begin());
}

void PartyPlan::own_data() {
  const SharingChoice& choice = *scenario_.sharing;
  for (std::size_t p = 0; p < choice.parties.size(); ++p)
    for (const Name& space : choice.parties[p].spaces)
      owned_.spaces.push_back({space.text, keys_[p].signing.public_key()});
  for (const DataSetChoice& data_set : choice.data_sets) {
    const std::size_t owner = party_named(data_set.owner);
    const PublicKey key = keys_[owner].signing.public_key();
    if (directory_.find(key)->nodes.empty())
      throw UserError(data_set.owner.place, "the party '" + data_set.owner.text +
                                                "' has no node where it could agree with others; "
                                                "give it 'nodes' or 'devices'");
    data_sets_[data_set.name.text] = {key, data_set.name.text};
    if (data_set.table.text.empty()) continue;
    const auto table = std::ranges::find(owned_.tables, data_set.table.text, &OwnedTable::table);
    if (table == owned_.tables.end()) {
      owned_.tables.push_back({data_set.table.text, key, {data_set.name.text}});
    } else if (table->owner == key) {
      table->data_sets.push_back(data_set.name.text);
    } else {
      throw UserError(data_set.table.place, "the table '" + data_set.table.text +
                                                "' is another party's already: a table has one "
                                                "owner");
    }
  }
}

// Who asks for what others share must be of a party.
void PartyPlan::check_asked() const {
  for (const RequestClass& requests : scenario_.workload) {
    if (requests.does.name != "ask_shared" && requests.does.name != "fetch_shared") continue;
    const bool is_of_a_party =
        std::ranges::any_of(scenario_.sharing->parties, [&](const PartyChoice& party) {
          return std::ranges::find(party.devices, requests.from.text, &Name::text) !=
                 party.devices.end();
        });
    if (!is_of_a_party)
      throw UserError(requests.from.place, "the devices '" + requests.from.text +
                                               "' are of no party, so nobody shares anything with "
                                               "them; add them to one: devices: [" +
                                               requests.from.text + "]");
  }
}

std::vector<OfferedDataSet> PartyPlan::offered_by(std::size_t party) const {
  std::vector<OfferedDataSet> offered;
  if (party >= scenario_.sharing->parties.size()) return offered;
  const std::string& name = scenario_.sharing->parties[party].name.text;
  for (const DataSetChoice& data_set : scenario_.sharing->data_sets) {
    if (data_set.owner.text != name) continue;
    OfferedDataSet& its = offered.emplace_back();
    its.name = data_set.name.text;
    for (const TermsChoice& terms : data_set.terms) {
      GrantOffer& offer = its.offers.emplace_back();
      offer.consumer = keys_[party_named(terms.party)].signing.public_key();
      offer.terms = terms.caveats;
      offer.terms.resource = its.name;
      offer.terms.rows.insert(offer.terms.rows.end(), data_set.rows.begin(), data_set.rows.end());
      if (data_set.columns) offer.terms.columns = common(*data_set.columns, terms.caveats.columns);
      if (terms.lasts != never) offer.lasts = terms.lasts;
    }
  }
  return offered;
}

// Drawn by the seed: what is in it does not matter, only that it arrives.
Blob PartyPlan::content_of(const DataSetChoice& data_set) const {
  Random random = Random::stream(static_cast<std::uint64_t>(scenario_.seed),
                                 "content of " + data_set.name.text);
  Blob content(static_cast<std::size_t>(data_set.file));
  for (std::size_t at = 0; at < content.size(); at += sizeof(std::uint64_t)) {
    const std::uint64_t drawn = random();
    std::memcpy(content.data() + at, &drawn, std::min(sizeof drawn, content.size() - at));
  }
  return content;
}

CatalogueFields PartyPlan::fields_of(const DataSetChoice& data_set) const {
  CatalogueFields fields{{"title", data_set.name.text}};
  if (data_set.file > 0)
    fields["file"] = std::to_string(static_cast<std::uint64_t>(data_set.file)) + " bytes";
  else
    fields["table"] = data_set.table.text;
  std::string parties;
  for (const TermsChoice& terms : data_set.terms)
    parties += (parties.empty() ? "" : ", ") + terms.party.text;
  fields["terms"] = "for " + (parties.empty() ? "nobody" : parties);
  return fields;
}

bool PartyPlan::is_foreign(NodeId node, const std::string& table) const {
  const auto owned = std::ranges::find(owned_.tables, table, &OwnedTable::table);
  if (owned == owned_.tables.end()) return false;
  const Party* party = directory_.owner_of(node);
  return party == nullptr || party->key != owned->owner;
}

std::optional<DataSetId> PartyPlan::data_set_for(std::size_t party,
                                                 const std::string& table) const {
  std::optional<DataSetId> found;
  for (const DataSetChoice& data_set : scenario_.sharing->data_sets) {
    if (data_set.table.text != table) continue;
    const bool is_for_it = std::ranges::any_of(data_set.terms, [&](const TermsChoice& terms) {
      return party_named(terms.party) == party;
    });
    if (is_for_it) return data_sets_.at(data_set.name.text);
    if (!found) found = data_sets_.at(data_set.name.text);
  }
  return found;
}

}  // namespace evenkeel
