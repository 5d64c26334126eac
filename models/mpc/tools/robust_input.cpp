#include "models/mpc/tools/robust_input.h"

#include <algorithm>
#include <iterator>

#include "models/mpc/domain.h"

namespace evenkeel {
namespace {

using Heard = RobustGroup::Heard;

SecretBytes masked_by(const Words& mask, Words elements) {
  field61_domain().subtract(elements, mask);
  return bytes_of(elements);
}

Task<> enter_as_client(RobustSeat& seat, const Words& mine) {
  const Words mask = co_await seat.receive_secrets(mine.size());
  const SecretBytes masked = masked_by(mask, mine);
  for (Seat party = 0; party < seat.parties(); ++party) seat.session().send_bytes(party, masked);
}

// To each owner this party's share of its mask; at an owner its mask.
Task<Words> tell_masks(RobustSeat& seat, std::span<const Seat> owners,
                       const std::vector<Words>& masks) {
  const OfflinePhase offline{seat.session()};  // whatever is entered
  std::vector<SecretBytes> shares(seat.parties());
  std::vector<std::size_t> sizes(seat.parties(), 0);
  bool is_any_party = false;
  bool is_own = false;
  for (std::size_t i = 0; i < owners.size(); ++i) {
    if (owners[i] >= seat.parties()) {
      seat.session().send(owners[i], masks[i]);
      continue;
    }
    is_any_party = true;
    shares[owners[i]] = bytes_of(masks[i]);
    if (owners[i] != seat.self()) continue;
    is_own = true;
    sizes.assign(seat.parties(), sizeof(Word) * masks[i].size());
  }
  Words mask;
  if (!is_any_party) co_return mask;
  Task<std::vector<Heard>> exchanging = seat.group().exchange(std::move(shares), std::move(sizes));
  std::vector<Heard> heard = co_await std::move(exchanging);
  if (!is_own) co_return mask;
  Task<Words> decoding = seat.decoded(std::move(heard));
  mask = co_await std::move(decoding);
  co_return mask;
}

// What each owner has, less its mask, as it said it, perhaps not alike to all. `said`: by this
// party.
Task<std::vector<Heard>> hear_owners(RobustSeat& seat, std::span<const Seat> owners,
                                     SecretBytes said, std::size_t size) {
  std::vector<std::size_t> sizes(seat.parties(), 0);
  std::vector<Seat> clients;
  for (const Seat owner : owners) {
    if (owner < seat.parties()) sizes[owner] = size;
    if (owner >= seat.parties()) clients.push_back(owner);
  }
  Task<std::vector<Heard>> exchanging =
      seat.group().exchange_alike(std::move(said), std::move(sizes));
  std::vector<Heard> of_parties = co_await std::move(exchanging);
  Task<std::vector<Heard>> hearing = seat.group().hear_clients(std::move(clients), size);
  std::vector<Heard> of_clients = co_await std::move(hearing);
  std::vector<Heard> all;
  auto next_client = of_clients.begin();
  for (const Seat owner : owners)
    all.push_back(std::move(owner < seat.parties() ? of_parties[owner] : *next_client++));
  co_return all;
}

}  // namespace

Task<std::vector<Words>> robust_inputs(RobustSeat& seat, std::span<const Seat> owners,
                                       const Words& mine, std::size_t count) {
  std::vector<Words> entered;
  if (!seat.session().is_party()) {
    co_await enter_as_client(seat, mine);
    co_return entered;
  }
  std::vector<Words> masks;
  for (std::size_t i = 0; i < owners.size(); ++i) masks.push_back(seat.random(count));
  const Words own_mask = co_await tell_masks(seat, owners, masks);
  SecretBytes said;
  if (!own_mask.empty()) said = masked_by(own_mask, mine);
  const std::size_t size = count * sizeof(Word);
  Task<std::vector<Heard>> hearing = hear_owners(seat, owners, std::move(said), size);
  std::vector<Heard> heard = co_await std::move(hearing);
  std::vector<std::size_t> sizes(owners.size(), size);
  Task<std::vector<Heard>> agreeing = seat.group().agree(std::move(heard), std::move(sizes));
  const std::vector<Heard> agreed = co_await std::move(agreeing);
  for (std::size_t i = 0; i < owners.size(); ++i) {
    Words& shares = entered.emplace_back(count, 0);
    if (!agreed[i]) {
      seat.group().name_culprit(owners[i], "entered nothing that all can agree on: taken as 0");
      continue;
    }
    shares = elements_of(*agreed[i]);
    field61_domain().add(shares, masks[i]);
  }
  co_return entered;
}

Cost robust_input_cost(const RobustSeat& seat, std::span<const Seat> owners, std::size_t count) {
  const std::uint64_t words = 8 * count;
  const Seat n = seat.parties();
  const auto is_owner = [&](Seat who) { return std::ranges::find(owners, who) != owners.end(); };
  const auto clients = static_cast<std::uint64_t>(
      std::ranges::count_if(owners, [n](Seat owner) { return owner >= n; }));
  const std::uint64_t own_parties = owners.size() - clients;
  Cost cost{.sent_bytes = std::vector<std::uint64_t>(seat.session().seats(), 0),
            .rounds = 2 + seat.group().agreement_rounds(),
            .offline_rounds = 1};
  for (Seat party = 0; party < n; ++party) {
    const std::uint64_t told = own_parties - (is_owner(party) ? 1 : 0);  // of the other parties
    cost.sent_bytes[party] = (n - 1) * (is_owner(party) ? words : 1);
    cost.sent_bytes[party] += seat.group().agreement_bytes(owners.size());
    cost.send_offline(party, clients * words);
    if (own_parties > 0) cost.send_offline(party, told * words + (n - 1 - told));
  }
  for (const Seat owner : owners)
    if (owner >= n) cost.sent_bytes[owner] = words * n;
  return cost;
}

}  // namespace evenkeel
