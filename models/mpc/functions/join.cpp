// Sums over the keys that every owner has. What an owner has are rows of a key, a whole number, and
// a value; rows with the same key count as one, with their values added up. The answer: how many
// keys all owners share, then for each owner the sum of its values at these keys. Nothing else is
// opened, not even which keys they are.
//
// Each key of the first owner is compared with every key of every other one: (owners - 1) rows^2
// tests for equality, of two comparisons each, at once; it is for small tables. What equals is
// counted, and summed, by dot products; the counts of a key at all owners are multiplied.
#include <algorithm>
#include <cmath>
#include <map>

#include "models/mpc/functions/products.h"
#include "models/mpc/functions/rows.h"

namespace evenkeel {
namespace {

class SecretJoin final : public Function {
 public:
  struct Settings {
    void describe(Fields&) {}
  };
  explicit SecretJoin(const Settings&) {}

  std::optional<std::string> objection(const Problem& problem) const override {
    return uneven_rows(problem, 2, "a key and its value");
  }
  Needs needs(const Problem& problem) const override {
    const std::size_t rows = problem.size / 2;
    return {
        .entered = 3 * rows,
        .opened = 1 + problem.owners,
        .value_bits = std::max({key_bits(problem), problem.bits + problem.fraction + bits_of(rows),
                                bits_of(rows + 1)}),
        .multiplies = true,
        .compares = true};
  }
  // All keys, all values, then whether the row is there: rows left over by equal keys are not.
  std::vector<std::int64_t> prepare(std::span<const double> own,
                                    const Problem& problem) const override {
    std::map<std::int64_t, std::int64_t> sums;
    const OwnerRows table{own, 2};
    for (std::size_t r = 0; r < table.size(); ++r)
      sums[fixed_point(table[r][0], 0)] += fixed_point(table[r][1], problem.fraction);
    std::vector<std::int64_t> numbers(3 * table.size(), 0);
    std::size_t row = 0;
    for (const auto& [key, sum] : sums) {
      numbers[row] = key;
      numbers[table.size() + row] = sum;
      numbers[2 * table.size() + row++] = 1;
    }
    return numbers;
  }

  Task<Secrets> compute(Protocol& protocol, const std::vector<Secrets>& entered,
                        const Problem& problem) const override {
    const std::size_t rows = problem.size / 2;
    std::vector<Secrets> values{protocol.slice(entered[0], rows, rows)};  // at the first's keys
    Secrets shared = protocol.slice(entered[0], 2 * rows, rows);          // 1 if all have that key
    if (entered.size() > 1) {
      const Secrets met = co_await matches(protocol, entered, rows, key_bits(problem));
      const std::size_t half = met.count / 2;
      for (std::size_t i = 0; i < half; i += rows)
        values.push_back(protocol.slice(met, half + i, rows));
      // For each key side by side: whether it is there, and how often at each other owner.
      const Secrets counts = protocol.joined(shared, protocol.slice(met, 0, half));
      std::vector<std::size_t> places;
      for (std::size_t i = 0; i < rows; ++i)
        for (std::size_t owner = 0; owner < entered.size(); ++owner)
          places.push_back(owner * rows + i);
      const Secrets factors = protocol.pick(counts, places);
      shared = co_await products(protocol, factors, entered.size());
    }
    const std::vector<Secrets> repeated(entered.size(), shared);
    const Secrets weights = protocol.joined(repeated);
    const Secrets all = protocol.joined(values);
    const Secrets sums = co_await protocol.dot(weights, all, rows);
    co_return protocol.joined(protocol.sums(shared, rows), sums);
  }

  std::vector<double> finish(std::span<const std::int64_t> opened,
                             const Problem& problem) const override {
    std::vector<double> answer = real_numbers(opened, problem.fraction);
    answer[0] = static_cast<double>(opened[0]);
    return answer;
  }
  /// Keys that meet now and then.
  std::vector<double> drawn(const Problem& problem, Random& random) const override {
    std::vector<double> own = Function::drawn(problem, random);
    const std::size_t keys = std::max<std::size_t>(problem.size, 2);
    for (std::size_t i = 0; i < own.size(); i += 2)
      own[i] = std::min(static_cast<double>(random.below(keys)), std::ldexp(1.0, problem.bits) - 1);
    return own;
  }
  std::vector<double> plain(const std::vector<std::vector<double>>& all,
                            const Problem& problem) const override {
    std::vector<double> answer(1 + problem.owners, 0);
    std::map<double, std::vector<double>> met;  // for each key each owner's sum
    std::map<double, std::vector<bool>> owned;
    for (std::size_t owner = 0; owner < all.size(); ++owner)
      for (std::size_t i = 0; i + 1 < all[owner].size(); i += 2) {
        const double key = std::round(all[owner][i]) + 0.0;  // not -0
        met.try_emplace(key, all.size(), 0).first->second[owner] += all[owner][i + 1];
        owned.try_emplace(key, all.size(), false).first->second[owner] = true;
      }
    for (const auto& [key, sums] : met) {
      if (std::ranges::count(owned[key], true) < static_cast<std::ptrdiff_t>(all.size())) continue;
      answer[0] += 1;
      for (std::size_t owner = 0; owner < sums.size(); ++owner) answer[1 + owner] += sums[owner];
    }
    return answer;
  }
  /// Each value in a sum is off by half a unit of the last place; of one owner there are no more
  /// than rows.
  double error_bound(const Problem& problem) const override {
    return std::ldexp(static_cast<double>(problem.size / 2), -problem.fraction - 1);
  }

 private:
  // Of the difference of two keys; one may have been rounded up to 2^bits.
  static int key_bits(const Problem& problem) { return problem.bits + 2; }

  // For each other owner, for each key of the first: how often that owner has it; behind all these,
  // its values there.
  static Task<Secrets> matches(Protocol& protocol, const std::vector<Secrets>& entered,
                               std::size_t rows, int bits) {
    std::vector<std::size_t> of_first;
    std::vector<std::size_t> of_other;
    for (std::size_t i = 0; i < rows; ++i)
      for (std::size_t k = 0; k < rows; ++k) {
        of_first.push_back(i);
        of_other.push_back(k);
      }
    std::vector<Secrets> keys;
    std::vector<Secrets> counted;
    std::vector<Secrets> summed;
    for (std::size_t owner = 1; owner < entered.size(); ++owner) {
      keys.push_back(protocol.pick(entered[owner], of_other));
      for (std::size_t i = 0; i < rows; ++i) {
        counted.push_back(protocol.slice(entered[owner], 2 * rows, rows));
        summed.push_back(protocol.slice(entered[owner], rows, rows));
      }
    }
    const std::vector<Secrets> repeated(keys.size(), protocol.pick(entered[0], of_first));
    const Secrets left = protocol.joined(repeated);
    const Secrets right = protocol.joined(keys);
    const Secrets same = co_await protocol.equal(left, right, bits);
    counted.insert(counted.end(), summed.begin(), summed.end());
    const Secrets twice = protocol.joined(same, same);
    const Secrets columns = protocol.joined(counted);
    Secrets met = co_await protocol.dot(twice, columns, rows);
    co_return met;
  }
};

const Registered entry{
    functions(), function_entry<SecretJoin>("join", "sums over the keys that every owner has")};

}  // namespace
}  // namespace evenkeel
