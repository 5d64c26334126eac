#include "models/mpc/functions/ordering.h"

#include <numeric>
#include <set>

#include "models/mpc/functions/pricing.h"

namespace evenkeel {
namespace {

// Ranks are told apart by thresholds: a rank is r if it is below r+1 and not below r.
std::vector<std::int64_t> thresholds_of(std::span<const std::size_t> wanted, std::size_t count) {
  std::set<std::int64_t> thresholds;
  for (const std::size_t rank : wanted)
    for (const std::size_t threshold : {rank, rank + 1})
      if (threshold > 0 && threshold < count)  // those are known
        thresholds.insert(static_cast<std::int64_t>(threshold));
  return {thresholds.begin(), thresholds.end()};
}

Secrets places_of(const Protocol& protocol, std::size_t count) {
  std::vector<std::int64_t> numbers(count);
  std::iota(numbers.begin(), numbers.end(), 0);
  return protocol.constants(numbers);
}

// For each wanted rank, for each value: 1 if it stands there, else 0.
Task<Secrets> standing_at(Protocol& protocol, const Secrets& ranks,
                          std::span<const std::size_t> wanted) {
  const std::size_t n = ranks.count;
  const std::vector<std::int64_t> thresholds = thresholds_of(wanted, n);
  std::vector<Secrets> below{protocol.constant(0, n), protocol.constant(1, n)};
  if (!thresholds.empty()) {
    const std::vector<Secrets> repeated(thresholds.size(), ranks);
    std::vector<std::int64_t> limits;
    for (const std::int64_t threshold : thresholds) limits.insert(limits.end(), n, threshold);
    const Secrets left = protocol.joined(repeated);
    const Secrets right = protocol.constants(limits);
    Secrets is_below = co_await protocol.less(left, right, bits_of(n + 1));
    below.push_back(std::move(is_below));
  }
  const Secrets known = protocol.joined(below);
  const auto start_of = [&](std::size_t threshold) {
    if (threshold == 0) return std::size_t{0};
    if (threshold >= n) return n;
    const auto at = std::ranges::lower_bound(thresholds, static_cast<std::int64_t>(threshold));
    return (2 + static_cast<std::size_t>(at - thresholds.begin())) * n;
  };
  std::vector<std::size_t> upper;
  std::vector<std::size_t> lower;
  for (const std::size_t rank : wanted)
    for (std::size_t i = 0; i < n; ++i) {
      upper.push_back(start_of(rank + 1) + i);
      lower.push_back(start_of(rank) + i);
    }
  co_return protocol.subtract(protocol.pick(known, upper), protocol.pick(known, lower));
}

Task<Secrets> by_pairs(Protocol& protocol, const Secrets& values,
                       std::span<const std::size_t> wanted, const OrderTerms& terms) {
  const std::size_t n = values.count;
  const Secrets ranks = co_await ranks_of(protocol, values, terms.bits);
  const Secrets standing = co_await standing_at(protocol, ranks, wanted);
  std::vector<Secrets> marks;
  std::vector<Secrets> columns;
  if (terms.values) {
    marks.push_back(standing);
    columns.insert(columns.end(), wanted.size(), values);
  }
  if (terms.places) {
    marks.push_back(standing);
    columns.insert(columns.end(), wanted.size(), places_of(protocol, n));
  }
  const Secrets left = protocol.joined(marks);
  const Secrets right = protocol.joined(columns);
  Secrets chosen = co_await protocol.dot(left, right, n);
  co_return chosen;
}

// Exchanges what stands the wrong way round, in all columns. With two columns, values and places,
// both decide: value 2^places + place, so that no two are equal.
Task<> exchange(Protocol& protocol, std::vector<Secrets>& columns,
                const std::vector<Comparator>& layer, int key_bits) {
  std::vector<std::size_t> low;
  std::vector<std::size_t> high;
  std::vector<std::size_t> order(columns[0].count);  // in all that is, joined: low, high, columns
  std::iota(order.begin(), order.end(), 2 * layer.size());
  for (std::size_t i = 0; i < layer.size(); ++i) {
    low.push_back(layer[i].low);
    high.push_back(layer[i].high);
    order[layer[i].low] = i;
    order[layer[i].high] = layer.size() + i;
  }
  Secrets keys = columns[0];
  if (columns.size() == 2)
    keys = protocol.add(
        protocol.scale(std::move(keys), std::int64_t{1} << bits_of(columns[1].count)), columns[1]);
  const Secrets left = protocol.pick(keys, low);
  const Secrets right = protocol.pick(keys, high);
  const Secrets is_wrong = co_await protocol.less(right, left, key_bits + 1);
  std::vector<Secrets> differences;
  for (const Secrets& column : columns)
    differences.push_back(
        protocol.subtract(protocol.pick(column, low), protocol.pick(column, high)));
  const std::vector<Secrets> repeated(columns.size(), is_wrong);
  const Secrets bits = protocol.joined(repeated);
  const Secrets all_differences = protocol.joined(differences);
  const Secrets moved = co_await protocol.multiply(bits, all_differences);
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const Secrets by = protocol.slice(moved, c * layer.size(), layer.size());
    const std::vector<Secrets> parts{protocol.subtract(protocol.pick(columns[c], low), by),
                                     protocol.add(protocol.pick(columns[c], high), by), columns[c]};
    columns[c] = protocol.pick(protocol.joined(parts), order);
  }
}

int key_bits_of(std::size_t count, const OrderTerms& terms) {
  return terms.bits + (terms.places ? bits_of(count) : 0);
}

Task<Secrets> by_network(Protocol& protocol, const Secrets& values,
                         std::span<const std::size_t> wanted, const OrderTerms& terms) {
  std::vector<Secrets> columns{values};
  if (terms.places) columns.push_back(places_of(protocol, values.count));
  const std::vector<std::vector<Comparator>> layers = sorting_network(values.count);
  for (const std::vector<Comparator>& layer : layers)
    co_await exchange(protocol, columns, layer, key_bits_of(values.count, terms));
  if (!terms.values) columns.erase(columns.begin());
  for (Secrets& column : columns) column = protocol.pick(column, wanted);
  co_return protocol.joined(columns);
}

double seconds_by_pairs(const Protocol& protocol, std::size_t n,
                        std::span<const std::size_t> wanted, const OrderTerms& terms,
                        const Problem& problem) {
  using Kind = SecureOperation::Kind;
  const std::size_t columns = (terms.values ? 1U : 0U) + (terms.places ? 1U : 0U);
  Pricing pricing{protocol, problem};
  pricing.pay({.kind = Kind::compare, .count = n * (n - 1) / 2, .bits = terms.bits + 1});
  pricing.pay({.kind = Kind::compare,
               .count = n * thresholds_of(wanted, n).size(),
               .bits = bits_of(n + 1)});
  pricing.pay({.kind = Kind::dot, .count = columns * wanted.size(), .length = n});
  return pricing.seconds();
}

double seconds_by_network(const Protocol& protocol, std::size_t n, const OrderTerms& terms,
                          const Problem& problem) {
  using Kind = SecureOperation::Kind;
  Pricing pricing{protocol, problem};
  for (const std::vector<Comparator>& layer : sorting_network(n)) {
    pricing.pay({.kind = Kind::compare, .count = layer.size(), .bits = key_bits_of(n, terms) + 1});
    pricing.pay({.kind = Kind::multiply, .count = layer.size() * (terms.places ? 2 : 1)});
  }
  return pricing.seconds();
}

}  // namespace

Task<Secrets> ranks_of(Protocol& protocol, const Secrets& values, int bits) {
  const std::size_t n = values.count;
  if (n == 1) co_return protocol.constant(0, 1);
  std::vector<std::size_t> first;
  std::vector<std::size_t> second;
  for (std::size_t j = 1; j < n; ++j)
    for (std::size_t i = 0; i < j; ++i) {
      first.push_back(i);
      second.push_back(j);
    }
  const Secrets left = protocol.pick(values, first);
  const Secrets right = protocol.pick(values, second);
  const Secrets follows = co_await protocol.less(right, left, bits + 1);  // the first of the pair
  const Secrets one = protocol.constant(1, follows.count);
  const Secrets both = protocol.joined(follows, protocol.subtract(one, follows));
  std::vector<std::size_t> outcomes;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) {
      if (i < j) outcomes.push_back(j * (j - 1) / 2 + i);
      if (i > j) outcomes.push_back(follows.count + i * (i - 1) / 2 + j);
    }
  co_return protocol.sums(protocol.pick(both, outcomes), n - 1);
}

void describe_ordering(Fields& fields, Ordering& by) {
  static constexpr std::string_view orderings[] = {"fastest", "pairs", "network"};
  option(fields, "by", by, orderings,
         {"how values are put in order: all pairs at once (few rounds, many bytes), a sorting "
          "network (the other way round), or what is faster"});
}

int order_bits(std::size_t count, const OrderTerms& terms) {
  const int of_keys = terms.by == Ordering::pairs ? terms.bits : key_bits_of(count, terms);
  return std::max(of_keys + 1, bits_of(count + 1));
}

Task<Secrets> at_ranks(Protocol& protocol, const Secrets& values,
                       std::span<const std::size_t> wanted, const OrderTerms& terms,
                       const Problem& problem) {
  const std::size_t n = values.count;
  if (n == 1) {
    std::vector<Secrets> columns;
    const std::vector<std::size_t> first(wanted.size(), 0);
    if (terms.values) columns.push_back(protocol.pick(values, first));
    if (terms.places) columns.push_back(protocol.constant(0, wanted.size()));
    co_return protocol.joined(columns);
  }
  const bool pairs_are_faster =
      terms.by == Ordering::fastest && seconds_by_pairs(protocol, n, wanted, terms, problem) <=
                                           seconds_by_network(protocol, n, terms, problem);
  Secrets found;
  if (terms.by == Ordering::pairs || pairs_are_faster) {
    found = co_await by_pairs(protocol, values, wanted, terms);
  } else {
    found = co_await by_network(protocol, values, wanted, terms);
  }
  co_return found;
}

// Algorithm M: the distance d is p first, then q - p for q = 2^(t-1), ..., 2p.
std::vector<std::vector<Comparator>> sorting_network(std::size_t count) {
  std::vector<std::vector<Comparator>> layers;
  if (count < 2) return layers;
  const std::size_t top = std::size_t{1} << (bits_of(count) - 1);
  for (std::size_t p = top; p > 0; p /= 2) {
    std::size_t r = 0;
    std::size_t d = p;
    for (std::size_t q = top;; q /= 2) {
      std::vector<Comparator> layer;
      for (std::size_t i = 0; i + d < count; ++i)
        if ((i & p) == r) layer.push_back({i, i + d});
      if (!layer.empty()) layers.push_back(std::move(layer));
      if (q == p) break;
      d = q - p;
      r = p;
    }
  }
  return layers;
}

}  // namespace evenkeel
