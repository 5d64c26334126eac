// Differentially private loads: each server adds Laplace noise of scale 1/epsilon to every load
// that it reports (Dwork et al., "Calibrating noise to sensitivity", TCC 2006; one request changes
// a load by 1). Epsilons add up over the reports. Two loads k apart come out in the wrong order
// with probability exp(-k eps) (1/2 + k eps / 4).
#include <array>

#include "models/balancing/knowledge.h"

namespace evenkeel {
namespace {

class Noisy final : public LastReports {
 public:
  struct Settings {
    enum class Over { bulletin, piggyback, probe };
    static constexpr std::array<std::string_view, 3> ways{"bulletin", "piggyback", "probe"};

    double epsilon = 1;
    Over over = Over::bulletin;
    Duration period = seconds(1);

    void describe(Fields& fields) {
      fields.number("epsilon", epsilon, Unit::none,
                    {"privacy lost with each report; smaller is noisier", 1e-6, 1e6});
      option(fields, "over", over, ways, {"how the noisy loads travel"});
      fields.duration("period", period, {"over bulletin: time between two of them", 1e-6, 1e6});
    }
  };

  Noisy(const Settings& settings, const KnowledgeContext& context)
      : LastReports(context), settings_(settings) {}

  bool asks() const override { return settings_.over == Settings::Over::probe; }
  ReportRules rules() const override {
    const bool bulletin = settings_.over == Settings::Over::bulletin;
    return {.period = bulletin ? settings_.period : Duration{},
            .in_answers = settings_.over == Settings::Over::piggyback,
            .epsilon = settings_.epsilon};
  }

 private:
  Settings settings_;
};

const Registered entry{
    knowledge(),
    knowledge_entry<Noisy>("noisy",
                           "loads under differential privacy: Laplace noise of scale 1/epsilon")};

}  // namespace
}  // namespace evenkeel
