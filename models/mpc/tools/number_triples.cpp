#include "models/mpc/tools/number_triples.h"

#include <algorithm>
#include <string>

#include "models/mpc/costs.h"

namespace evenkeel {
namespace {

constexpr std::size_t most_at_once = 1024;  // products: rows of a pair fit into some megabytes

std::size_t choice_words(const Domain& domain) { return domain.width() == 1 ? 4 : 6; }

// A uniform element from what hides a message.
void put(const Domain& domain, std::span<Word> elements, std::size_t i, const Block& block) {
  elements[i * domain.width()] = block.low;
  if (domain.width() == 2) elements[2 * i + 1] = block.high;
}

Words elements_of(const Domain& domain, std::span<const Block> blocks) {
  Words elements(blocks.size() * domain.width());
  for (std::size_t i = 0; i < blocks.size(); ++i) put(domain, elements, i, blocks[i]);
  domain.from_random(elements);
  return elements;
}

// Each element where its bit is 1, else 0; in constant time.
void keep_chosen(std::span<Word> elements, std::span<const Word> choices, std::size_t width) {
  for (std::size_t i = 0; i < elements.size() / width; ++i)
    for (std::size_t k = 0; k < width; ++k)
      elements[i * width + k] &= 0 - (choices[i / 64] >> (i % 64) & 1);
}

// Of each product's elements the sum, each times its factor.
void add_weighted(const Domain& domain, std::span<Word> sums, std::span<const Word> elements,
                  std::span<const Word> weights) {
  const std::size_t width = domain.width();
  Words each(weights.size());
  for (std::size_t p = 0; p < sums.size() / width; ++p) {
    std::ranges::fill(each, 0);
    domain.add_products(each, elements.subspan(p * weights.size(), weights.size()), weights);
    for (std::size_t i = 0; i < each.size(); i += width)
      domain.add(sums.subspan(p * width, width), std::span{each}.subspan(i, width));
  }
}

}  // namespace

Task<Triples> NumberTriples::make(std::size_t products) {
  AuthenticatedSeat& seat = authentication_.seat();
  made_ += products;
  if (made_ > most_products) {
    const Session::Forever forever = seat.session().abort(
        ErrorCode::invalid,
        "with 'offline: transfers' at most " + std::to_string(most_products) +
            " products are prepared in one computation, a comparison taking some 60 for each seat "
            "but one; take 'offline: dealer', or 'offline: modelled' for what it would cost");
    co_await forever;
  }
  Triples all;
  for (std::size_t done = 0; done < products; done += most_at_once) {
    Task<Triples> making = make_some(std::min(most_at_once, products - done));
    const Triples some = co_await std::move(making);
    all.x = done == 0 ? some.x : seat.numbers().joined({&all.x, &some.x});
    all.y = done == 0 ? some.y : seat.numbers().joined({&all.y, &some.y});
    all.sums = done == 0 ? some.sums : seat.numbers().joined({&all.sums, &some.sums});
  }
  co_return all;
}

// This seat's shares of a_t times the sum of all factors, for all t of a product, for all seats' a.
Task<Words> NumberTriples::cross_products(const Words& choices, const Words& factors) {
  AuthenticatedSeat& seat = authentication_.seat();
  PairwiseTransfers& transfers = authentication_.transfers();
  const Domain& domain = seat.numbers().domain();
  const std::size_t width = domain.width();
  const std::size_t bits = 64 * choice_words(domain);
  Words rows_choices = choices;
  Task<PairwiseTransfers::Rows> extending = transfers.rows(std::move(rows_choices));
  const PairwiseTransfers::Rows rows = co_await std::move(extending);
  seat.session().enter("triples");
  Words own(64 * choices.size() * width);  // the factor of each row
  for (std::size_t i = 0; i < own.size(); ++i)
    own[i] = factors[i / width / bits * width + i % width];
  Words shares = own;
  keep_chosen(shares, choices, width);
  seat.session().charge(PairwiseTransfers::masks_work(own.size()) * (seat.computing() - 1));
  for (Seat other = 0; other < seat.computing(); ++other) {
    if (other == seat.self()) continue;
    const BlockPairs pairs = transfers.offered_masks(other, rows.offered[other]);
    const Words first = elements_of(domain, pairs.first);
    Words told = own;
    domain.add(told, first);
    domain.subtract(told, elements_of(domain, pairs.second));
    domain.subtract(shares, first);
    seat.session().send(other, told);
  }
  for (Seat other = 0; other < seat.computing(); ++other) {
    if (other == seat.self()) continue;
    const Blocks masks = transfers.chosen_masks(other, rows.chosen[other]);
    domain.add(shares, elements_of(domain, masks));
    Words told = co_await seat.session().receive(other, own.size());
    domain.from_random(told);
    keep_chosen(told, choices, width);
    domain.add(shares, told);
  }
  co_return shares;
}

Task<Triples> NumberTriples::make_some(std::size_t products) {
  AuthenticatedSeat& seat = authentication_.seat();
  const Domain& domain = seat.numbers().domain();
  const std::size_t width = domain.width();
  const std::size_t bits = 64 * choice_words(domain);
  const std::size_t size = products * width;
  const Words choices = seat.own_stream().words(products * choice_words(domain));
  Words values = seat.own_stream().words(5 * size + width);  // x, y, z, x', z' and a mask
  domain.from_random(values);
  const auto part = [&](std::size_t k) { return std::span{values}.subspan(k * size, size); };
  const Words factors(part(1).begin(), part(1).end());
  Task<Words> multiplying = cross_products(choices, factors);
  const Words shares = co_await std::move(multiplying);
  Words chosen(bits * size, 0);
  for (std::size_t i = 0; i < bits * products; ++i)
    chosen[i * width] = choices[i / 64] >> (i % 64) & 1;

  const PrgKey coin = co_await seat.coin();
  Prg drawn{coin};
  seat.session().charge(4 * costs::field_product * static_cast<double>(bits * size));
  for (const std::size_t which : {0U, 3U}) {
    Words weights = drawn.words(bits * width);
    domain.from_random(weights);
    std::ranges::fill(part(which), 0);
    std::ranges::fill(part(which == 0 ? 2 : 4), 0);
    add_weighted(domain, part(which), chosen, weights);
    add_weighted(domain, part(which == 0 ? 2 : 4), shares, weights);
  }
  Task<Words> entering = authentication_.numbers(std::move(values));
  const Words entered = co_await std::move(entering);
  Task<Triples> checking = sacrificed(entered, products);
  Triples triples = co_await std::move(checking);
  co_return triples;
}

Task<Triples> NumberTriples::sacrificed(const Words& shares, std::size_t products) {
  AuthenticatedSeat& seat = authentication_.seat();
  Authenticated& numbers = seat.numbers();
  const Domain& domain = numbers.domain();
  const auto part = [&](std::size_t k) { return numbers.part(shares, k * products, products); };
  Triples triples{part(0), part(1), part(2)};
  const PrgKey coin = co_await seat.coin();
  Prg factors{coin};
  Words factor = factors.words(domain.width());
  domain.from_random(factor);
  const std::vector<Words> entered{shares};
  co_await authentication_.open_sums(factors, entered, {});
  Words difference = triples.x;  // f x - x'
  domain.scale(difference, factor);
  domain.subtract(difference, part(3));
  const Words opened = co_await numbers.open(difference);
  Words zeros = triples.sums;  // f z - z' - y (f x - x')
  domain.scale(zeros, factor);
  domain.subtract(zeros, part(4));
  domain.subtract(zeros, numbers.times_known(triples.y, opened));
  numbers.expect_zero(zeros);
  co_await seat.prove();
  co_return triples;
}

TransferCost NumberTriples::cost(const AuthenticatedSeat& seat, std::size_t products) {
  const Domain& domain = seat.numbers().domain();
  const std::uint64_t element = 8 * domain.width();
  const std::uint64_t words = choice_words(domain);
  TransferCost cost;
  for (std::size_t done = 0; done < products; done += most_at_once) {
    const std::size_t some = std::min(most_at_once, products - done);
    cost += {.to_each = PairwiseTransfers::rows_bytes(words * some) + 64 * words * some * element +
                        2 * AuthenticatedSeat::coin_bytes() +
                        PairwiseTransfers::product_bytes(domain, 5 * some + 1) + seat.prove_bytes(),
             .opened = element * (some + 1),
             .rounds = PairwiseTransfers::rows_rounds + 2 + 2 * AuthenticatedSeat::coin_rounds +
                       AuthenticatedSeat::prove_rounds,
             .openings = 2,
             .work_ns = (seat.computing() - 1) *
                            (PairwiseTransfers::rows_work(words * some) +
                             PairwiseTransfers::masks_work(64 * words * some * domain.width()) +
                             PairwiseTransfers::product_work(domain, 5 * some + 1)) +
                        static_cast<double>(some * domain.width()) * costs::field_product *
                            static_cast<double>(4 * 64 * words + 10)};
  }
  return cost;
}

}  // namespace evenkeel
