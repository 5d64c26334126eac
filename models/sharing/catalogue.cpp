#include "models/sharing/catalogue.h"

#include <algorithm>
#include <cctype>

namespace evenkeel {
namespace {

std::size_t part_of(const DataSetId& id) {
  return static_cast<std::size_t>(sha256(encoded(id))[0]) % DataCatalogue::parts;
}

bool contains_text(std::string_view text, std::string_view wanted) {
  const auto same = [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) ==
           std::tolower(static_cast<unsigned char>(b));
  };
  return wanted.empty() || !std::ranges::search(text, wanted, same).empty();
}

}  // namespace

DataCatalogue::DataCatalogue(Node& node, Service& service, const PartyKeys& keys,
                             const PartyDirectory& directory, HybridClock& clock,
                             DataCatalogueSettings settings)
    : node_(node),
      keys_(keys),
      directory_(directory),
      clock_(clock),
      settings_(std::move(settings)),
      journal_(node.disk(), "sharing/catalogue") {
  for (const Blob& bytes : journal_.take_loaded())
    if (const std::optional<CatalogueEntry> entry = decoded<CatalogueEntry>(bytes))
      if (const Result<bool> merged = merge_checked(*entry); !merged)
        node_.probe().count("catalogue entries refused", node_.id(), 1);
  service.on(&DataCatalogue::answer_push, *this);
  service.on(&DataCatalogue::answer_compare, *this);
  service.on(&DataCatalogue::answer_fetch, *this);
  node_.spawn(compare_for_ever());
}

Result<bool> DataCatalogue::merge_checked(const CatalogueEntry& entry) {
  if (directory_.find(entry.id.owner) == nullptr)
    return Error{ErrorCode::denied, "an entry of nobody whom we know"};
  if (!entry.is_small()) return Error{ErrorCode::full, "an entry of too many or too long fields"};
  const auto found = entries_.find(entry.id);
  const CatalogueEntry none{.id = entry.id};
  const Result<Done> good = (found == entries_.end() ? none : found->second).check(entry);
  if (!good) return good.error();
  if (entry.added.empty() && entry.removed.empty() && entry.content.empty()) return false;
  if (found == entries_.end()) {
    std::size_t& count = of_owner_[entry.id.owner];
    if (count >= settings_.most_of_an_owner)
      return Error{ErrorCode::full, "too many data sets of one owner"};
    ++count;
  }
  CatalogueEntry merged = found == entries_.end() ? none : found->second;
  const bool has_changed = merged.take(entry);
  if (!merged.is_small()) return Error{ErrorCode::full, "an entry of too many fields"};
  if (!has_changed) return false;
  for (const auto& [node, time] : entry.added) clock_.heard(time.at);
  hashes_[entry.id] = sha256(encoded(merged));
  entries_[entry.id] = std::move(merged);
  return true;
}

Result<bool> DataCatalogue::merge(const CatalogueEntry& entry) {
  Result<bool> merged = merge_checked(entry);
  if (!merged) {
    node_.probe().count("catalogue entries refused", node_.id(), 1);
    return merged;
  }
  if (*merged) {
    const Result<Done> kept = keep({entries_.at(entry.id)});
    if (!kept) return kept.error();
  }
  return merged;
}

Result<Done> DataCatalogue::keep(const std::vector<CatalogueEntry>& entries) {
  for (const CatalogueEntry& entry : entries) {
    const Result<Done> written = journal_.append(encoded(entry));
    if (!written) return written;
  }
  if (journal_.size() < 64 + 4 * entries_.size()) return journal_.sync();
  std::vector<Blob> all;
  for (const auto& [id, entry] : entries_) all.push_back(encoded(entry));
  const Result<Done> rewritten = journal_.rewrite(all);
  if (!rewritten) return journal_.sync();  // no room for both: the long one goes on
  return rewritten;
}

Task<Result<Done>> DataCatalogue::publish(std::string name, CatalogueFields fields) {
  CatalogueEntry entry{.id = {keys_.signing.public_key(), std::move(name)}};
  const std::uint32_t here = index(node_.id());
  const auto found = entries_.find(entry.id);
  HybridTime now = clock_.tick();
  if (found != entries_.end()) now = found->second.after(now);
  // Fields alone leave the addition as it is: it decides from when on fields are shown.
  if (found == entries_.end() || !found->second.is_there())
    entry.sign_added(here, now, keys_.signing);
  for (auto& [field, value] : fields) entry.sign_field(field, std::move(value), now, keys_.signing);
  const Result<bool> merged = merge(entry);
  if (!merged) co_return merged.error();
  spread({entries_.at(entry.id)}, std::nullopt);
  co_await node_.disk_done();
  co_return Done{};
}

Task<Result<Done>> DataCatalogue::withdraw(std::string name) {
  CatalogueEntry entry{.id = {keys_.signing.public_key(), std::move(name)}};
  const auto found = entries_.find(entry.id);
  if (found == entries_.end() || !found->second.is_there())
    co_return Error{ErrorCode::not_found, "no data set " + entry.id.name + " of ours is there"};
  for (const auto& [node, time] : found->second.added)
    entry.sign_removed(node, time.at, keys_.signing);
  const Result<bool> merged = merge(entry);
  if (!merged) co_return merged.error();
  spread({entries_.at(entry.id)}, std::nullopt);
  co_await node_.disk_done();
  co_return Done{};
}

std::optional<CatalogueFields> DataCatalogue::find(const DataSetId& id) const {
  const auto found = entries_.find(id);
  if (found == entries_.end() || !found->second.is_there()) return std::nullopt;
  return found->second.shown();
}

std::vector<DataSetId> DataCatalogue::search(std::string_view text,
                                             const CatalogueFields& equal) const {
  std::vector<DataSetId> found;
  for (const auto& [id, entry] : entries_) {
    if (!entry.is_there()) continue;
    const CatalogueFields fields = entry.shown();
    const bool fits = std::ranges::all_of(equal, [&](const auto& wanted) {
      const auto field = fields.find(wanted.first);
      return field != fields.end() && field->second == wanted.second;
    });
    const bool has =
        contains_text(id.name, text) ||
        std::ranges::any_of(fields, [&](const auto& f) { return contains_text(f.second, text); });
    if (fits && has) found.push_back(id);
  }
  return found;
}

PartHashes DataCatalogue::part_hashes() const {
  std::vector<Blob> contents(parts);
  for (const auto& [id, hash] : hashes_) append(contents[part_of(id)], hash);
  PartHashes result;
  for (const Blob& content : contents) result.push_back(sha256(content));
  return result;
}

Digest DataCatalogue::digest() const { return sha256(encoded(part_hashes())); }

}  // namespace evenkeel
