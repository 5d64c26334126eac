#include "models/storage/backup/vault.h"

namespace evenkeel {

Vault::Vault(Node& node, Service& service, const VaultSettings& settings)
    : node_(node), settings_(settings), store_(node, settings.store) {
  service.on(&Vault::has_objects, *this);
  service.on(&Vault::put_object, *this);
  service.on(&Vault::get_object, *this);
  service.on(&Vault::commit_backup, *this);
  service.on(&Vault::abandon_backup, *this);
  service.on(&Vault::list_backups, *this);
  service.on(&Vault::fetch_manifest, *this);
  service.on(&Vault::check_objects, *this);
  service.on(&Vault::drop_backup, *this);
  node_.spawn(tidy_up());
}

Task<Result<HasObjects::Answer>> Vault::has_objects(NodeId, HasObjects question) {
  if (question.names.size() > most_names_asked || question.session == 0)
    co_return Error{ErrorCode::malformed, "more objects than may be asked for at once"};
  HasObjects::Answer there;
  for (const ObjectName& name : question.names) {
    there.push_back(store_.has(name) ? 1 : 0);
    store_.touch(name, question.session);
  }
  co_return std::move(there);
}

Task<Result<Done>> Vault::put_object(NodeId, PutObject question) {
  co_await node_.compute(work(question.bytes.size()));
  if (question.session == 0) co_return Error{ErrorCode::malformed, "an object without a session"};
  const Result<Done> put = store_.put(question);
  co_await node_.disk_done();
  co_return put;
}

Task<Result<Blob>> Vault::get_object(NodeId, GetObject question) {
  const Result<Blob> bytes = store_.get(question.name);
  co_await node_.disk_done();
  if (bytes) co_await node_.compute(work(bytes->size()));
  co_return bytes;
}

Task<Result<Done>> Vault::commit_backup(NodeId, CommitBackup question) {
  if (question.info.name_space.size() > longest_name_space || question.info.id == 0)
    co_return Error{ErrorCode::malformed, "a backup without a sensible name"};
  const Result<Done> committed = store_.commit(question);
  co_await node_.disk_done();
  if (committed) drop_outlived();
  co_return committed;
}

Task<Result<std::uint64_t>> Vault::abandon_backup(NodeId, AbandonBackup question) {
  if (question.session == 0) co_return Error{ErrorCode::malformed, "no session"};
  co_return store_.abandon(question.session);
}

Task<Result<ListBackups::Answer>> Vault::list_backups(NodeId, ListBackups question) {
  ListBackups::Answer all = store_.backups(question.name_space);
  if (all.size() > most_backups_listed)
    all.erase(all.begin(), all.end() - static_cast<std::ptrdiff_t>(most_backups_listed));
  co_return std::move(all);
}

Task<Result<FetchManifest::Answer>> Vault::fetch_manifest(NodeId, FetchManifest question) {
  const Result<FetchManifest::Answer> manifest = store_.manifest(question.id);
  co_await node_.disk_done();
  co_return manifest;
}

Task<Result<CheckObjects::Answer>> Vault::check_objects(NodeId, CheckObjects question) {
  if (question.names.size() > most_names_asked)
    co_return Error{ErrorCode::malformed, "more objects than may be asked for at once"};
  CheckObjects::Answer bad;
  std::size_t bytes = 0;
  for (const ObjectName& name : question.names) {
    const Result<Blob> object = store_.get(name);
    if (object) bytes += object->size();
    if (!object) bad.push_back(name);
  }
  co_await node_.disk_done();
  co_await node_.compute(work(bytes));
  co_return std::move(bad);
}

Task<Result<Done>> Vault::drop_backup(NodeId, DropBackup question) {
  if (!store_.drop(question.id))
    co_return Error{ErrorCode::not_found, "no backup " + std::to_string(question.id) +
                                              " in the vault; list them to see which there are"};
  store_.collect(node_.now() - settings_.grace);
  co_return Done{};
}

void Vault::drop_outlived() {
  std::size_t dropped = 0;
  for (const std::string& name_space : store_.name_spaces())
    for (const std::uint64_t id : outlived(store_.backups(name_space), wall_ms(), settings_.keep))
      if (store_.drop(id)) ++dropped;
  node_.probe().count("backups outlived", node_.id(), static_cast<double>(dropped));
}

Task<> Vault::tidy_up() {
  while (true) {
    co_await node_.sleep(settings_.period);
    drop_outlived();
    const std::uint64_t freed = store_.collect(node_.now() - settings_.grace);
    node_.probe().count("vault bytes collected", node_.id(), static_cast<double>(freed));
  }
}

}  // namespace evenkeel
