#include "sim/faults/swarm.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/runtime/check.h"
#include "models/runtime/portable_math.h"
#include "models/runtime/random.h"
#include "sim/scenario/breakage.h"
#include "sim/scenario/describe.h"
#include "sim/scenario/field_reader.h"

namespace evenkeel {
namespace {

constexpr int most_of_a_kind = 200;

class SwarmDraw {
 public:
  SwarmDraw(const Scenario& scenario, const Platform& platform, std::uint64_t seed)
      : swarm_(*scenario.swarm),
        random_(Random::stream(seed, "swarm")),
        start_(0.02 * to_seconds(scenario.duration)),
        end_(std::max(start_, swarm_.until * to_seconds(scenario.duration))),
        settle_(swarm_.settle * to_seconds(scenario.duration)) {
    for (const PlatformNode& node : platform.nodes())
      for (const NodeKind& kind : scenario.nodes)
        if (node.name.starts_with(kind.name + "/")) nodes_.push_back(node.name);
    clocks_ = nodes_;
    for (const PlatformNode& node : platform.nodes())
      if (node.name.starts_with("gateway/")) clocks_.push_back(node.name);
    for (const NodeKind& kind : scenario.nodes) kinds_.push_back(kind.name);
    for (const Link& link : platform.graph().links())
      if (!link.name.empty()) links_.push_back(link.name);
  }

  std::vector<std::string> run() {
    if (nodes_.empty() || start_ >= end_) return {};
    static constexpr std::array<std::pair<const char*, void (SwarmDraw::*)()>, 11> all = {{
        {"crash", &SwarmDraw::crashes},
        {"lose_disk", &SwarmDraw::disk_losses},
        {"isolate", &SwarmDraw::isolations},
        {"disturb", &SwarmDraw::disturbances},
        {"skew", &SwarmDraw::skews},
        {"slow", &SwarmDraw::slow_nodes},
        {"cut", &SwarmDraw::cuts},
        {"tear_writes", &SwarmDraw::torn_writes},
        {"corrupt_disk", &SwarmDraw::corruptions},
        {"slow_disk", &SwarmDraw::slow_disks},
        {"fill_disk", &SwarmDraw::full_disks},
    }};
    std::vector<void (SwarmDraw::*)()> allowed, enabled;
    for (const auto& [name, draw] : all) {
      if (!is_allowed(name)) continue;
      allowed.push_back(draw);
      if (random_.chance(0.5)) enabled.push_back(draw);
    }
    if (enabled.empty() && !allowed.empty())
      enabled.push_back(allowed[random_.below(allowed.size())]);
    for (const auto draw : enabled) (this->*draw)();
    std::ranges::stable_sort(lines_, {}, &Line::at);
    std::vector<std::string> texts;
    for (Line& line : lines_) texts.push_back(std::move(line.text));
    return texts;
  }

 private:
  struct Line {
    double at;
    std::string text;
  };
  struct Damage {
    std::string node;
    double from;
    double to;
  };

  bool is_allowed(const char* kind) const {
    if (fault_kinds().find(kind) == nullptr) return false;
    return swarm_.kinds.empty() || std::ranges::find(swarm_.kinds, kind) != swarm_.kinds.end();
  }

  double between(double low, double high) { return low + (high - low) * random_.uniform(); }
  // Each power of ten is as likely as any other.
  double log_between(double low, double high) {
    return low * portable::exp(random_.uniform() * portable::log(high / low));
  }
  // How often in a run, and for how long: a character that the kind keeps for the whole run.
  int how_often(double most) {
    const double drawn = log_between(1, most) * swarm_.intensity;
    return std::clamp(static_cast<int>(drawn + 0.5), 1, most_of_a_kind);
  }
  double usual_span() { return log_between(0.005, 0.2) * (end_ - start_); }
  double span_like(double usual) { return std::max(1e-3, usual * random_.exponential()); }

  std::string any_node() { return nodes_[random_.below(nodes_.size())]; }
  // At least one, and in a random order.
  std::vector<std::string> some_nodes() {
    std::vector<std::string> some = nodes_;
    for (std::size_t i = some.size(); i > 1; --i) std::swap(some[i - 1], some[random_.below(i)]);
    some.resize(1 + random_.below(std::min<std::size_t>(some.size(), 50)));
    return some;
  }
  static std::string quoted(const std::string& name) {
    YamlNode node = yaml_scalar({}, name);
    node.quoted = true;
    return to_flow_yaml(node);
  }
  static std::string listed(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "[" : ", ") + quoted(name);
    return text + "]";
  }

  // A sentence; what would last beyond the end is mended there.
  void say(double at, double span, const std::string& what) {
    const double lasts = std::min(span, end_ - at);
    if (lasts <= 1e-6) return;
    lines_.push_back({at, fmt::format("{{at: {:.6f} s, {}, for: {:.6f} s}}", at, what, lasts)});
  }

  void crashes() {
    const double usual = usual_span();
    for (int i = how_often(12); i > 0; --i) {
      const double at = between(start_, end_);
      const double span = span_like(usual);
      const double dice = random_.uniform();
      if (dice < 0.1)
        say(at, span, "crash: " + listed(kinds_));  // the power fails everywhere
      else if (dice < 0.3)
        say(at, span, "crash: " + listed(some_nodes()));
      else
        say(at, span, "crash: " + quoted(any_node()));
    }
  }

  // True if one more disk may be damaged, which is noted.
  bool may_damage(const std::string& node, double from, double to) {
    std::vector<std::string> others;
    for (const Damage& damage : damages_)
      if (damage.node != node && damage.from < to + settle_ && from < damage.to + settle_ &&
          std::ranges::find(others, damage.node) == others.end())
        others.push_back(damage.node);
    if (static_cast<std::int64_t>(others.size()) >= swarm_.disks) return false;
    damages_.push_back({node, from, to});
    return true;
  }

  void disk_losses() {
    const double usual = usual_span();
    for (int i = how_often(6); i > 0; --i) {
      const double at = between(start_, end_);
      const double span = std::min(span_like(usual), end_ - at);
      const std::string node = any_node();
      if (may_damage(node, at, at + span))
        say(at, span, "lose_disk: " + quoted(node) + ", spare: true");
    }
  }

  void corruptions() {
    const double share = log_between(1e-4, 0.1);
    for (int i = how_often(6); i > 0; --i) {
      const double at = between(start_, end_);
      const std::string node = any_node();
      if (may_damage(node, at, at))
        say(at, 1,
            fmt::format("corrupt_disk: {}, share: {:.6f}, spare: true", quoted(node), share));
    }
  }

  void isolations() {
    const double usual = usual_span();
    static constexpr std::array<const char*, 3> directions = {"both", "in", "out"};
    for (int i = how_often(8); i > 0; --i) {
      const double at = between(start_, end_);
      const double span = span_like(usual);
      const char* direction = random_.chance(0.5) ? "both" : directions[random_.below(3)];
      const double dice = random_.uniform();
      if (dice < 0.2) {
        swizzle(at, span);
        continue;
      }
      const std::string who = dice < 0.6 ? quoted(any_node()) : listed(some_nodes());
      say(at, span, fmt::format("isolate: {}, direction: {}", who, direction));
    }
  }

  // Some nodes go silent one by one and come back in another order: good at finding what hides.
  void swizzle(double at, double span) {
    std::vector<double> back;
    const std::vector<std::string> some = some_nodes();
    const auto count = static_cast<double>(some.size());
    for (std::size_t i = 0; i < some.size(); ++i)
      back.push_back(at + span * (1 + static_cast<double>(i) / count));
    for (std::size_t i = back.size(); i > 1; --i) std::swap(back[i - 1], back[random_.below(i)]);
    for (std::size_t i = 0; i < some.size(); ++i) {
      const double gone = at + span * static_cast<double>(i) / count;
      if (gone < end_) say(gone, back[i] - gone, "isolate: " + quoted(some[i]));
    }
  }

  void disturbances() {
    for (int i = how_often(4); i > 0; --i) {
      const double at = random_.chance(0.3) ? start_ : between(start_, end_);
      const double span = random_.chance(0.3) ? end_ : span_like(5 * usual_span());
      const double loss = random_.chance(0.5) ? between(0, 0.3) : 0;
      const double duplication = random_.chance(0.5) ? between(0, 0.5) : 0;
      const double delay_s = random_.chance(0.5) ? log_between(1e-3, 0.1) : 0;
      if (loss + duplication + delay_s == 0) continue;
      const bool all = random_.chance(0.5);
      say(at, span,
          fmt::format("disturb: {{loss: {:.4f}, duplication: {:.4f}, delay: {:.6f} s{}}}", loss,
                      duplication, delay_s, all ? "" : ", of: " + quoted(any_node())));
    }
  }

  void skews() {
    const double usual = usual_span();
    const double most_ahead_s = log_between(1e-3, 10);
    const double most_rate = random_.chance(0.5) ? 0.01 : 0;
    for (int i = how_often(12); i > 0; --i) {
      const double ahead = between(-most_ahead_s, most_ahead_s);
      say(between(start_, end_), span_like(2 * usual),
          fmt::format("skew: {}, by: {:.6f} s, rate: {:.6f}",
                      quoted(clocks_[random_.below(clocks_.size())]),
                      std::abs(ahead) < 1e-6 ? 1e-6 : ahead, between(-most_rate, most_rate)));
    }
  }

  void slow_nodes() {
    const double usual = usual_span();
    const double factor = log_between(1e-3, 0.1);
    for (int i = how_often(6); i > 0; --i)
      say(between(start_, end_), span_like(usual),
          fmt::format("slow: {}, factor: {:.6f}", quoted(any_node()), factor));
  }

  void slow_disks() {
    const double usual = usual_span();
    const double factor = log_between(1e-3, 0.1);
    for (int i = how_often(6); i > 0; --i)
      say(between(start_, end_), span_like(usual),
          fmt::format("slow_disk: {}, factor: {:.6f}", quoted(any_node()), factor));
  }

  void full_disks() {
    const double usual = usual_span();
    for (int i = how_often(4); i > 0; --i)
      say(between(start_, end_), span_like(usual), "fill_disk: " + quoted(any_node()));
  }

  // For the whole time: whatever crashes then finds its unsynced writes torn.
  void torn_writes() { say(start_, end_, "tear_writes: " + listed(kinds_)); }

  void cuts() {
    if (links_.empty()) return;
    const double usual = usual_span();
    for (int i = how_often(6); i > 0; --i)
      say(between(start_, end_), span_like(usual),
          "cut: " + quoted(links_[random_.below(links_.size())]));
  }

  const Swarm& swarm_;
  Random random_;
  double start_;  // seconds, as all times here
  double end_;
  double settle_;
  std::vector<std::string> kinds_;
  std::vector<std::string> nodes_;
  std::vector<std::string> clocks_;  // the nodes, and the gateways that ask them
  std::vector<std::string> links_;
  std::vector<Damage> damages_;
  std::vector<Line> lines_;
};

}  // namespace

std::vector<std::string> draw_swarm(const Scenario& scenario, const Platform& platform,
                                    std::uint64_t seed) {
  return SwarmDraw{scenario, platform, seed}.run();
}

std::vector<Fault> read_plan(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += "  - " + line + "\n";
  if (text.empty()) return {};
  std::vector<Mistake> mistakes;
  const YamlNode tree = parse_yaml("faults:\n" + text, "swarm", mistakes);
  ReadContext context{"", mistakes};
  FieldReader reader{tree, "", {"swarm", 1, 1}, context};
  std::vector<Fault> faults;
  describe_faults(reader, faults, fault_kinds());
  reader.finish();
  if (!mistakes.empty()) throw ScenarioErrors(std::move(mistakes));
  return faults;
}

}  // namespace evenkeel
