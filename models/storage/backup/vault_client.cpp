#include "models/storage/backup/vault_client.h"

#include <algorithm>

#include "models/runtime/together.h"

namespace evenkeel {

Task<Result<std::vector<Digest>>> VaultClient::missing(std::vector<Digest> hashes,
                                                       std::uint64_t session) {
  std::vector<Digest> absent;
  for (std::size_t from = 0; from < hashes.size(); from += most_names_asked) {
    const std::size_t count = std::min(most_names_asked, hashes.size() - from);
    HasObjects question{.session = session};
    for (std::size_t i = from; i < from + count; ++i)
      question.names.push_back(key_.name_of(hashes[i]));
    Task<Result<HasObjects::Answer>> asking = ask_vault(std::move(question));
    const Result<HasObjects::Answer> there = co_await std::move(asking);
    if (!there) co_return there.error();
    if (there->size() != count)
      co_return Error{ErrorCode::malformed, "the vault answered for other objects than asked"};
    for (std::size_t i = 0; i < count; ++i)
      if ((*there)[i] == 0) absent.push_back(hashes[from + i]);
  }
  co_return std::move(absent);
}

Task<Result<Moved>> VaultClient::put(PlainObject object, std::uint64_t session) {
  co_await node_.compute(work(object.bytes.size()));
  PutObject question{.session = session,
                     .name = key_.name_of(object.hash),
                     .children = std::move(object.children)};
  question.bytes = key_.seal_object(question.name, object.bytes);
  question.hash = sha256(question.bytes);
  const std::uint64_t bytes = question.bytes.size();
  Task<Result<Done>> asking = ask_vault(std::move(question));
  const Result<Done> put = co_await std::move(asking);
  if (!put) co_return put.error();
  node_.probe().count("backup bytes moved", node_.id(), static_cast<double>(bytes));
  node_.probe().count("backup objects moved", node_.id(), 1);
  co_return Moved{bytes, 1};
}

Task<Result<Done>> VaultClient::put_one(PlainObject object, std::uint64_t session,
                                        std::shared_ptr<Moved> moved) {
  Task<Result<Moved>> putting = put(std::move(object), session);
  const Result<Moved> put = co_await std::move(putting);
  if (!put) co_return put.error();
  *moved += *put;
  co_return Done{};
}

Task<Result<Moved>> VaultClient::put_all(std::vector<PlainObject> objects, std::uint64_t session) {
  const auto moved = std::make_shared<Moved>();
  for (std::size_t from = 0; from < objects.size(); from += settings_.in_flight) {
    std::vector<Task<Result<Done>>> putting;
    for (std::size_t i = from; i < std::min(from + settings_.in_flight, objects.size()); ++i)
      putting.push_back(put_one(std::move(objects[i]), session, moved));
    Task<Result<Done>> all = all_of(node_, std::move(putting));
    const Result<Done> put = co_await std::move(all);
    if (!put) co_return put.error();
  }
  co_return *moved;
}

Task<Result<Blob>> VaultClient::get(Digest plain_hash) {
  GetObject question{.name = key_.name_of(plain_hash)};
  Task<Result<Blob>> asking = ask_vault(std::move(question));
  const Result<Blob> sealed = co_await std::move(asking);
  if (!sealed) co_return sealed.error();
  co_await node_.compute(work(sealed->size()));
  co_return key_.open_object(plain_hash, *sealed);
}

}  // namespace evenkeel
