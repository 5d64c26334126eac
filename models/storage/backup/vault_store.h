// What a vault has on its disk: objects, a file each, named by what they are; and backups, a file
// each, written last. Nothing is believed that its hash does not say.
#pragma once

#include <map>
#include <set>

#include "models/runtime/node.h"
#include "models/storage/backup/vault_messages.h"

namespace evenkeel {

struct VaultStoreSettings {
  std::uint64_t capacity_bytes = std::uint64_t{1} << 42;
  double kept_for_manifests = 0.01;  // share of the capacity that no object gets
};

class VaultStore {
 public:
  /// Finds what is on the disk, and removes what is not whole. The node outlives it.
  VaultStore(Node& node, const VaultStoreSettings& settings);
  VaultStore(const VaultStore&) = delete;

  /// Durable when it returns. After an error nothing of it is left. Errors as PutObject says.
  Result<Done> put(const PutObject& object);
  /// Errors as GetObject says.
  Result<Blob> get(const ObjectName& name);
  bool has(const ObjectName& name) const { return objects_.contains(name); }
  /// The session needs it; it stays for a while.
  void touch(const ObjectName& name, std::uint64_t session);
  Result<Done> commit(const CommitBackup& backup);

  std::vector<BackupInfo> backups(std::string_view name_space) const;
  std::set<std::string> name_spaces() const;
  Result<FetchManifest::Answer> manifest(std::uint64_t id);
  /// False: there is none.
  bool drop(std::uint64_t id);

  /// Removes objects that belong to no backup: of this session alone, or those that nobody has
  /// needed since that time. The bytes that it was.
  std::uint64_t abandon(std::uint64_t session);
  std::uint64_t collect(Time unneeded_since);

  std::uint64_t used_bytes() const { return used_bytes_; }
  std::size_t objects() const { return objects_.size(); }

 private:
  struct Object {
    std::uint64_t file_bytes = 0;
    std::vector<ObjectName> children = {};
    Time needed{};
    std::uint64_t session = 0;  // that needed it last; 0: before the start
  };
  struct Backup {
    BackupInfo info = {};
    std::vector<ObjectName> roots = {};
    std::uint64_t file_bytes = 0;
  };

  void find_object(const std::string& file);
  void find_backup(const std::string& file);
  Result<Done> write(const std::string& file, View8 content, double share);
  void remove_object(const ObjectName& name);
  std::set<ObjectName> needed() const;
  template <class Goes>
  std::uint64_t remove_if(Goes goes);
  /// Of all that the roots lead to, one that is not there.
  std::optional<ObjectName> missing_below(const std::vector<ObjectName>& roots) const;

  Node& node_;
  VaultStoreSettings settings_;
  std::map<ObjectName, Object> objects_;
  std::map<std::pair<std::int64_t, std::uint64_t>, Backup> backups_;  // by cut and id
  std::uint64_t used_bytes_ = 0;
};

}  // namespace evenkeel
