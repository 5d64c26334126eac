#include "models/sharing/catalogue.h"

#include <algorithm>
#include <cctype>

namespace evenkeel {
namespace {

constexpr std::size_t most_nodes = 64;  // of one owner, in one entry
constexpr std::size_t longest_name = 500;

Blob added_content(const DataSetId& id, std::uint32_t node, const HybridTime& at) {
  return encoded(std::string{"evenkeel data set added"}, id, node, at);
}
Blob removed_content(const DataSetId& id, std::uint32_t node, const HybridTime& at) {
  return encoded(std::string{"evenkeel data set removed"}, id, node, at);
}
Blob field_content(const DataSetId& id, const std::string& name, const CatalogueField& field) {
  return encoded(std::string{"evenkeel data set field"}, id, name, field.value, field.at);
}

// Of two times that are the same, by two writings of a clumsy owner, one wins everywhere.
bool is_newer(const SignedTime& a, const SignedTime& b) {
  return a.at != b.at ? a.at > b.at : a.signature > b.signature;
}
bool is_newer(const CatalogueField& a, const CatalogueField& b) {
  return a.at != b.at ? a.at > b.at : a.signature > b.signature;
}

template <class Key, class Item>
bool brings_news(const std::map<Key, Item>& mine, const Key& key, const Item& item) {
  const auto found = mine.find(key);
  return found == mine.end() || is_newer(item, found->second);
}

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

Error forged(const DataSetId& id) {
  return {ErrorCode::denied, "an entry for " + id.name + " that its owner has not signed"};
}

// Checks only what would change something: the rest was checked when it came.
Result<Done> check_news(const CatalogueEntry& mine, const CatalogueEntry& news) {
  const PublicKey& owner = news.id.owner;
  for (const auto& [node, time] : news.added)
    if (brings_news(mine.added, node, time) &&
        !is_signed_by(owner, added_content(news.id, node, time.at), time.signature))
      return forged(news.id);
  for (const auto& [node, time] : news.removed)
    if (brings_news(mine.removed, node, time) &&
        !is_signed_by(owner, removed_content(news.id, node, time.at), time.signature))
      return forged(news.id);
  for (const auto& [name, field] : news.content)
    if (brings_news(mine.content, name, field) &&
        !is_signed_by(owner, field_content(news.id, name, field), field.signature))
      return forged(news.id);
  return Done{};
}

template <class Key, class Item>
bool take_news(std::map<Key, Item>& mine, const std::map<Key, Item>& news) {
  bool changed = false;
  for (const auto& [key, item] : news) {
    if (!brings_news(mine, key, item)) continue;
    mine[key] = item;
    changed = true;
  }
  return changed;
}

bool is_small(const CatalogueEntry& entry) {
  return entry.id.name.size() <= longest_name && entry.added.size() <= most_nodes &&
         entry.removed.size() <= most_nodes && entry.content.size() <= DataCatalogue::most_fields &&
         std::ranges::all_of(entry.content, [](const auto& field) {
           return field.first.size() <= longest_name &&
                  field.second.value.size() <= DataCatalogue::longest_field;
         });
}

// Later than all of the entry, even if our clock has gone back since.
HybridTime after(const CatalogueEntry& entry, HybridTime now) {
  const auto pass = [&](const HybridTime& time) {
    if (time >= now) now = {time.wall_ms, time.counter + 1, now.node};
  };
  for (const auto& [node, time] : entry.added) pass(time.at);
  for (const auto& [name, field] : entry.content) pass(field.at);
  return now;
}

}  // namespace

bool CatalogueEntry::is_there() const {
  return std::ranges::any_of(added, [&](const auto& one) {
    const auto found = removed.find(one.first);
    return found == removed.end() || found->second.at < one.second.at;
  });
}

std::map<std::string, std::string> CatalogueEntry::shown() const {
  std::optional<HybridTime> oldest;
  for (const auto& [node, time] : added) {
    const auto found = removed.find(node);
    if (found != removed.end() && found->second.at >= time.at) continue;
    if (!oldest || time.at < *oldest) oldest = time.at;
  }
  std::map<std::string, std::string> result;
  if (!oldest) return result;
  for (const auto& [name, field] : content)
    if (field.at >= *oldest) result.emplace(name, field.value);
  return result;
}

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
  if (!is_small(entry)) return Error{ErrorCode::full, "an entry of too many or too long fields"};
  const auto found = entries_.find(entry.id);
  const CatalogueEntry none{.id = entry.id};
  const Result<Done> good = check_news(found == entries_.end() ? none : found->second, entry);
  if (!good) return good.error();
  if (entry.added.empty() && entry.removed.empty() && entry.content.empty()) return false;
  if (found == entries_.end()) {
    std::size_t& count = of_owner_[entry.id.owner];
    if (count >= settings_.most_of_an_owner)
      return Error{ErrorCode::full, "too many data sets of one owner"};
    ++count;
  }
  CatalogueEntry merged = found == entries_.end() ? none : found->second;
  const bool added = take_news(merged.added, entry.added);
  const bool removed = take_news(merged.removed, entry.removed);
  const bool changed = take_news(merged.content, entry.content);
  if (!is_small(merged)) return Error{ErrorCode::full, "an entry of too many fields"};
  if (!added && !removed && !changed) return false;
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
  if (found != entries_.end()) now = after(found->second, now);
  // Fields alone leave the addition as it is: it decides from when on fields are shown.
  if (found == entries_.end() || !found->second.is_there())
    entry.added[here] = {now, keys_.signing.sign(added_content(entry.id, here, now))};
  for (auto& [key, value] : fields) {
    CatalogueField& field = entry.content[key];
    field.value = std::move(value);
    field.at = now;
    field.signature = keys_.signing.sign(field_content(entry.id, key, field));
  }
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
    entry.removed[node] = {time.at, keys_.signing.sign(removed_content(entry.id, node, time.at))};
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
