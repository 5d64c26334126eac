#include "models/sharing/data_key.h"

#include <algorithm>

namespace evenkeel {
namespace {

Blob bound_to(std::uint32_t epoch, const DataSetId& data_set, std::string_view place) {
  return encoded(std::string{"evenkeel data"}, data_set, epoch, std::string{place});
}

Result<Blob> open_data(const SecretKey& key, const DataSetId& data_set, std::string_view place,
                       const SealedData& data) {
  std::optional<Blob> plain = unseal(key, data.sealed, bound_to(data.epoch, data_set, place));
  if (plain) return std::move(*plain);
  return Error{ErrorCode::malformed, "the data was changed, or is not from this place"};
}

}  // namespace

Blob WrappedKey::content() const {
  return encoded(std::string{"evenkeel data key"}, data_set, epoch, reader, wrapped);
}

SealedData seal_data(const SecretKey& key, std::uint32_t epoch, const DataSetId& data_set,
                     std::string_view place, View8 plain, Random& random) {
  return {epoch, evenkeel::seal(key, plain, bound_to(epoch, data_set, place), random)};
}

DataKeyRing::DataKeyRing(Node& node, const PartyKeys& keys, std::string data_set)
    : node_(node),
      keys_(keys),
      data_set_{keys.signing.public_key(), std::move(data_set)},
      at_rest_(derive(keys.signing.seed(), "data keys at rest")),
      journal_(node.disk(), "sharing/keys/" + hex(bytes_of(data_set_.name))) {
  for (const Blob& sealed : journal_.take_loaded())
    if (const auto plain = unseal(at_rest_, sealed, encoded(data_set_)))
      if (auto state = decoded<State>(*plain)) state_ = std::move(*state);
  if (!state_.keys.empty()) return;
  State first;
  first.keys.push_back(draw_secret_key(node.random()));
  // A disk that takes nothing takes no data under this key either.
  if (!keep(first)) state_ = std::move(first);
}

Result<Done> DataKeyRing::keep(State next) {
  const Blob sealed = evenkeel::seal(at_rest_, encoded(next), encoded(data_set_), node_.random());
  Result<Done> kept = Done{};
  if (journal_.size() < 16) {
    kept = journal_.append(sealed);
    if (kept) kept = journal_.sync();
  } else {
    kept = journal_.rewrite({sealed});
  }
  if (kept) state_ = std::move(next);
  return kept;
}

WrappedKey DataKeyRing::wrap(std::uint32_t epoch, const PublicKey& reader) {
  WrappedKey key{.data_set = data_set_, .epoch = epoch, .reader = reader};
  key.wrapped = seal_for(reader, state_.keys[epoch - 1], node_.random());
  key.signature = keys_.signing.sign(key.content());
  return key;
}

Result<std::vector<WrappedKey>> DataKeyRing::grant(const PublicKey& reader, bool with_past) {
  State next = state_;
  const auto place = std::ranges::lower_bound(next.readers, reader);
  if (place == next.readers.end() || *place != reader) {
    if (next.readers.size() >= most_readers)
      return Error{ErrorCode::full, "too many readers of one data set"};
    next.readers.insert(place, reader);
    const Result<Done> kept = keep(std::move(next));
    if (!kept) return kept.error();
  }
  std::vector<WrappedKey> wrapped;
  for (std::uint32_t each = with_past ? 1 : epoch(); each <= epoch(); ++each)
    wrapped.push_back(wrap(each, reader));
  return wrapped;
}

Result<std::vector<WrappedKey>> DataKeyRing::revoke(const PublicKey& reader) {
  State next = state_;
  std::erase(next.readers, reader);
  next.keys.push_back(draw_secret_key(node_.random()));
  const Result<Done> kept = keep(std::move(next));
  if (!kept) return kept.error();
  std::vector<WrappedKey> wrapped;
  for (const PublicKey& each : state_.readers) wrapped.push_back(wrap(epoch(), each));
  node_.probe().count("data keys rotated", node_.id(), 1);
  return wrapped;
}

SealedData DataKeyRing::seal(std::string_view place, View8 plain) {
  return seal_data(state_.keys.back(), epoch(), data_set_, place, plain, node_.random());
}

Result<Blob> DataKeyRing::open(std::string_view place, const SealedData& data) const {
  if (data.epoch == 0 || data.epoch > epoch())
    return Error{ErrorCode::malformed, "data of an epoch that never was"};
  return open_data(state_.keys[data.epoch - 1], data_set_, place, data);
}

Result<Done> DataKeyReader::take(const WrappedKey& key) {
  if (key.data_set != data_set_ || !key.is_good())
    return Error{ErrorCode::denied, "a key that the data set's owner has not signed"};
  const std::optional<Blob> plain = box_.unseal(key.wrapped);
  SecretKey secret;
  if (key.reader != box_.public_key() || !plain || plain->size() != secret.size())
    return Error{ErrorCode::denied, "a key for somebody else"};
  std::ranges::copy(*plain, secret.begin());
  keys_[key.epoch] = secret;
  return Done{};
}

Result<Blob> DataKeyReader::open(std::string_view place, const SealedData& data) const {
  const auto key = keys_.find(data.epoch);
  if (key == keys_.end())
    return Error{ErrorCode::denied, "no key of this epoch: ask the owner for a grant"};
  return open_data(key->second, data_set_, place, data);
}

}  // namespace evenkeel
