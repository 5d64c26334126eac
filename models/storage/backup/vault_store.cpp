#include "models/storage/backup/vault_store.h"

#include <algorithm>

#include "models/storage/backup/backup_format.h"

namespace evenkeel {
namespace {

constexpr std::string_view object_prefix = "vault-";
constexpr std::string_view backup_prefix = "backup-";
constexpr std::size_t hash_bytes = std::tuple_size_v<Digest>;

std::string object_file(const ObjectName& name) { return std::string{object_prefix} + hex(name); }

std::string backup_file(std::uint64_t id) {
  const Blob bytes = encoded(id);
  return std::string{backup_prefix} + hex(bytes);
}

// The hash of what follows it comes first.
Blob with_hash(Blob content) {
  const Digest hash = sha256(content);
  content.insert(content.begin(), hash.begin(), hash.end());
  return content;
}

// What followed the hash; nothing if it is not what was written.
std::optional<Blob> without_hash(Result<std::vector<std::byte>> content) {
  if (!content || content->size() < hash_bytes) return std::nullopt;
  const Digest hash = sha256(View8{*content}.subspan(hash_bytes));
  if (!std::ranges::equal(hash, View8{*content}.first(hash_bytes))) return std::nullopt;
  content->erase(content->begin(), content->begin() + hash_bytes);
  return std::move(*content);
}

struct StoredObject {
  ObjectName name = {};
  Digest hash = {};
  std::vector<ObjectName> children = {};
  Blob bytes = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(name, hash, children, bytes);
  }
};

std::optional<StoredObject> object_in(Disk& disk, const std::string& file, std::uint64_t bytes) {
  const std::optional<Blob> content = without_hash(disk.read(file, 0, bytes));
  return content ? decoded<StoredObject>(*content) : std::nullopt;
}

struct StoredBackup {
  BackupInfo info = {};
  std::vector<ObjectName> roots = {};
  Digest manifest_hash = {};
  Blob manifest = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(info, roots, manifest_hash, manifest);
  }
};

std::optional<StoredBackup> backup_in(Disk& disk, const std::string& file) {
  const Result<std::uint64_t> size = disk.size(file);
  if (!size || *size > most_object_bytes) return std::nullopt;
  const std::optional<Blob> content = without_hash(disk.read(file, 0, *size));
  return content ? decoded<StoredBackup>(*content) : std::nullopt;
}

constexpr std::size_t longest_object_file =
    most_object_bytes + most_children * std::tuple_size_v<ObjectName> + 1024;

}  // namespace

VaultStore::VaultStore(Node& node, const VaultStoreSettings& settings)
    : node_(node), settings_(settings) {
  for (const std::string& file : node.disk().list()) {
    if (file.starts_with(object_prefix)) find_object(file);
    if (file.starts_with(backup_prefix)) find_backup(file);
  }
}

void VaultStore::find_object(const std::string& file) {
  Disk& disk = node_.disk();
  const Result<std::uint64_t> size = disk.size(file);
  std::optional<StoredObject> object;
  if (size && *size <= longest_object_file) object = object_in(disk, file, *size);
  if (!object || object_file(object->name) != file) {
    node_.probe().count("torn objects found", node_.id(), 1);
    disk.remove(file);
    return;
  }
  used_bytes_ += *size;
  objects_[object->name] = {*size, std::move(object->children), node_.now(), 0};
}

void VaultStore::find_backup(const std::string& file) {
  Disk& disk = node_.disk();
  std::optional<StoredBackup> backup = backup_in(disk, file);
  if (!backup || backup_file(backup->info.id) != file) {
    node_.probe().count("torn backups found", node_.id(), 1);
    disk.remove(file);
    return;
  }
  const std::uint64_t size = *disk.size(file);
  used_bytes_ += size;
  backups_[{backup->info.cut_ms, backup->info.id}] = {backup->info, std::move(backup->roots), size};
}

Result<Done> VaultStore::write(const std::string& file, View8 content, double share) {
  if (static_cast<double>(used_bytes_ + content.size()) >
      share * static_cast<double>(settings_.capacity_bytes))
    return Error{ErrorCode::full, "the vault " + node_.name() +
                                      " is full; drop old backups, keep fewer, or give it room"};
  Disk& disk = node_.disk();
  const Result<std::size_t> written = disk.write(file, 0, content);
  const Result<std::size_t> synced = written ? disk.sync(file) : written;
  if (synced) {
    used_bytes_ += content.size();
    return Done{};
  }
  disk.remove(file);
  return Error{synced.error().code, "the vault " + node_.name() + ": " + synced.error().detail};
}

Result<Done> VaultStore::put(const PutObject& object) {
  if (object.bytes.size() > most_object_bytes || object.children.size() > most_children)
    return Error{ErrorCode::malformed, "an object larger than a vault takes"};
  if (sha256(object.bytes) != object.hash)
    return Error{ErrorCode::malformed,
                 "object " + to_string(object.name) + " is not what was sent; send it again"};
  for (const ObjectName& child : object.children) {
    if (has(child)) continue;
    return Error{ErrorCode::not_found, "object " + to_string(object.name) + " needs " +
                                           to_string(child) +
                                           ", which is not in the vault; bring that first"};
  }
  if (!has(object.name)) {
    const Blob content =
        with_hash(encoded(StoredObject{object.name, object.hash, object.children, object.bytes}));
    const Result<Done> written =
        write(object_file(object.name), content, 1 - settings_.kept_for_manifests);
    if (!written) return written;
    objects_[object.name] = {content.size(), object.children, node_.now(), object.session};
  }
  touch(object.name, object.session);
  return Done{};
}

Result<Blob> VaultStore::get(const ObjectName& name) {
  const auto found = objects_.find(name);
  if (found == objects_.end())
    return Error{ErrorCode::not_found, "object " + to_string(name) + " is not in the vault"};
  std::optional<StoredObject> object =
      object_in(node_.disk(), object_file(name), found->second.file_bytes);
  if (object && object->name == name) return std::move(object->bytes);
  node_.probe().count("corrupt objects found", node_.id(), 1);
  node_.probe().event(node_.now(), node_.id(), "object lost",
                      to_string(name) + " was corrupt in the vault");
  remove_object(name);
  return Error{ErrorCode::disk, "object " + to_string(name) +
                                    " was corrupt in the vault; the next backup brings it again "
                                    "if the data is still there"};
}

void VaultStore::touch(const ObjectName& name, std::uint64_t session) {
  const auto found = objects_.find(name);
  if (found == objects_.end()) return;
  found->second.needed = node_.now();
  found->second.session = session;
}

std::optional<ObjectName> VaultStore::missing_below(const std::vector<ObjectName>& roots) const {
  for (const ObjectName& root : roots) {
    const auto found = objects_.find(root);
    if (found == objects_.end()) return root;
    for (const ObjectName& child : found->second.children)
      if (!has(child)) return child;
  }
  return std::nullopt;
}

Result<Done> VaultStore::commit(const CommitBackup& backup) {
  const std::pair at{backup.info.cut_ms, backup.info.id};
  if (backups_.contains(at)) return Done{};
  if (const std::optional<ObjectName> missing = missing_below(backup.roots))
    return Error{ErrorCode::not_found, "object " + to_string(*missing) +
                                           " is not in the vault: the backup is not complete; "
                                           "take it again"};
  const Blob content = with_hash(
      encoded(StoredBackup{backup.info, backup.roots, backup.manifest_hash, backup.manifest}));
  if (content.size() > most_object_bytes)
    return Error{ErrorCode::malformed, "a manifest larger than a vault takes"};
  const Result<Done> written = write(backup_file(backup.info.id), content, 1);
  if (!written) return written;
  backups_[at] = {backup.info, backup.roots, content.size()};
  return Done{};
}

std::vector<BackupInfo> VaultStore::backups(std::string_view name_space) const {
  std::vector<BackupInfo> all;
  for (const auto& [at, backup] : backups_)
    if (backup.info.name_space == name_space) all.push_back(backup.info);
  return all;
}

std::set<std::string> VaultStore::name_spaces() const {
  std::set<std::string> all;
  for (const auto& [at, backup] : backups_) all.insert(backup.info.name_space);
  return all;
}

Result<FetchManifest::Answer> VaultStore::manifest(std::uint64_t id) {
  std::optional<StoredBackup> backup = backup_in(node_.disk(), backup_file(id));
  if (!backup)
    return Error{ErrorCode::not_found, "no backup " + std::to_string(id) +
                                           " in the vault; list them to see which there are"};
  return FetchManifest::Answer{backup->info, backup->manifest_hash, std::move(backup->manifest)};
}

bool VaultStore::drop(std::uint64_t id) {
  const auto found =
      std::ranges::find_if(backups_, [&](const auto& one) { return one.second.info.id == id; });
  if (found == backups_.end()) return false;
  node_.disk().remove(backup_file(id));
  used_bytes_ -= found->second.file_bytes;
  backups_.erase(found);
  return true;
}

void VaultStore::remove_object(const ObjectName& name) {
  const auto found = objects_.find(name);
  node_.disk().remove(object_file(name));
  used_bytes_ -= found->second.file_bytes;
  objects_.erase(found);
}

// Roots have children, and those have none.
std::set<ObjectName> VaultStore::needed() const {
  std::set<ObjectName> all;
  for (const auto& [at, backup] : backups_)
    for (const ObjectName& root : backup.roots) {
      if (!all.insert(root).second) continue;
      const auto found = objects_.find(root);
      if (found == objects_.end()) continue;
      all.insert(found->second.children.begin(), found->second.children.end());
    }
  return all;
}

template <class Goes>
std::uint64_t VaultStore::remove_if(Goes goes) {
  const std::set<ObjectName> all_needed = needed();
  std::vector<ObjectName> going;
  for (const auto& [name, object] : objects_)
    if (!all_needed.contains(name) && goes(object)) going.push_back(name);
  const std::uint64_t before = used_bytes_;
  for (const ObjectName& name : going) remove_object(name);
  return before - used_bytes_;
}

std::uint64_t VaultStore::abandon(std::uint64_t session) {
  return remove_if([session](const Object& object) { return object.session == session; });
}

std::uint64_t VaultStore::collect(Time unneeded_since) {
  return remove_if(
      [unneeded_since](const Object& object) { return object.needed < unneeded_since; });
}

}  // namespace evenkeel
