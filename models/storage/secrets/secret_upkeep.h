// What a keeper does by itself: it gets shares back that it lost or missed, and the one with the
// lowest place of those that answer makes all shares anew each period, so that what somebody saw of
// some disks is worth nothing after it.
//
//   refresh   1  leader -> keepers        promise a ballot; what do you have?
//             2  leader -> holders        deal; each dealer -> each holder: its part, with a proof
//             3  leader -> holders        keep, beside the old share, the one that these parts make
//             4  leader -> holders        give the old one up, once a quorum has the new one
//   recover   1  who lacks it -> keepers  promise a ballot; what do you have?
//             2     -> holders            deal, 0 at my place; each dealer -> each holder: its part
//             3     -> holders            your share and these parts, added up
//
// Herzberg, Jarecki, Krawczyk and Yung, CRYPTO 1995. If it is cut short between 3 and 4 both kinds
// of shares are there, and judge() (secret_census.h) says which ones count. One keeper that lies in
// a recovery is noticed, and named, if threshold + 3 answer; else when the secret is next read.
#pragma once

#include "models/storage/secrets/secret_census.h"
#include "models/storage/secrets/share_keeper.h"

namespace evenkeel {

class SecretUpkeep {
 public:
  /// The keeper outlives it.
  explicit SecretUpkeep(ShareKeeper& keeper)
      : keeper_(keeper), node_(keeper.node()), settings_(keeper.settings()) {}
  SecretUpkeep(const SecretUpkeep&) = delete;

  /// For ever.
  Task<> run();
  /// It may lack shares that others count on.
  bool is_repairing() const { return !keeper_.store().is_complete(); }

  /// One pass over all secrets that any keeper knows: whether all that should be here is.
  Task<bool> pass();
  /// Makes the shares of one secret anew.
  Task<Result<Done>> refresh(std::string name);
  /// Gets this keeper's share of one secret back.
  Task<Result<Done>> recover(std::string name);

 private:
  struct Agreed {
    std::vector<std::uint32_t> dealers = {};
    std::vector<std::uint32_t> receivers = {};  // who has the parts of all of them
  };
  struct Seen {
    Lineage lineage = {};
    Time since{};
  };

  Task<bool> look_after(std::string name);
  Task<Result<Done>> tidy(std::string name);
  /// Under a new ballot; ErrorCode::no_quorum if it cannot be said which shares count.
  Task<Result<SecretCensus>> prepare(std::string name);
  Task<Agreed> have_dealt(Dealing dealing, std::vector<std::uint32_t> holders,
                          std::size_t receivers);
  Task<Result<ShareStore::Share>> collect(Dealing dealing, Agreed agreed);
  Task<std::uint32_t> commit(std::string name, std::uint64_t ballot, Lineage lineage,
                             std::vector<std::uint32_t> holders);

  ShareKeeper& keeper_;
  Node& node_;
  const SecretSettings& settings_;
  std::map<std::string, Seen> seen_;
};

}  // namespace evenkeel
