#include "models/storage/secrets/dealt_parts.h"

#include <fmt/format.h>

#include <algorithm>

namespace evenkeel {

Result<Done> DealtParts::begin(const Dealing& dealing) {
  std::uint64_t& last = dealt_under_[{dealing.name, dealing.zero_at}];
  if (dealing.ballot <= last)
    return Error{ErrorCode::conflict, "has dealt in this attempt, or in a newer one"};
  last = dealing.ballot;
  return Done{};
}

Result<Done> DealtParts::keep(const Dealing& dealing, std::uint32_t dealer,
                              Refreshment::Part part) {
  Dealt& dealt = dealt_[{dealing.name, dealing.zero_at}];
  if (dealing.ballot < dealt.ballot)
    return Error{ErrorCode::conflict, "takes part in a newer attempt"};
  if (dealing.ballot > dealt.ballot) dealt = {.ballot = dealing.ballot};
  dealt.parts.insert_or_assign(dealer, std::move(part));
  return Done{};
}

Result<std::vector<Refreshment::Part>> DealtParts::of(const Dealing& dealing,
                                                      const std::vector<std::uint32_t>& dealers,
                                                      std::size_t fewest) const {
  if (dealers.size() < fewest || !are_distinct(dealers))
    return Error{ErrorCode::invalid, "wants more dealers than may collude"};
  const auto dealt = dealt_.find({dealing.name, dealing.zero_at});
  if (dealt == dealt_.end() || dealt->second.ballot != dealing.ballot)
    return Error{ErrorCode::not_found, "was dealt nothing"};
  std::vector<Refreshment::Part> parts;
  for (const std::uint32_t dealer : dealers) {
    const auto part = dealt->second.parts.find(dealer);
    if (part == dealt->second.parts.end())
      return Error{ErrorCode::not_found, fmt::format("was dealt nothing by keeper {}", dealer)};
    parts.push_back(part->second);
  }
  return parts;
}

bool DealtParts::are_distinct(std::vector<std::uint32_t> places) {
  std::ranges::sort(places);
  return std::ranges::adjacent_find(places) == places.end();
}

}  // namespace evenkeel
