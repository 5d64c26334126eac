// Sums of bit planes, with a sharing that hides nothing, against sums of words.
#include "models/mpc/tools/adder.h"

#include <gtest/gtest.h>

#include "models/mpc/tools/bit_matrix.h"
#include "models/runtime/random.h"

namespace evenkeel::test {
namespace {

class Clear final : public BitSharing {
 public:
  std::size_t bit_components() const override { return 1; }
  Task<Words> multiply_bits(const Words& a, const Words& b) override {
    Words product = a;
    for (std::size_t i = 0; i < a.size(); ++i) product[i] &= b[i];
    words += a.size();
    ++rounds;
    co_return product;
  }
  std::size_t words = 0;
  std::uint32_t rounds = 0;
};

Task<> add(Clear& sharing, std::vector<Words> addends, std::size_t width, std::size_t lanes,
           Words& top) {
  Task<Words> adding = top_bit_of_sum(sharing, std::move(addends), width, lanes);
  top = co_await std::move(adding);
}

TEST(Adder, FindsTheTopBitOfASumAndCostsWhatItsFormulaSays) {
  Random random{1};
  for (const std::size_t summands : {2U, 3U, 4U, 7U})
    for (const std::size_t width : {2U, 3U, 4U, 17U, 33U, 64U}) {
      constexpr std::size_t count = 70;
      std::vector<Words> addends;
      Words sum(count, 0);
      for (std::size_t k = 0; k < summands; ++k) {
        Words drawn(count);
        for (std::size_t i = 0; i < count; ++i) sum[i] += drawn[i] = random();
        addends.push_back(planes_of(drawn, width));
      }
      Clear sharing;
      Words top;
      TaskList tasks;
      Task<> adding = add(sharing, std::move(addends), width, lanes_of(count), top);
      tasks.spawn(std::move(adding));
      const Words bits = numbers_of(top, count);
      for (std::size_t i = 0; i < count; ++i)
        EXPECT_EQ(bits[i], sum[i] >> (width - 1) & 1) << summands << " of " << width << " bits";
      EXPECT_EQ(sharing.words, sum_products(summands, width, lanes_of(count)));
      EXPECT_EQ(sharing.rounds, sum_rounds(summands, width));
    }
}

}  // namespace
}  // namespace evenkeel::test
