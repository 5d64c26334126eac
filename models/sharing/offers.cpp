#include "models/sharing/offers.h"

#include <algorithm>

namespace evenkeel {

Offers::Offers(Node& node, std::vector<OfferedDataSet> data_sets)
    : node_(node), data_sets_(std::move(data_sets)), journal_(node.disk(), "sharing/taken-back") {
  for (const Blob& bytes : journal_.take_loaded())
    if (const auto taken = decoded<Taken>(bytes)) taken_back_.insert(*taken);
}

Result<Caveats> Offers::terms(const PublicKey& consumer, const std::string& data_set) const {
  if (taken_back_.contains({data_set, consumer}))
    return Error{ErrorCode::denied, "revoked: the owner has taken back what it gave of '" +
                                        data_set + "'; it gives nothing more"};
  const auto its = std::ranges::find(data_sets_, data_set, &OfferedDataSet::name);
  if (its == data_sets_.end())
    return Error{ErrorCode::denied, "not offered: this party has no data set '" + data_set + "'"};
  const auto offer = std::ranges::find(its->offers, consumer, &GrantOffer::consumer);
  if (offer == its->offers.end())
    return Error{ErrorCode::denied, "not offered: the owner gives '" + data_set +
                                        "' to others, not to this party; ask it to add terms"};
  Caveats terms = offer->terms;
  if (offer->lasts) {
    const auto wall = node_.wall_clock() + *offer->lasts;
    terms.expires_ms = std::chrono::duration_cast<std::chrono::milliseconds>(wall).count();
  }
  return terms;
}

Result<Done> Offers::take_back(const PublicKey& consumer, const std::string& data_set) {
  if (!taken_back_.insert({data_set, consumer}).second) return Done{};
  const Result<Done> written = journal_.append(encoded(Taken{data_set, consumer}));
  return written ? journal_.sync() : written;
}

}  // namespace evenkeel
