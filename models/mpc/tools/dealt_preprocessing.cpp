#include "models/mpc/tools/dealt_preprocessing.h"

#include "models/mpc/costs.h"
#include "models/mpc/tools/bit_domain.h"
#include "models/mpc/tools/bit_matrix.h"
#include "models/mpc/tools/carry.h"
#include "models/mpc/tools/grouped_bits.h"

namespace evenkeel {

Task<> DealtPreprocessing::set_up() {
  co_await dealt_.agree_on_keys(false);
  seat().numbers().set_keys(dealt_.uniform(seat().numbers().domain(), 1));
  Words bit_keys = dealt_.uniform(bit_domain(), AuthenticatedSeat::bit_keys);
  for (Word& word : bit_keys) word = 0 - (word & 1);
  seat().bits().set_keys(std::move(bit_keys));
}

Task<Words> DealtPreprocessing::with_products(const Authenticated& domain, Words shares,
                                              const Words& values, Phase phase) {
  shares.reserve(shares.size() * domain.components());
  session().charge(costs::word_operation * static_cast<double>(values.size() * domain.key_count()));
  for (std::size_t k = 0; k < domain.key_count(); ++k) {
    Words of_key = dealt_.deals() ? domain.times_key(k, values) : Words(values.size());
    Task<Words> dealing = phase == Phase::offline
                              ? dealt_.deal(domain.domain(), std::move(of_key))
                              : dealt_.share_out(domain.domain(), std::move(of_key));
    const Words products = co_await std::move(dealing);
    shares.insert(shares.end(), products.begin(), products.end());
  }
  co_return shares;
}

Task<Words> DealtPreprocessing::uniform_in(const Authenticated& domain, std::size_t elements) {
  const Words values = dealt_.uniform(domain.domain(), elements);
  Words shares = values;
  Task<Words> dealing = with_products(domain, std::move(shares), values, Phase::offline);
  Words authenticated = co_await std::move(dealing);
  co_return authenticated;
}

Task<Words> DealtPreprocessing::deal(const Authenticated& domain, Words values) {
  const OfflinePhase offline{session()};
  Words known = values;
  Task<Words> dealing_values = dealt_.deal(domain.domain(), std::move(known));
  Words shares = co_await std::move(dealing_values);
  Task<Words> dealing = with_products(domain, std::move(shares), values, Phase::offline);
  Words authenticated = co_await std::move(dealing);
  co_return authenticated;
}

Task<Words> DealtPreprocessing::share_out(Words values) {
  const Authenticated& numbers = seat().numbers();
  Words known = values;
  Task<Words> sharing = dealt_.share_out(numbers.domain(), std::move(known));
  Words shares = co_await std::move(sharing);
  Task<Words> dealing = with_products(numbers, std::move(shares), values, Phase::online);
  Words authenticated = co_await std::move(dealing);
  co_return authenticated;
}

// A seat that computes draws what it has in common with the dealer, a client is told.
Task<KnownMask> DealtPreprocessing::known_to(Seat owner, std::size_t elements) {
  const Domain& domain = seat().numbers().domain();
  KnownMask mask{{}, Words(elements * domain.width(), 0)};
  if (session().self() == owner || dealt_.deals()) {
    const OfflinePhase offline{session()};
    if (owner < dealt_.computing()) {
      dealt_.stream_with(owner).fill(mask.known);
    } else if (dealt_.deals()) {
      seat().own_stream().fill(mask.known);
      if (owner != session().self()) session().send(owner, mask.known);
    } else {
      co_await session().receive_bytes(dealt_.dealer(),
                                       std::as_writable_bytes(std::span{mask.known}));
    }
    domain.from_random(mask.known);
  }
  if (session().is_party()) {
    Words dealt = mask.known;
    Task<Words> dealing = deal(seat().numbers(), std::move(dealt));
    mask.shares = co_await std::move(dealing);
  }
  co_return mask;
}

Task<Words> DealtPreprocessing::uniform(std::size_t elements) {
  Task<Words> drawing = uniform_in(seat().numbers(), elements);
  Words shares = co_await std::move(drawing);
  co_return shares;
}

// The dealer knows what it deals; the sum of what each enters it does not.
Task<Words> DealtPreprocessing::secret(std::size_t elements) {
  const OfflinePhase offline{session()};
  const Authenticated& numbers = seat().numbers();
  const Domain& domain = numbers.domain();
  Words mine = seat().own_stream().words(elements * domain.width());
  domain.from_random(mine);
  std::vector<Words> shares;
  for (Seat owner = 0; owner < dealt_.computing(); ++owner) {
    Task<KnownMask> masking = known_to(owner, elements);
    KnownMask mask = co_await std::move(masking);
    if (session().self() == owner) {
      domain.subtract(mine, mask.known);
      for (Seat other = 0; other < dealt_.computing(); ++other)
        if (other != owner) session().send(other, mine);
    }
    shares.push_back(std::move(mask.shares));
  }
  Words sum(shares[0].size(), 0);
  for (Seat owner = 0; owner < dealt_.computing(); ++owner) {
    if (seat().computes()) {
      Words told = mine;
      if (owner != session().self()) {
        co_await session().receive_bytes(owner, std::as_writable_bytes(std::span{told}));
        domain.from_random(told);
      }
      numbers.add_known(shares[owner], told);
    }
    domain.add(sum, shares[owner]);
  }
  co_return sum;
}

Task<Triples> DealtPreprocessing::triples_in(const Authenticated& domain, std::size_t products,
                                             std::size_t length) {
  Triples triples;
  Task<Words> drawing_x = uniform_in(domain, products);
  triples.x = co_await std::move(drawing_x);
  Task<Words> drawing_y = uniform_in(domain, products);
  triples.y = co_await std::move(drawing_y);
  const std::size_t size = products * domain.domain().width();
  Words each(size, 0);
  if (dealt_.deals())
    domain.domain().add_products(each, std::span{triples.x}.first(size),
                                 std::span{triples.y}.first(size));
  Words sums = domain.summed(each, length);
  Task<Words> dealing = deal(domain, std::move(sums));
  triples.sums = co_await std::move(dealing);
  co_return triples;
}

Task<Triples> DealtPreprocessing::triples(std::size_t products, std::size_t length) {
  Task<Triples> dealing = triples_in(seat().numbers(), products, length);
  Triples dealt = co_await std::move(dealing);
  co_return dealt;
}

Task<Triples> DealtPreprocessing::bit_triples(std::size_t words) {
  Task<Triples> dealing = triples_in(seat().bits(), words, 1);
  Triples dealt = co_await std::move(dealing);
  co_return dealt;
}

Task<ComparisonMask> DealtPreprocessing::comparison_masks(const ComparisonShape& shape,
                                                          std::size_t count) {
  const Domain& domain = seat().numbers().domain();
  const std::size_t lanes = lanes_of(count);
  const std::size_t width = domain.width();
  Words numbers(count * width, 0);
  Words planes(shape.planes * lanes, 0);
  Words products(group_products(shape.places) * lanes, 0);
  if (dealt_.deals()) {
    numbers = seat().own_stream().words(count * width);
    domain.from_random(numbers);
    Words low(count);
    for (std::size_t i = 0; i < count; ++i) low[i] = numbers[i * width];
    planes = planes_of(low, shape.planes);
    products = products_in_groups(planes, shape.places, lanes);
  }
  ComparisonMask mask;
  Task<Words> dealing_planes = deal(seat().bits(), std::move(planes));
  mask.planes = co_await std::move(dealing_planes);
  Task<Words> dealing_products = deal(seat().bits(), std::move(products));
  mask.products = co_await std::move(dealing_products);
  Task<Words> dealing_numbers = deal(seat().numbers(), std::move(numbers));
  mask.numbers = co_await std::move(dealing_numbers);
  co_return mask;
}

Task<BothDomains> DealtPreprocessing::bits_in_both(std::size_t count) {
  const std::size_t width = seat().numbers().domain().width();
  Words planes(lanes_of(count), 0);
  Words numbers(count * width, 0);
  if (dealt_.deals()) {
    seat().own_stream().fill(planes);
    const Words low = numbers_of(planes, count);
    for (std::size_t i = 0; i < count; ++i) numbers[i * width] = low[i];
  }
  BothDomains both;
  Task<Words> dealing_planes = deal(seat().bits(), std::move(planes));
  both.planes = co_await std::move(dealing_planes);
  Task<Words> dealing_numbers = deal(seat().numbers(), std::move(numbers));
  both.numbers = co_await std::move(dealing_numbers);
  co_return both;
}

void DealtPreprocessing::pay(Cost& cost, const Material& material) const {
  using Kind = Material::Kind;
  const Seat dealer = dealt_.dealer();
  const std::uint64_t words = 8 * seat().numbers().domain().width() * material.count;
  const auto send = [&](std::uint64_t bytes) { cost.send_offline(dealer, bytes); };
  switch (material.kind) {
    case Kind::keys:
      send(16 * dealt_.computing());
      cost.rounds += 1;
      cost.offline_rounds += 1;
      break;
    case Kind::known_to:
      send(2 * words + (material.who > dealer ? words : 0));
      break;
    case Kind::uniform:
      send(words);
      break;
    case Kind::secret: {
      send(2 * words * dealt_.computing());
      for (Seat seat = 0; seat < dealt_.computing(); ++seat)
        cost.send_offline(seat, (dealt_.computing() - 1) * words);
      cost.rounds += 1;
      cost.offline_rounds += 1;
      break;
    }
    case Kind::triples:
      send(2 * words + 2 * words / material.count * material.sums);
      break;
    case Kind::comparison: {
      const ComparisonShape& shape = material.shape;
      const std::size_t lanes = lanes_of(material.count);
      const std::uint64_t ands = carry_products(groups_of(shape.places), shape.numbers * lanes);
      const std::uint64_t planes = shape.planes + group_products(shape.places) + 1;
      const std::size_t keys = AuthenticatedSeat::bit_keys;
      send(8 * ((1 + keys) * planes * lanes + (1 + 3 * keys) * ands) + 4 * words);
      break;
    }
  }
}

}  // namespace evenkeel
