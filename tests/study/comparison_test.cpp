// Verdicts: one row a case, with values whose intervals are plain.
#include "sim/study/comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "models/runtime/user_error.h"

namespace evenkeel {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Values = std::vector<double>;

struct Case {
  const char* name;
  const char* metric;
  Values variant, baseline, lost, late;
  Verdict verdict;
};

const Values none = {0, 0, 0, 0};
const Values more = {0.01, 0.012, 0.011, 0.013};
const Values fewer = {-0.01, -0.012, -0.011, -0.013};
const Values slightly_more = {0.0004, 0.0005, 0.0006, 0.0005};
const Values base = {100, 110, 90, 100};
const Values lower = {80, 91, 69, 80};  // -20, -19, -21, -20
const Values higher = {120, 131, 109, 120};
const Values same = {100.1, 110, 89.9, 100};  // within 2 %
const Values noisy = {60, 170, 40, 130};

class Verdicts : public ::testing::TestWithParam<Case> {};

TEST_P(Verdicts, AreAsStated) {
  const Case& c = GetParam();
  EXPECT_EQ(judge(c.variant, c.baseline, c.lost, c.late, metric_named(c.metric)).verdict,
            c.verdict);
}

INSTANTIATE_TEST_SUITE_P(
    All, Verdicts,
    ::testing::Values(
        Case{"lower", "p99", lower, base, none, none, Verdict::better},
        Case{"higher", "p99", higher, base, none, none, Verdict::worse},
        Case{"same", "p99", same, base, none, none, Verdict::no_difference},
        Case{"noisy", "p99", noisy, base, none, none, Verdict::undecided},
        Case{"one_seed", "p99", {80}, {100}, {0}, {0}, Verdict::too_few},
        Case{"no_values", "p99", {}, {}, {}, {}, Verdict::too_few},
        Case{"higher_is_better", "goodput", higher, base, none, none, Verdict::better},
        Case{"lower_throughput", "throughput", lower, base, none, none, Verdict::worse},
        Case{"lower_but_loses", "p99", lower, base, more, none, Verdict::mixed},
        Case{"lower_but_late", "p99", lower, base, none, more, Verdict::mixed},
        Case{"lower_and_loses_less", "p99", lower, base, fewer, none, Verdict::better},
        Case{"higher_but_loses_less", "p99", higher, base, fewer, none, Verdict::mixed},
        Case{"higher_and_loses", "p99", higher, base, more, none, Verdict::worse},
        Case{"same_but_loses", "p99", same, base, more, none, Verdict::worse},
        Case{"same_and_loses_less", "p99", same, base, fewer, none, Verdict::better},
        Case{"loses_too_little_to_matter", "p99", lower, base, slightly_more, none,
             Verdict::better},
        Case{"loses_but_late_less", "p99", lower, base, more, fewer, Verdict::mixed},
        Case{"losses_themselves",
             "lost",
             {0.02, 0.03, 0.02},
             {0.1, 0.11, 0.1},
             {-0.08, -0.08, -0.08},
             {0, 0, 0},
             Verdict::better},
        Case{"equal_to_the_bit", "energy", base, base, none, none, Verdict::no_difference}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(VerdictText, SaysWhatWasLost) {
  const Metric& metric = metric_named("p99");
  const std::string text = verdict_text(judge(lower, base, more, none, metric), metric);
  EXPECT_EQ(text, "mixed: lower p99, but 1.15 points more lost");
}

TEST(VerdictText, SaysHowManySeedsWouldDecide) {
  const Metric& metric = metric_named("mean");
  const Comparison comparison = judge(noisy, base, none, none, metric);
  ASSERT_TRUE(comparison.more_seeds);
  EXPECT_THAT(verdict_text(comparison, metric), HasSubstr("more seeds would)"));
}

RunResult run_of(std::uint64_t seed, double p99) {
  RunResult run{.seed = seed};
  run.tally = {.sent = 100, .completed = 100};
  run.latency.p99 = p99;
  return run;
}

TEST(CompareVariants, PairsBySeedAndNeverByPosition) {
  const std::vector<VariantRuns> variants = {
      {{{"policy", "a"}}, {run_of(1, 10), run_of(2, 20), run_of(3, 30)}},
      {{{"policy", "b"}}, {run_of(2, 19), run_of(3, 29), run_of(9, 500)}}};
  const auto comparisons = compare_variants(variants, "a", metric_named("p99"));
  EXPECT_EQ(comparisons[0].verdict, Verdict::baseline);
  EXPECT_DOUBLE_EQ(comparisons[1].difference.mean, -1);
  EXPECT_EQ(comparisons[1].unpaired, 1u);
}

TEST(BaselinesOf, DifferOnlyInTheSettingThatIsCompared) {
  const std::vector<VariantRuns> variants = {{{{"policy", "a"}, {"rate", "1"}}, {}},
                                             {{{"policy", "a"}, {"rate", "2"}}, {}},
                                             {{{"policy", "b"}, {"rate", "1"}}, {}},
                                             {{{"policy", "b"}, {"rate", "2"}}, {}}};
  EXPECT_THAT(baselines_of(variants, "a"), ElementsAre(0, 1, 0, 1));
  EXPECT_THAT(baselines_of(variants, "2"), ElementsAre(1, 1, 3, 3));
  EXPECT_THAT(variant_names(variants), ElementsAre("policy a, rate 1", "policy a, rate 2",
                                                   "policy b, rate 1", "policy b, rate 2"));
}

TEST(MetricNamed, SuggestsTheNearest) {
  try {
    metric_named("p9");
    FAIL();
  } catch (const UserError& error) {
    EXPECT_THAT(error.what(), HasSubstr("did you mean 'p9"));
  }
}

}  // namespace
}  // namespace evenkeel
