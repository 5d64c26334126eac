#include "models/mpc/tools/modelled_preprocessing.h"

#include "models/mpc/tools/transfer_preprocessing.h"

namespace evenkeel {

Task<> ModelledPreprocessing::spend(Material material) {
  Session& session = seat().session();
  const OfflinePhase offline{session};
  const TransferCost cost = TransferPreprocessing::cost_of(seat(), material);
  const std::uint64_t to_client = TransferPreprocessing::client_bytes(seat(), material);
  const Seat n = seat().computing();
  const std::uint32_t rounds = cost.rounds + cost.openings;
  const auto bytes_of = [&](Seat self, std::uint32_t round) {
    const std::uint64_t bytes =
        cost.to_each + cost.opened - TransferPreprocessing::spared_bytes(seat(), self, material);
    return bytes / rounds + (round == 0 ? bytes % rounds : 0);
  };
  for (std::uint32_t round = 0; seat().computes() && round < rounds; ++round) {
    session.charge(cost.work_ns / rounds);
    for (Seat other = 0; other < n; ++other)
      if (other != session.self()) session.send_blank(other, bytes_of(session.self(), round));
    for (Seat other = 0; other < n; ++other)
      if (other != session.self()) co_await session.receive_blank(other, bytes_of(other, round));
  }
  if (to_client == 0) co_return;
  if (seat().computes()) session.send_blank(material.who, to_client);
  for (Seat other = 0; session.self() == material.who && other < n; ++other)
    co_await session.receive_blank(other, to_client);
}

Task<> ModelledPreprocessing::set_up() {
  co_await spend({.kind = Material::Kind::keys});
  co_await dealt_.set_up();
}

Task<KnownMask> ModelledPreprocessing::known_to(Seat owner, std::size_t elements) {
  if (owner != seat().computing())  // the dealer knows its own
    co_await spend({.kind = Material::Kind::known_to, .count = elements, .who = owner});
  Task<KnownMask> dealing = dealt_.known_to(owner, elements);
  KnownMask mask = co_await std::move(dealing);
  co_return mask;
}

Task<Words> ModelledPreprocessing::uniform(std::size_t elements) {
  co_await spend({.kind = Material::Kind::uniform, .count = elements});
  Task<Words> dealing = dealt_.uniform(elements);
  Words shares = co_await std::move(dealing);
  co_return shares;
}

Task<Words> ModelledPreprocessing::secret(std::size_t elements) {
  co_await spend({.kind = Material::Kind::secret, .count = elements});
  Task<Words> dealing = dealt_.secret(elements);
  Words shares = co_await std::move(dealing);
  co_return shares;
}

Task<Triples> ModelledPreprocessing::triples(std::size_t products, std::size_t length) {
  co_await spend({.kind = Material::Kind::triples, .count = products, .sums = products / length});
  Task<Triples> dealing = dealt_.triples(products, length);
  Triples triples = co_await std::move(dealing);
  co_return triples;
}

Task<ComparisonMask> ModelledPreprocessing::comparison_masks(const ComparisonShape& shape,
                                                             std::size_t count) {
  co_await spend({.kind = Material::Kind::comparison, .count = count, .shape = shape});
  Task<ComparisonMask> dealing = dealt_.comparison_masks(shape, count);
  ComparisonMask mask = co_await std::move(dealing);
  co_return mask;
}

Task<Triples> ModelledPreprocessing::bit_triples(std::size_t words) {
  Task<Triples> dealing = dealt_.bit_triples(words);
  Triples triples = co_await std::move(dealing);
  co_return triples;
}

Task<BothDomains> ModelledPreprocessing::bits_in_both(std::size_t count) {
  Task<BothDomains> dealing = dealt_.bits_in_both(count);
  BothDomains both = co_await std::move(dealing);
  co_return both;
}

void ModelledPreprocessing::pay(Cost& cost, const Material& material) const {
  const bool is_dealers =
      material.kind == Material::Kind::known_to && material.who == seat().computing();
  Cost dealt{std::vector<std::uint64_t>(cost.sent_bytes.size(), 0), 0};
  dealt_.pay(dealt, material);
  if (material.kind == Material::Kind::keys) {  // at the same time
    dealt.rounds = 0;
    dealt.offline_rounds = 0;
  }
  cost.add_bytes(dealt);
  cost.add_rounds(dealt);
  if (!is_dealers)
    TransferPreprocessing::pay_transfers(cost, seat(), {Openings::direct, seat().computing()},
                                         material);
}

}  // namespace evenkeel
