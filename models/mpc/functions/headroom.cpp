// How many of `draws` requests each owner should get, in proportion to the room (a weight of 0 or
// more) that it enters: systematic sampling over secret weights.
//
// With S_i the sum of the first i weights and S all of them, draw l of L falls to the owner i for
// which S_i <= (2 l + 1) S / (2 L) < S_{i+1}. The points (2 l + 1) / (2 L) are public, so S_i 2 L
// and (2 l + 1) S are linear in the shares, and all L (n - 1) comparisons are one batch. What is
// opened are the counts, which add up to L. If nobody has room, the last owner gets all.
#include <cmath>

#include "models/mpc/function.h"

namespace evenkeel {
namespace {

class Headroom final : public Function {
 public:
  struct Settings {
    std::int64_t draws = 64;
    void describe(Fields& fields) {
      fields.integer("draws", draws, {"requests that the counts add up to", 1, 4096});
    }
  };
  explicit Headroom(const Settings& settings) : draws_(settings.draws) {}

  Needs needs(const Problem& problem) const override {
    return {.entered = problem.size,
            .opened = problem.owners * problem.size,
            .value_bits = compared_bits(problem),
            .multiplies = false,
            .compares = true};
  }
  /// Negative room is none.
  std::vector<std::int64_t> prepare(std::span<const double> own,
                                    const Problem& problem) const override {
    std::vector<std::int64_t> weights = fixed_point(own, problem.fraction);
    for (std::int64_t& weight : weights) weight = std::max<std::int64_t>(weight, 0);
    return weights;
  }

  Task<Secrets> compute(Protocol& protocol, const std::vector<Secrets>& entered,
                        const Problem& problem) const override {
    const Secrets weights = protocol.joined(entered);
    const std::size_t n = weights.count;
    const auto draws = static_cast<std::size_t>(draws_);
    std::vector<Secrets> sums;  // of the first weights, from one on
    for (std::size_t i = 0; i < n; ++i) {
      Secrets next = protocol.slice(weights, i, 1);
      sums.push_back(i == 0 ? std::move(next) : protocol.add(std::move(next), sums.back()));
    }
    const Secrets none = protocol.constant(0, 1);
    std::vector<Secrets> before(n + 1, none);  // of the draws: how many fall to the first owners
    before[n] = protocol.constant(draws_, 1);
    if (n > 1) {
      std::vector<Secrets> points;
      std::vector<Secrets> edges;
      for (std::size_t i = 0; i + 1 < n; ++i)
        for (std::int64_t l = 0; l < draws_; ++l) {
          points.push_back(protocol.scale(sums[n - 1], 2 * l + 1));
          edges.push_back(protocol.scale(sums[i], 2 * draws_));
        }
      const Secrets left = protocol.joined(points);
      const Secrets right = protocol.joined(edges);
      const Secrets falls_before = co_await protocol.less(left, right, compared_bits(problem));
      const Secrets counts = protocol.sums(falls_before, draws);
      for (std::size_t i = 0; i + 1 < n; ++i) before[i + 1] = protocol.slice(counts, i, 1);
    }
    std::vector<Secrets> shares;
    for (std::size_t i = 0; i < n; ++i)
      shares.push_back(protocol.subtract(before[i + 1], before[i]));
    co_return protocol.joined(shares);
  }

  std::vector<double> finish(std::span<const std::int64_t> opened, const Problem&) const override {
    return {opened.begin(), opened.end()};
  }
  std::vector<double> plain(const std::vector<std::vector<double>>& all,
                            const Problem& problem) const override {
    std::vector<std::int64_t> weights;
    for (const std::vector<double>& own : all)
      for (const std::int64_t weight : prepare(own, problem)) weights.push_back(weight);
    std::int64_t total = 0;
    for (const std::int64_t weight : weights) total += weight;
    std::vector<double> counts(weights.size(), 0);
    for (std::int64_t l = 0; l < draws_; ++l) {
      std::size_t i = 0;
      std::int64_t sum = weights[0];
      while (i + 1 < weights.size() && sum * 2 * draws_ <= (2 * l + 1) * total) sum += weights[++i];
      ++counts[i];
    }
    return counts;
  }
  double error_bound(const Problem&) const override { return 0; }

 private:
  int compared_bits(const Problem& problem) const {
    return problem.bits + problem.fraction + bits_of(problem.owners * problem.size) +
           bits_of(static_cast<std::uint64_t>(2 * draws_)) + 1;
  }

  std::int64_t draws_;
};

const Registered entry{
    functions(), function_entry<Headroom>(
                     "headroom", "how many of some draws each owner should get, by its weight")};

}  // namespace
}  // namespace evenkeel
