// What an owner gives, and to whom: asked when a party requests a contract.
#pragma once

#include <set>

#include "models/sharing/contracts.h"
#include "models/sharing/journal.h"

namespace evenkeel {

/// What one party may have of a data set.
struct GrantOffer {
  PublicKey consumer = {};
  Caveats terms = {};
  std::optional<Duration> lasts = {};  // from the agreement on; nothing: no end
};

struct OfferedDataSet {
  std::string name = {};
  std::vector<GrantOffer> offers = {};
};

/// Whom something was taken back from is kept on disk, so that a restart gives it to nobody again.
class Offers {
 public:
  /// Reads what the disk has. The node outlives it.
  Offers(Node& node, std::vector<OfferedDataSet> data_sets);
  Offers(const Offers&) = delete;

  /// ErrorCode::denied: "revoked: ..", "not offered: ..".
  Result<Caveats> terms(const PublicKey& consumer, const std::string& data_set) const;
  /// From now on there is nothing for that party. ErrorCode::disk: it may come back after a
  /// restart.
  Result<Done> take_back(const PublicKey& consumer, const std::string& data_set);
  const std::vector<OfferedDataSet>& all() const { return data_sets_; }

 private:
  struct Taken {
    std::string data_set = {};
    PublicKey consumer = {};
    friend auto operator<=>(const Taken&, const Taken&) = default;
    template <class Visitor>
    void fields(Visitor& visit) {
      visit(data_set, consumer);
    }
  };

  Node& node_;
  std::vector<OfferedDataSet> data_sets_;
  FrameJournal journal_;
  std::set<Taken> taken_back_;
};

}  // namespace evenkeel
