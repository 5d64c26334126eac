#include "models/mpc/tools/degree_reduction.h"

#include "models/mpc/costs.h"

namespace evenkeel {

Task<Words> DegreeReduction::reshared(Words products) {
  std::vector<Words> shares(m());
  if (self() < m()) shares[self()] = seat_.deal(products);
  for (Seat dealer = 0; dealer < m(); ++dealer)
    if (dealer != self()) shares[dealer] = co_await seat_.dealt(dealer, products.size());
  session_.charge(costs::field_product * m() * static_cast<double>(products.size()));
  co_return shamir::combined(shamir::lagrange(shamir::first_points(m()), 0), shares);
}

// Shares of degree t of this seat's own random secrets; `high` gets, for each dealer, this seat's
// shares of degree 2t of the dealer's.
Words DegreeReduction::deal_masks(std::vector<Words>& high, std::size_t blocks) {
  const Words secrets = shamir::random_elements(seat_.own_stream(), blocks);
  Words own = seat_.deal(secrets);
  shamir::Elements points{0};
  std::vector<Words> values{secrets};
  for (Seat other = 0; other < m(); ++other) {
    if (other == self()) continue;
    points.push_back(shamir::point_of(other));
    values.push_back(shamir::random_elements(seat_.stream_to(other), blocks));
  }
  high[self()] = shamir::interpolated(points, values, shamir::point_of(self()));
  return own;
}

Task<Words> DegreeReduction::by_kings(Words products) {
  const std::size_t count = products.size();
  const std::size_t blocks = blocks_of(count);
  const std::vector<shamir::Elements> mixing = shamir::extraction(m(), m());
  std::vector<Words> low(m());
  std::vector<Words> high(m());
  std::vector<Words> sums(m());  // of one king each: masked products of degree 2t
  if (self() < m()) {
    const OfflinePhase offline{session_};
    low[self()] = deal_masks(high, blocks);
  }
  // Drawing in the order in which the dealer drew: first its dealing, then its high shares.
  for (Seat dealer = 0; dealer < m(); ++dealer) {
    if (dealer == self() || !seat_.has_seed(dealer, self())) continue;
    low[dealer] = co_await seat_.dealt(dealer, blocks);
  }
  if (self() < m()) {
    for (Seat dealer = 0; dealer < m(); ++dealer)
      if (dealer != self())
        high[dealer] = shamir::random_elements(seat_.stream_from(dealer), blocks);
    for (Seat king = 0; king < m(); ++king) {
      sums[king] = shamir::combined(mixing[king], high);
      sums[king].resize(king_count(king, count));
      for (std::size_t i = 0; i < sums[king].size(); ++i)
        sums[king][i] = field61::add(sums[king][i], products[i * m() + king]);
      if (king != self()) session_.send(king, sums[king]);
    }
  }
  session_.charge(costs::field_product * 3 * m() * static_cast<double>(count));
  for (Seat dealer = 0; dealer < m(); ++dealer)
    if (dealer != self() && !seat_.has_seed(dealer, self()))
      low[dealer] = co_await seat_.dealt(dealer, blocks);
  std::vector<Words> opened(m());  // shares of what each king dealt
  if (self() < m()) {
    std::vector<Words> of_all(m());
    for (Seat other = 0; other < m(); ++other)
      if (other != self()) of_all[other] = co_await session_.receive(other, sums[self()].size());
    for (Words& words : of_all)
      for (Word& word : words) word = field61::from_random(word);
    of_all[self()] = sums[self()];
    opened[self()] = seat_.deal(shamir::interpolated(shamir::first_points(m()), of_all, 0));
  }
  for (Seat king = 0; king < m(); ++king)
    if (king != self()) opened[king] = co_await seat_.dealt(king, king_count(king, count));
  for (Seat king = 0; king < m(); ++king) {
    const Words mask = shamir::combined(mixing[king], low);
    for (std::size_t i = 0; i < opened[king].size(); ++i)
      products[i * m() + king] = field61::subtract(opened[king][i], mask[i]);
  }
  co_return products;
}

std::uint64_t DegreeReduction::mask_bytes(Seat seat, std::size_t count) const {
  return has_kings() && seat < m() ? seat_.dealt_bytes(blocks_of(count)) : 0;
}

std::uint64_t DegreeReduction::sent_bytes(Seat seat, std::size_t count) const {
  if (seat >= m()) return 0;
  if (!has_kings()) return seat_.dealt_bytes(count);
  const std::size_t as_king = king_count(seat, count);
  return mask_bytes(seat, count) + 8 * (count - as_king) + seat_.dealt_bytes(as_king);
}

}  // namespace evenkeel
