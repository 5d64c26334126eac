// How the catalogue's entries travel: told at once to a few, compared with one at a time.
#include <algorithm>
#include <set>

#include "models/sharing/catalogue.h"

namespace evenkeel {
namespace {

constexpr std::size_t most_exchanged = 64;  // entries in one message
constexpr std::size_t most_hashes = 4096;

std::size_t part_of(const DataSetId& id) {
  return static_cast<std::size_t>(sha256(encoded(id))[0]) % DataCatalogue::parts;
}

}  // namespace

void DataCatalogue::spread(const std::vector<CatalogueEntry>& entries, std::optional<NodeId> but) {
  std::vector<NodeId> peers;
  for (const NodeId peer : settings_.peers)
    if (peer != node_.id() && peer != but) peers.push_back(peer);
  for (std::size_t i = 0; i < settings_.fanout && !peers.empty(); ++i) {
    const std::size_t chosen = node_.random().below(peers.size());
    node_.spawn(push_to(peers[chosen], entries));
    peers.erase(peers.begin() + static_cast<std::ptrdiff_t>(chosen));
  }
}

Task<> DataCatalogue::push_to(NodeId peer, std::vector<CatalogueEntry> entries) {
  const PushEntries question{std::move(entries)};
  Task<Result<Done>> asked = ask(node_, peer, Port::sharing, question, settings_.timeout);
  const Result<Done> done = co_await std::move(asked);
  node_.probe().count(done ? "catalogue entries pushed" : "catalogue pushes lost", node_.id(), 1);
}

Task<Result<Done>> DataCatalogue::answer_push(NodeId from, PushEntries question) {
  if (question.entries.size() > most_exchanged)
    co_return Error{ErrorCode::malformed, "too many entries in one message"};
  std::vector<CatalogueEntry> news;
  std::optional<Error> refused;
  for (const CatalogueEntry& entry : question.entries) {
    const Result<bool> merged = merge(entry);
    if (!merged) refused = merged.error();
    if (merged && *merged) news.push_back(entries_.at(entry.id));
  }
  if (!news.empty()) spread(news, from);
  co_await node_.disk_done();
  if (refused) co_return *refused;
  co_return Done{};
}

Task<Result<EntryHashes>> DataCatalogue::answer_compare(NodeId, CompareParts question) {
  if (question.mine.size() != parts)
    co_return Error{ErrorCode::malformed, "a comparison of another number of parts"};
  const PartHashes ours = part_hashes();
  EntryHashes hashes;
  std::size_t first = node_.random().below(parts);
  for (std::size_t i = 0; i < parts; ++i) {
    const std::size_t part = (first + i) % parts;
    if (ours[part] == question.mine[part]) continue;
    for (const auto& [id, hash] : hashes_)
      if (part_of(id) == part) hashes.emplace(id, hash);
    if (hashes.size() > most_hashes) break;
  }
  co_return hashes;
}

Task<Result<std::vector<CatalogueEntry>>> DataCatalogue::answer_fetch(NodeId,
                                                                      FetchEntries question) {
  std::vector<CatalogueEntry> found;
  for (const DataSetId& id : question.ids) {
    if (found.size() >= most_exchanged) break;
    const auto entry = entries_.find(id);
    if (entry != entries_.end()) found.push_back(entry->second);
  }
  co_return found;
}

Task<> DataCatalogue::compare_for_ever() {
  std::vector<NodeId> others;
  for (const NodeId peer : settings_.peers)
    if (peer != node_.id()) others.push_back(peer);
  if (others.empty()) co_return;
  // Not all at the same time.
  co_await node_.sleep(seconds(to_seconds(settings_.compare_every) * node_.random().uniform()));
  while (true) {
    const NodeId peer = others[node_.random().below(others.size())];
    Task<> comparing = compare_with(peer);
    co_await std::move(comparing);
    co_await node_.sleep(settings_.compare_every);
  }
}

Task<> DataCatalogue::compare_with(NodeId peer) {
  const CompareParts question{part_hashes()};
  Task<Result<EntryHashes>> asked = ask(node_, peer, Port::sharing, question, settings_.timeout);
  const Result<EntryHashes> theirs = co_await std::move(asked);
  if (!theirs) co_return;
  // The peer may show hashes of some differing parts only; what we have more in parts that it did
  // not show, it will ask for itself.
  FetchEntries wanted;
  std::vector<CatalogueEntry> offered;
  std::set<std::size_t> shown;
  for (const auto& [id, hash] : *theirs) {
    shown.insert(part_of(id));
    const auto ours = hashes_.find(id);
    if (ours != hashes_.end() && ours->second == hash) continue;
    if (wanted.ids.size() < most_exchanged) wanted.ids.push_back(id);
    if (ours != hashes_.end() && offered.size() < most_exchanged)
      offered.push_back(entries_.at(id));
  }
  for (const auto& [id, entry] : entries_)
    if (offered.size() < most_exchanged && shown.contains(part_of(id)) && !theirs->contains(id))
      offered.push_back(entry);
  if (!wanted.ids.empty()) {
    Task<Result<std::vector<CatalogueEntry>>> fetching =
        ask(node_, peer, Port::sharing, wanted, settings_.timeout);
    const Result<std::vector<CatalogueEntry>> fetched = co_await std::move(fetching);
    if (fetched)
      for (const CatalogueEntry& entry : *fetched)
        if (const Result<bool> merged = merge(entry); !merged)
          node_.probe().count("forged catalogue entries from peers", node_.id(), 1);
  }
  if (offered.empty()) co_return;
  Task<> pushing = push_to(peer, std::move(offered));
  co_await std::move(pushing);
}

}  // namespace evenkeel
