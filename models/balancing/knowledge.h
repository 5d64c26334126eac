// What a balancer is allowed to believe about the loads of its servers: how it learns of them, how
// old that is, how noisy. Kept apart from the policy, so that each policy runs on each kind. Apart
// from `exact`, nothing reads another node's memory: what a kind learns, messages brought.
#pragma once

#include <algorithm>
#include <any>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "models/balancing/policy.h"

namespace evenkeel {

/// Loads leave a server only as secret shares (models/mpc/council.h).
struct SecretReports {
  Duration period{};          // 0: before each request, among the servers considered
  std::string function = {};  // what is computed and opened
  int bits = 12;              // loads are below 2^bits
};

/// What a kind of knowledge asks of the servers. The same for all balancers of a run.
struct ReportRules {
  Duration period{};         // above 0: each server sends every balancer's node a bulletin so often
  bool on_change = false;    // a bulletin whenever its load changes
  bool in_answers = false;   // a report in each answer
  double epsilon = 0;        // above 0: each reported load has Laplace noise of scale 1/epsilon
  bool from_oracle = false;  // it asks the oracle, which only worlds in one process have
  std::optional<SecretReports> secret = {};
};

/// Reads the true loads: for theory, and for worlds that live in one process.
class LoadOracle {
 public:
  virtual ~LoadOracle() = default;
  virtual double load(ServerIndex server) const = 0;
};

/// One balancer's.
class Knowledge : public Beliefs {
 public:
  /// A report came, in a bulletin, an answer or a probe's answer.
  virtual void reported(ServerIndex, const Report&, Time) {}
  /// A computation on secret loads opened this about these servers.
  virtual void learned(std::span<const ServerIndex>, std::span<const double>, Time) {}
  /// A request goes to that server.
  virtual void chosen(ServerIndex) {}
  /// Whether the servers that a policy considers are asked, and waited for, before each pick.
  virtual bool asks() const { return false; }
  virtual ReportRules rules() const { return {}; }
};

/// What a kind may be built on; all of it outlives the knowledge.
struct KnowledgeContext {
  std::span<const std::uint32_t> in_flight;  // by server: this balancer's own requests
  const LoadOracle& oracle;
  const Time& now;  // follows the balancer's clock
  Random& random;
};

using MakeKnowledge = std::function<std::unique_ptr<Knowledge>(const KnowledgeContext&)>;

/// All kinds. An entry's `configure` returns a MakeKnowledge.
Catalogue& knowledge();

/// The entry for a class with a nested `Settings { void describe(Fields&); }` and a constructor
/// from (Settings, KnowledgeContext).
template <class K>
Entry knowledge_entry(std::string name, std::string summary) {
  return {std::move(name), std::move(summary), [](Fields& fields) -> std::any {
            typename K::Settings settings;
            settings.describe(fields);
            return MakeKnowledge{
                [settings](const KnowledgeContext& context) -> std::unique_ptr<Knowledge> {
                  return std::make_unique<K>(settings, context);
                }};
          }};
}

/// The loads as last reported; 0 where no report came yet.
class LastReports : public Knowledge {
 public:
  explicit LastReports(const KnowledgeContext& context) : loads_(context.in_flight.size(), 0.0) {}
  double load(ServerIndex server) const override { return loads_[server]; }
  void reported(ServerIndex server, const Report& report, Time) override {
    loads_[server] = report.load;
  }

 private:
  std::vector<double> loads_;
};

}  // namespace evenkeel
