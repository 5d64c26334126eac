// Join idle queue (JIQ): servers that fall idle enlist at one balancer; a request goes to the
// server enlisted there longest, and to any if none is. Lu et al., "Join-Idle-Queue: a novel load
// balancing algorithm for dynamically scalable web services", Performance Evaluation 68(11), 2011.
// At most one message a request, none of them while a request waits, and one more where a server
// that is enlisted gets work from elsewhere and withdraws. A server that fails is struck off, too.
#include "models/balancing/policy.h"

namespace evenkeel {
namespace {

/// A queue of servers, each at most once, any of which can leave at once: a ring of links.
class IdleQueue {
 public:
  explicit IdleQueue(std::size_t servers)
      : end_(static_cast<ServerIndex>(servers)), links_(servers + 1, {end_, end_}) {}

  ServerIndex front() const { return links_[end_].next; }
  ServerIndex after(ServerIndex server) const { return links_[server].next; }
  ServerIndex end() const { return end_; }
  std::size_t size() const { return size_; }

  bool holds(ServerIndex server) const { return links_[server].next != end_ || server == last(); }

  void push(ServerIndex server) {
    if (holds(server)) return;
    links_[server] = {last(), end_};
    links_[last()].next = server;
    links_[end_].previous = server;
    ++size_;
  }

  void remove(ServerIndex server) {
    if (!holds(server)) return;
    const Link link = links_[server];
    links_[link.previous].next = link.next;
    links_[link.next].previous = link.previous;
    links_[server] = {end_, end_};
    --size_;
  }

 private:
  struct Link {
    ServerIndex previous;
    ServerIndex next;
  };

  ServerIndex last() const { return links_[end_].previous; }

  ServerIndex end_;          // the place in links_ where the ring begins and ends
  std::vector<Link> links_;  // of a server that is not listed: {end_, end_}
  std::size_t size_ = 0;
};

class JoinIdleQueue final : public Policy {
 public:
  enum class Report { random, shortest };

  struct Settings {
    Report idle_report = Report::random;
    std::int64_t idle_choices = 2;

    void describe(Fields& fields) {
      static constexpr std::string_view reports[] = {"random", "shortest"};
      option(fields, "idle_report", idle_report, reports,
             {"to which balancer an idle server reports: any, or of some the one that knows the "
              "fewest idle servers"});
      fields.integer("idle_choices", idle_choices,
                     {"of how many balancers `shortest` takes the one", 1, 1000});
    }
  };

  JoinIdleQueue(const Settings& settings, const PolicyContext& context)
      : settings_(settings), idle_(context.candidates.size()), random_(context.random) {}

  ServerIndex pick(const Job&, const View& view) override {
    for (ServerIndex server = idle_.front(); server != idle_.end(); server = idle_.after(server))
      if (view.is_eligible(server)) return server;
    return any_of(view.eligible, random_);
  }

  void sent(ServerIndex server, Time) override { idle_.remove(server); }

  void finished(ServerIndex server, const Outcome& outcome, Time) override {
    if (!outcome.ok) idle_.remove(server);
  }

  void idle(ServerIndex server, Time) override { idle_.push(server); }
  void busy(ServerIndex server, Time) override { idle_.remove(server); }
  std::size_t idle_count() const override { return idle_.size(); }

  ServerRules rules() const override {
    using IdleReport = ServerRules::IdleReport;
    ServerRules rules;
    rules.idle_report =
        settings_.idle_report == Report::random ? IdleReport::random : IdleReport::shortest;
    rules.idle_choices = static_cast<std::uint32_t>(settings_.idle_choices);
    return rules;
  }

 private:
  Settings settings_;
  IdleQueue idle_;
  Random& random_;
};

const Registered entry{policies(), policy_entry<JoinIdleQueue>(
                                       "join_idle_queue", "takes a server that said it is idle")};

}  // namespace
}  // namespace evenkeel
