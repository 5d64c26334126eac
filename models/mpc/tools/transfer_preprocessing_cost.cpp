// What preprocessing by transfers costs, and so what it would cost where it is not run.
#include "models/mpc/tools/bit_matrix.h"
#include "models/mpc/tools/carry.h"
#include "models/mpc/tools/grouped_bits.h"
#include "models/mpc/tools/transfer_preprocessing.h"

namespace evenkeel {
namespace {

// What all enter, its check and the proof.
TransferCost entering(const AuthenticatedSeat& seat, std::size_t elements) {
  const Domain& domain = seat.numbers().domain();
  return {
      .to_each = PairwiseTransfers::product_bytes(domain, elements + 1) +
                 AuthenticatedSeat::coin_bytes() + seat.prove_bytes(),
      .opened = 8 * domain.width(),
      .rounds = 1 + AuthenticatedSeat::coin_rounds + AuthenticatedSeat::prove_rounds,
      .openings = 1,
      .work_ns = (seat.computing() - 1) * PairwiseTransfers::product_work(domain, elements + 1)};
}

TransferCost comparing(const AuthenticatedSeat& seat, const ComparisonShape& shape,
                       std::size_t count) {
  const std::size_t products = group_products(shape.places);
  const std::size_t triples = products + carry_products(groups_of(shape.places), shape.numbers);
  TransferCost cost = DualBits::cost(seat, (shape.planes + 1) * count);
  if (seat.numbers().domain().width() > 1) cost += entering(seat, count);
  if (triples > 0) cost += BitTriples::cost(seat, lanes_of(triples * count));
  cost += {.opened = 16 * products * lanes_of(count), .openings = product_levels(shape.places)};
  return cost;
}

}  // namespace

TransferCost TransferPreprocessing::cost_of(const AuthenticatedSeat& seat,
                                            const Material& material) {
  using Kind = Material::Kind;
  switch (material.kind) {
    case Kind::keys:
      return {.to_each = PairwiseTransfers::set_up_bytes,
              .rounds = PairwiseTransfers::set_up_rounds,
              .work_ns = (seat.computing() - 1) * PairwiseTransfers::set_up_work()};
    case Kind::known_to:
      if (material.who >= seat.computing()) return NumberTriples::cost(seat, material.count);
      return entering(seat, material.count);
    case Kind::uniform:
    case Kind::secret:
      return entering(seat, material.count);
    case Kind::triples:
      return NumberTriples::cost(seat, material.count);
    case Kind::comparison:
      break;
  }
  return comparing(seat, material.shape, material.count);
}

void TransferPreprocessing::pay(Cost& cost, const Material& material) const {
  pay_transfers(cost, seat(), seat().plan(), material);
}

std::uint64_t TransferPreprocessing::client_bytes(const AuthenticatedSeat& seat,
                                                  const Material& material) {
  const bool tells_client =
      material.kind == Material::Kind::known_to && material.who >= seat.computing();
  return tells_client ? 24 * seat.numbers().domain().width() * material.count : 0;
}

std::uint64_t TransferPreprocessing::spared_bytes(const AuthenticatedSeat& seat, Seat self,
                                                  const Material& material) {
  const bool enters_nothing = material.kind == Material::Kind::known_to &&
                              material.who < seat.computing() && material.who != self;
  return enters_nothing
             ? PairwiseTransfers::product_bytes(seat.numbers().domain(), material.count + 1)
             : 0;
}

void TransferPreprocessing::pay_transfers(Cost& cost, const AuthenticatedSeat& seat,
                                          const OpeningPlan& plan, const Material& material) {
  const TransferCost spent = cost_of(seat, material);
  const std::uint64_t to_client = client_bytes(seat, material);
  for (Seat self = 0; self < plan.n; ++self)
    cost.send_offline(self, (plan.n - 1) * (spent.to_each - spared_bytes(seat, self, material)) +
                                plan.sent_by(self) * spent.opened + to_client);
  const std::uint32_t rounds =
      spent.rounds + spent.openings * plan.rounds() + (to_client > 0 ? 1 : 0);
  cost.rounds += rounds;
  cost.offline_rounds += rounds;
}

}  // namespace evenkeel
