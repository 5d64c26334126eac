// One computation among seats, as one of them sees it: who sits where, messages to and from each of
// them in order, what they cost, and how it ends when something goes wrong.
//
// A protocol is written as if nothing could fail. What fails (a seat that is silent, bytes that
// make no sense, a check that finds a cheat) ends the whole session: the coroutine that waits is
// never resumed but destroyed, with all the secrets in its frame, and `run` gives the error.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "models/mpc/claim.h"
#include "models/mpc/sessions.h"
#include "models/mpc/words.h"
#include "models/runtime/node.h"
#include "models/runtime/signal.h"

namespace evenkeel {

/// A place at a computation, from 0.
using Seat = std::uint32_t;

/// Offline is what depends on no input and could be done before there are any: the agreement on
/// keys, what a dealer deals, triples, base transfers. All else is online.
enum class Phase : std::uint8_t { offline, online };

/// What one seat has sent, without headers, and how deep its messages depend on one another.
struct Spent {
  std::uint64_t sent_bytes = 0;
  std::uint64_t messages = 0;
  std::uint64_t header_bytes = 0;
  std::uint32_t rounds = 0;  // the longest chain of messages, each sent after the one before came
  double work_ns = 0;        // of local computation that was charged

  // What of it was spent in the offline phase.
  std::uint64_t offline_bytes = 0;
  std::uint64_t offline_messages = 0;
  double offline_work_ns = 0;
  Duration offline_time{};  // how long the seat was in it
  /// The longest chains when messages of the other phase cost no round. Both add up to `rounds`
  /// where one phase waits for the other.
  std::uint32_t offline_rounds = 0;
  std::uint32_t online_rounds = 0;
};

/// How far a seat had come, and at what cost.
struct Mark {
  std::string_view name;  // a literal
  Time at{};
  Spent spent = {};
};

struct SessionPlan {
  std::uint64_t id = 0;            // the same for all seats, and no other session's
  std::vector<NodeId> seats = {};  // first those that compute, then the clients
  Seat self = 0;
  std::uint32_t parties = 0;            // how many compute; the seats after them are clients
  Duration patience = seconds(10);      // for one message
  std::vector<std::string> names = {};  // of the seats, for messages to people
  Claim claim = Claim::honest;          // how this seat enters what it has
};

class Session {
 public:
  /// id, number and depths: what each message carries beside its payload.
  static constexpr std::size_t header_bytes = 24;
  /// A longer message goes in pieces.
  static constexpr std::size_t piece_bytes = std::size_t{1} << 20;
  /// What one seat may send ahead of what is read.
  static constexpr std::size_t most_ahead_bytes = std::size_t{512} << 20;

  Session(Sessions& sessions, SessionPlan plan);
  Session(const Session&) = delete;
  ~Session();

  std::uint64_t id() const { return plan_.id; }
  Seat self() const { return plan_.self; }
  Seat seats() const { return static_cast<Seat>(plan_.seats.size()); }
  Seat parties() const { return plan_.parties; }
  bool is_party() const { return self() < parties(); }
  Node& node() { return sessions_.node(); }
  const Spent& spent() const { return spent_; }
  Duration patience() const { return plan_.patience; }
  Claim claim() const { return plan_.claim; }

  /// Names what is done now, for errors.
  void enter(std::string_view step) { step_ = step; }
  /// Notes that a part is over.
  void mark(std::string_view name) { marks_.push_back({name, node().now(), spent_}); }
  const std::vector<Mark>& marks() const { return marks_; }

  /// Never waits. It leaves when the seat next waits for a message or is done.
  void send_bytes(Seat to, std::span<const std::byte> bytes);
  void send(Seat to, std::span<const Word> words) { send_bytes(to, std::as_bytes(words)); }
  /// Bytes that exist only as size (Payload::padding), of what is modelled and not run.
  void send_blank(Seat to, std::uint64_t bytes);
  /// What was sent leaves now, and the node does what else is due. For a seat that makes much to
  /// send and waits for nothing.
  Task<> give_way();
  /// What that seat sent next; both know how long it is, so that another length is an error.
  Task<> receive_bytes(Seat from, std::span<std::byte> into);
  Task<Words> receive(Seat from, std::size_t words);
  Task<> receive_blank(Seat from, std::uint64_t bytes);
  /// For protocols that go on without a seat: false if it did not send this within the limit, or
  /// sent something else; from then on nothing of that seat is read any more.
  Task<bool> try_receive(Seat from, std::span<std::byte> into, Duration limit);
  /// The seat whose silence or nonsense ended the session, if that is what ended it.
  std::optional<Seat> blamed() const { return blamed_; }
  bool has_dropped(Seat seat) const { return peers_[seat].dropped; }
  /// The first of these seats of which something is there to be received; nothing if there is none
  /// within the limit.
  Task<std::optional<Seat>> first_of(std::vector<Seat> seats, Duration limit);
  /// From now on a seat that sends too much ahead is dropped; the session goes on without it.
  void go_on_without() { goes_on_without_ = true; }

  /// Local computation of so many nanoseconds on the machine of the cost table (costs.h), a core of
  /// 2 Gop/s. In virtual time it is charged before the next message leaves, once it is worth a
  /// turn; in real time it has passed already.
  void charge(double nanoseconds) {
    work_ns_ += nanoseconds;
    if (phase_ == Phase::offline) spent_.offline_work_ns += nanoseconds;
  }

  /// Ends the session; whoever awaits it never goes on.
  struct [[nodiscard]] Forever {
    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<>) const {}
    void await_resume() const {}
  };
  Forever abort(ErrorCode code, const std::string& why);
  std::string name_of(Seat seat) const;

  /// Runs the body to its end, or until the session fails. Once.
  template <class T>
  Task<Result<T>> run(Task<T> body);

 private:
  friend class Sessions;
  friend class OfflinePhase;

  struct Peer {
    std::uint32_t sent = 0;      // pieces
    std::uint32_t received = 0;  // pieces
    bool dropped = false;
    std::map<std::uint32_t, Message> ahead = {};
    std::size_t ahead_bytes = 0;
  };
  class Arrival;
  enum class Took { all, late, malformed };

  /// Reads what fits, or one message of so much padding; it gives up at `limit`.
  Task<Took> take(Seat from, std::span<std::byte> into, Time limit, std::uint64_t padding = 0);
  Task<> receive_all(Seat from, std::span<std::byte> into, std::uint64_t padding);
  struct Letter {
    Seat to = 0;
    Payload payload = {};
    std::optional<TraceStep> described = {};  // where it is traced
  };
  Letter headed(Seat to, std::size_t size, std::uint64_t padding);
  template <class T>
  static Task<> keep(Session& session, Task<T> body, std::optional<T>& value);

  void arrived(Message message);
  void fail(ErrorCode code, const std::string& why);
  Task<> flush();
  void send_all();

  Sessions& sessions_;
  SessionPlan plan_;
  std::string_view step_ = "start";
  std::vector<Peer> peers_;
  std::vector<Letter> outbox_;
  Arrival* waiting_ = nullptr;
  Spent spent_;
  std::vector<Mark> marks_;
  double work_ns_ = 0;
  Phase phase_ = Phase::online;
  bool goes_on_without_ = false;
  std::optional<Error> error_;
  std::optional<Seat> blamed_;
  Signal* over_ = nullptr;
};

/// While it lives, what the seat spends is of the offline phase. One inside another is the same
/// phase.
class OfflinePhase {
 public:
  explicit OfflinePhase(Session& session)
      : session_(session),
        before_(std::exchange(session.phase_, Phase::offline)),
        since_(session.node().now()) {}
  OfflinePhase(const OfflinePhase&) = delete;
  ~OfflinePhase() {
    session_.phase_ = before_;
    if (before_ == Phase::online) session_.spent_.offline_time += session_.node().now() - since_;
  }

 private:
  Session& session_;
  Phase before_;
  Time since_;
};

template <class T>
Task<> Session::keep(Session& session, Task<T> body, std::optional<T>& value) {
  value.emplace(co_await std::move(body));
  co_await session.flush();
  session.over_->raise();
}

template <class T>
Task<Result<T>> Session::run(Task<T> body) {
  Signal over{node().world()};
  std::optional<T> value;
  over_ = &over;
  TaskList tasks;  // destroyed first: what waits is given up, with its secrets
  Task<> kept = keep(*this, std::move(body), value);
  tasks.spawn(std::move(kept));
  const Signal::Wait wait = over.wait_until(never);
  co_await wait;
  over_ = nullptr;
  if (error_) co_return *error_;
  co_return std::move(*value);
}

}  // namespace evenkeel
