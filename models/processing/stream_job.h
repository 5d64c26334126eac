// A continuous query on the node that owns it: reads the sources' logs, keeps windows, tells
// results, each event counted exactly once whatever crashes.
//
// Exactly once: how far each source was read, the windows and the results are changed in one
// transaction; results have the key (job, window, group, revision). A source's events are asked for
// by offset, as many as there is credit for, so that a full worker slows its sources. With a
// standby the transactions' effects follow there in order, and only there a result is final:
// whoever takes over raises the owner's epoch in the standby's store first, and from then on
// nothing that an earlier owner still computes is accepted. Sources keep events until they can not
// be needed again.
#pragma once

#include "models/processing/watermark.h"
#include "models/processing/window_operator.h"
#include "models/runtime/node.h"

namespace evenkeel {

/// How a job reads the rows of another party's table: what it shows to a source, asked for when it
/// begins and after each refusal; and whom refusals are told.
struct StreamShows {
  std::function<Task<Result<Blob>>(NodeId source)> token = {};  // none: there is nothing to show
  std::function<void(const Error& why)> refused = {};
};

struct StreamJobSettings {
  std::uint32_t credit = 500;              // events asked of a source at a time
  std::uint32_t credit_bytes = 256 << 10;  // and their bytes
  std::uint64_t room = 5000;       // events not yet kept, of all sources: each has its share of it
  Duration patience = seconds(5);  // a source without events answers so late
  Duration timeout = seconds(2);   // of a question, beyond that
  Duration retry = std::chrono::milliseconds{200};  // after what failed, or while there is no room
  Duration refused_for = seconds(2);                // after a source refused, or there is no grant
  Duration tick = seconds(1);                       // looks for idle sources so often
  std::optional<NodeId> standby = {};
  std::uint64_t most_unshipped = 50;     // steps ahead of the standby; then it reads no more
  std::uint64_t most_windows = 200'000;  // open at once; then it reads no more
  double ops_per_event = 40'000;         // to keep one: an estimate: 20 us at 2 Gop/s
  StreamShows shows = {};
  enum class Flaw : std::uint8_t { none, two_transactions };
  Flaw flaw = Flaw::none;  // for tests of tests
};

class StreamJob {
 public:
  /// Node and store outlive the node's tasks.
  StreamJob(Node& node, StreamStore& store, StreamPlan plan,
            const StreamJobSettings& settings = {});
  StreamJob(const StreamJob&) = delete;

  /// Goes on where the store says, as the owner of that epoch (StreamOwners::claim). On a standby
  /// this takes over. ErrorCode::conflict: a later owner was here.
  Result<Done> start(std::uint64_t epoch);

  /// Why it reads no more: ErrorCode::conflict: somebody else owns the job now.
  const std::optional<Error>& failure() const { return failure_; }
  const JobHead& head() const { return head_; }
  /// Reads and tells no more. It must be kept until the node stops: its tasks end one by one.
  void stop();
  /// Up to here what was told is final: with a standby, what is there too.
  std::uint64_t final_step() const { return settings_.standby ? shipped_ : head_.step; }
  /// The standby has all of some step of this owner, so it could take over.
  bool has_standby() const { return settings_.standby && (shipped_ > 0 || head_.step == 0); }
  const StreamPlan& plan() const { return plan_; }
  /// Events that were read but are not in the standby's store yet do not count.
  bool is_shipped() const { return !settings_.standby || shipped_ == head_.step; }

  /// What was told so far, and what came late. With a standby, ask there (StreamStore::outputs).
  Result<std::vector<WindowOutput>> outputs();
  Result<std::vector<LateEvent>> late();

 private:
  Task<> read(std::size_t source);
  Task<Result<Blob>> token_for(NodeId source);
  void refused(const Error& why);
  Task<Result<Done>> keep(std::size_t source, EventPage page);
  Result<Done> keep_at_once(std::size_t source, const EventPage& page, bool with_position);
  Result<Done> keep_position(std::size_t source);
  Task<> tick();
  Result<Done> fire_idle();
  Task<> ship();
  Result<Done> took_over(std::uint64_t epoch);
  FetchEvents question(std::size_t source, std::uint32_t credit) const;
  bool is_sound(std::size_t source, const EventPage& page, std::uint32_t credit) const;
  bool is_held_up() const;
  /// Within a transaction. False: a later owner's changes were applied here, and this one is over.
  bool is_still_ours();
  void count(const JobStep& step, std::size_t events);
  void fail(const Error& error);

  Node& node_;
  StreamStore& store_;
  StreamPlan plan_;
  StreamJobSettings settings_;
  Watermarks watermarks_;
  JobHead head_;
  std::vector<SourcePosition> positions_;  // by source of the spec
  std::vector<SourcePosition> safe_;       // as the standby has them
  std::uint64_t shipped_ = 0;
  std::uint64_t open_windows_ = 0;
  std::optional<Error> failure_;
  std::string last_refusal_;
};

/// Keeps what a job's owner ships. One a node, for all jobs.
class StreamStandby {
 public:
  /// All outlive the node's tasks; the service answers Port::streams.
  StreamStandby(Node& node, StreamStore& store, Service& service) : node_(node), store_(store) {
    service.on(&StreamStandby::keep, *this);
  }
  StreamStandby(const StreamStandby&) = delete;

 private:
  Task<Result<std::uint64_t>> keep(NodeId from, ShipChanges question);

  Node& node_;
  StreamStore& store_;
};

}  // namespace evenkeel
