#include "models/mpc/tools/pairwise_transfers.h"

#include <algorithm>

#include "models/mpc/costs.h"

namespace evenkeel {

Task<> PairwiseTransfers::set_up() {
  Prg prg{draw_prg_key(session_.node().random())};
  delta_ = {prg.word(), prg.word()};
  offered_.assign(seats_, 0);
  chosen_.assign(seats_, 0);
  std::vector<CheckedBaseSender> base_senders;
  std::vector<CheckedBaseReceiver> base_receivers;
  for (Seat seat = 0; seat < seats_; ++seat) {
    base_senders.emplace_back(session_, seat);
    base_receivers.emplace_back(session_, seat);
    senders_.emplace_back(session_, seat);
    receivers_.emplace_back(session_, seat);
  }
  for (Seat seat = 0; seat < seats_; ++seat)
    if (is_other(seat)) base_senders[seat].offer();
  for (Seat seat = 0; seat < seats_; ++seat)
    if (is_other(seat)) co_await base_receivers[seat].answer(delta_);
  for (Seat seat = 0; seat < seats_; ++seat)
    if (is_other(seat)) co_await base_senders[seat].challenge();
  for (Seat seat = 0; seat < seats_; ++seat)
    if (is_other(seat)) co_await base_receivers[seat].respond();
  for (Seat seat = 0; seat < seats_; ++seat)
    if (is_other(seat)) co_await base_senders[seat].show();
  for (Seat seat = 0; seat < seats_; ++seat) {
    if (!is_other(seat)) continue;
    co_await base_receivers[seat].check();
    senders_[seat].set_up(delta_, base_receivers[seat].keys());
    receivers_[seat].set_up(base_senders[seat].keys());
  }
}

Task<PairwiseTransfers::Rows> PairwiseTransfers::rows(Words choices) {
  session_.enter("transfers");
  const std::size_t count = 64 * choices.size();
  Prg prg{draw_prg_key(session_.node().random())};
  choices.push_back(prg.word());
  Rows rows{std::vector<Blocks>(seats_), std::vector<Blocks>(seats_)};
  for (Seat seat = 0; seat < seats_; ++seat)
    if (is_other(seat)) rows.chosen[seat] = receivers_[seat].rows(choices);
  std::vector<PrgKey> challenges(seats_);
  for (Seat seat = 0; seat < seats_; ++seat) {
    if (!is_other(seat)) continue;
    rows.offered[seat] = co_await senders_[seat].rows(64 * choices.size());
    challenges[seat] = challenge_transfers(session_, seat);
  }
  for (Seat seat = 0; seat < seats_; ++seat)
    if (is_other(seat)) co_await answer_challenge(session_, seat, choices, rows.chosen[seat]);
  for (Seat seat = 0; seat < seats_; ++seat) {
    if (!is_other(seat)) continue;
    co_await check_transfers(session_, seat, challenges[seat], delta_, rows.offered[seat]);
    rows.chosen[seat].resize(count);
    rows.offered[seat].resize(count);
  }
  co_return rows;
}

BlockPairs PairwiseTransfers::offered_masks(Seat receiver, std::span<const Block> rows) {
  BlockPairs pairs{{rows.begin(), rows.end()}, {rows.begin(), rows.end()}};
  for (Block& block : pairs.second) block ^= delta_;
  hash_.hash(pairs.first, offered_[receiver]);
  hash_.hash(pairs.second, offered_[receiver]);
  offered_[receiver] += rows.size();
  return pairs;
}

Blocks PairwiseTransfers::chosen_masks(Seat sender, std::span<const Block> rows) {
  Blocks masks{rows.begin(), rows.end()};
  hash_.hash(masks, chosen_[sender]);
  chosen_[sender] += rows.size();
  return masks;
}

Task<std::vector<Words>> PairwiseTransfers::products(const Domain& domain, std::vector<Seat> owners,
                                                     Words numbers) {
  session_.enter("products with keys");
  const std::size_t elements = numbers.size() / domain.width();
  std::vector<Words> shares(seats_);
  if (std::ranges::find(owners, self()) != owners.end()) {
    Words& own = shares[self()];
    own = numbers;
    domain.scale(own, key_in(domain, delta_));
    for (Seat seat = 0; seat < seats_; ++seat)
      if (is_other(seat))
        domain.add(own, products_by_owner(session_, seat, receivers_[seat], domain, numbers));
  }
  for (const Seat owner : owners)
    if (is_other(owner))
      shares[owner] = co_await products_by_key(session_, owner, senders_[owner], domain, elements);
  co_return shares;
}

double PairwiseTransfers::set_up_work() {
  return costs::ristretto_product * 2.5 * static_cast<double>(base_transfers);
}

double PairwiseTransfers::rows_work(std::size_t words) {
  return static_cast<double>(words + 1) * 2 *
         (64 * costs::transfer + base_transfers * costs::binary_product);
}

double PairwiseTransfers::masks_work(std::size_t words) {
  return static_cast<double>(words) * (3 * costs::hashed_seed + 8 * costs::word_operation);
}

double PairwiseTransfers::product_work(const Domain& domain, std::size_t elements) {
  return static_cast<double>(elements * domain.width() * key_bits(domain)) *
         (3 * costs::prg_word + 8 * costs::word_operation);
}

}  // namespace evenkeel
