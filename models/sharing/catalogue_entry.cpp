#include "models/sharing/catalogue_entry.h"

#include <algorithm>

namespace evenkeel {
namespace {

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

Error forged(const DataSetId& id) {
  return {ErrorCode::denied, "an entry for " + id.name + " that its owner has not signed"};
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

}  // namespace

bool CatalogueEntry::is_small() const {
  return id.name.size() <= longest_name && added.size() <= most_nodes &&
         removed.size() <= most_nodes && content.size() <= most_fields &&
         std::ranges::all_of(content, [](const auto& field) {
           return field.first.size() <= longest_name && field.second.value.size() <= longest_field;
         });
}

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

HybridTime CatalogueEntry::after(HybridTime now) const {
  const auto pass = [&](const HybridTime& time) {
    if (time >= now) now = {time.wall_ms, time.counter + 1, now.node};
  };
  for (const auto& [node, time] : added) pass(time.at);
  for (const auto& [name, field] : content) pass(field.at);
  return now;
}

void CatalogueEntry::sign_added(std::uint32_t node, const HybridTime& at, const SigningKey& key) {
  added[node] = {at, key.sign(added_content(id, node, at))};
}

void CatalogueEntry::sign_removed(std::uint32_t node, const HybridTime& at, const SigningKey& key) {
  removed[node] = {at, key.sign(removed_content(id, node, at))};
}

void CatalogueEntry::sign_field(const std::string& name, std::string value, const HybridTime& at,
                                const SigningKey& key) {
  CatalogueField& field = content[name];
  field.value = std::move(value);
  field.at = at;
  field.signature = key.sign(field_content(id, name, field));
}

Result<Done> CatalogueEntry::check(const CatalogueEntry& news) const {
  const PublicKey& owner = news.id.owner;
  for (const auto& [node, time] : news.added)
    if (brings_news(added, node, time) &&
        !is_signed_by(owner, added_content(news.id, node, time.at), time.signature))
      return forged(news.id);
  for (const auto& [node, time] : news.removed)
    if (brings_news(removed, node, time) &&
        !is_signed_by(owner, removed_content(news.id, node, time.at), time.signature))
      return forged(news.id);
  for (const auto& [name, field] : news.content)
    if (brings_news(content, name, field) &&
        !is_signed_by(owner, field_content(news.id, name, field), field.signature))
      return forged(news.id);
  return Done{};
}

bool CatalogueEntry::take(const CatalogueEntry& news) {
  const bool added_any = take_news(added, news.added);
  const bool removed_any = take_news(removed, news.removed);
  const bool changed_any = take_news(content, news.content);
  return added_any || removed_any || changed_any;
}

}  // namespace evenkeel
