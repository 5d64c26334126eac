#include "sim/report/privacy_strategies.h"

#include <algorithm>

#include "sim/report/computations.h"

namespace evenkeel::report {

std::vector<PrivacyStrategy> privacy_strategies_of(const Study& study) {
  constexpr std::size_t sees_everything = PrivacyStrategy::sees_everything;
  std::vector<PrivacyStrategy> all;
  for (std::size_t v = 0; v < study.variants.size(); ++v) {
    const Variant& variant = study.variants[v];
    const MpcResult* const promises = promises_of(variant);
    if (promises == nullptr) continue;
    const auto found = std::ranges::find(security_classes, promises->security);
    PrivacyStrategy one{
        .name = variant.name,
        .variant = v,
        .promises = promises,
        .its_class = std::min<std::size_t>(
            static_cast<std::size_t>(found - security_classes.begin()), sees_everything),
        .latency_s = variant.mean([](const RunResult& run) { return run.mpc.latency(); }),
        .sent_bytes = variant.mean([](const RunResult& run) { return run.mpc.bytes(); })};
    if (one.latency_s > 0 && one.sent_bytes > 0) all.push_back(std::move(one));
  }
  for (PrivacyStrategy& one : all)
    one.is_best = std::ranges::none_of(all, [&one](const PrivacyStrategy& other) {
      return other.its_class == one.its_class && (one.trusts() || !other.trusts()) &&
             other.beats(one);
    });
  return all;
}

std::vector<std::pair<double, double>> privacy_front(const std::vector<PrivacyStrategy>& all,
                                                     double longest_s, double most_bytes) {
  constexpr std::size_t sees_everything = PrivacyStrategy::sees_everything;
  std::vector<const PrivacyStrategy*> front;
  for (const PrivacyStrategy& one : all)
    if (one.its_class != sees_everything &&
        std::ranges::none_of(all, [&one](const PrivacyStrategy& other) {
          return other.its_class != sees_everything && other.beats(one);
        }))
      front.push_back(&one);
  std::ranges::sort(front, {}, &PrivacyStrategy::latency_s);
  std::vector<std::pair<double, double>> stairs;
  for (const PrivacyStrategy* one : front) {
    stairs.emplace_back(one->latency_s, most_bytes);
    stairs.emplace_back(one->latency_s, one->sent_bytes);
    most_bytes = one->sent_bytes;
  }
  if (!front.empty()) stairs.emplace_back(longest_s, most_bytes);
  return stairs;
}

}  // namespace evenkeel::report
