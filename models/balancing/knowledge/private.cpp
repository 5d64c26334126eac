// Loads that nobody sees: servers enter them as secret shares, some of the nodes compute on the
// shares (models/mpc), and balancers learn only what the function opens.
//
// epoch: every period all servers enter their loads once, and every balancer learns the outcome:
//   headroom  how many of `draws` requests each server should get, in proportion to the room that
//   it
//             has left (the default; one argmin for a whole period would send everybody to one
//             server)
//   order     each server's rank
//   least     which server has the least load
// request: before each pick the servers that the policy considers enter their loads, and the
// balancer
//   learns which has the least. With power_of_d this is a secure power of two choices.
//
// What the outcomes themselves tell: at most log2 C(draws + n - 1, n - 1) bits an epoch for
// headroom, log2 n! for order, log2 n for least, log2 d a request. They are counted in "private
// bits".
#include <array>
#include <limits>

#include "models/balancing/knowledge.h"

namespace evenkeel {
namespace {

class Private final : public Knowledge {
 public:
  struct Settings {
    enum class Each { epoch, request };
    enum class Opens { headroom, order, least };
    static constexpr std::array<std::string_view, 2> times{"epoch", "request"};
    static constexpr std::array<std::string_view, 3> outcomes{"headroom", "order", "argmin"};

    Each each = Each::epoch;
    Opens opens = Opens::headroom;
    Duration period = seconds(1);
    std::int64_t bits = 12;

    void describe(Fields& fields) {
      option(fields, "each", each, times, {"when loads are computed on: every epoch, or request"});
      option(fields, "opens", opens, outcomes, {"what balancers learn each epoch"});
      fields.duration("period", period, {"an epoch", 1e-3, 1e6});
      fields.integer("bits", bits, {"loads are below 2^bits; larger ones count as that", 1, 32});
    }
  };

  Private(const Settings& settings, const KnowledgeContext& context)
      : settings_(settings), loads_(context.in_flight.size(), 0.0), quotas_(loads_.size(), 0.0) {}

  double load(ServerIndex server) const override { return loads_[server]; }
  bool asks() const override { return settings_.each == Settings::Each::request; }
  ReportRules rules() const override {
    const bool epochs = settings_.each == Settings::Each::epoch;
    const auto opens = static_cast<std::size_t>(epochs ? settings_.opens : Settings::Opens::least);
    return {.secret = SecretReports{.period = epochs ? settings_.period : Duration{},
                                    .function = std::string{Settings::outcomes[opens]},
                                    .bits = static_cast<int>(settings_.bits)}};
  }

  void learned(std::span<const ServerIndex> servers, std::span<const double> outcome,
               Time) override {
    if (settings_.each == Settings::Each::request || settings_.opens == Settings::Opens::least) {
      for (std::size_t i = 0; i < servers.size(); ++i)
        if (servers[i] < loads_.size())
          loads_[servers[i]] = outcome[0] == static_cast<double>(i) ? 0 : 1;
      return;
    }
    for (std::size_t i = 0; i < servers.size() && i < outcome.size(); ++i) {
      const ServerIndex server = servers[i];
      if (server >= loads_.size()) continue;
      quotas_[server] = outcome[i];
      loads_[server] = settings_.opens == Settings::Opens::order ? outcome[i] : used_up(server, 0);
    }
  }

  // With headroom the load is the share of its quota that a server has had.
  void chosen(ServerIndex server) override {
    if (settings_.each == Settings::Each::epoch && settings_.opens == Settings::Opens::headroom)
      loads_[server] = used_up(server, loads_[server]);
  }

 private:
  double used_up(ServerIndex server, double so_far) const {
    return so_far + 1 / std::max(quotas_[server], 0.5);
  }

  Settings settings_;
  std::vector<double> loads_;
  std::vector<double> quotas_;
};

const Registered entry{
    knowledge(), knowledge_entry<Private>("private",
                                          "loads stay secret: a multi-party computation says only "
                                          "who has room (needs the section 'mpc')")};

}  // namespace
}  // namespace evenkeel
