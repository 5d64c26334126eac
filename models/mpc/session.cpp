#include "models/mpc/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "models/mpc/costs.h"
#include "models/mpc/session_header.h"

namespace evenkeel {
// The next piece from one of the seats, if it comes before the limit.
class [[nodiscard]] Session::Arrival final : public Waiter {
 public:
  /// The seats must outlive it.
  Arrival(Session& session, std::span<const Seat> from, Time limit)
      : session_(session), from_(from), limit_(limit) {}
  Arrival(const Arrival&) = delete;
  ~Arrival() {
    session_.node().world().cancel_timer(timer_);
    if (session_.waiting_ == this) session_.waiting_ = nullptr;
  }

  bool await_ready() const { return first().has_value(); }
  void await_suspend(std::coroutine_handle<> waiting) {
    waiting_ = waiting;
    session_.waiting_ = this;
    timer_ = session_.node().world().set_timer(limit_, *this);
  }
  std::optional<Seat> await_resume() const { return first(); }

  std::optional<Seat> first() const {
    for (const Seat seat : from_)
      if (session_.peers_[seat].ahead.contains(session_.peers_[seat].received)) return seat;
    return std::nullopt;
  }
  void resume() {
    session_.node().world().cancel_timer(timer_);
    wake();
  }

 private:
  void wake() override {
    session_.waiting_ = nullptr;
    waiting_.resume();
  }

  Session& session_;
  std::span<const Seat> from_;
  Time limit_;
  EventId timer_;
  Suspended waiting_;
};

Session::Session(Sessions& sessions, SessionPlan plan)
    : sessions_(sessions), plan_(std::move(plan)), peers_(plan_.seats.size()) {
  EVENKEEL_CHECK(plan_.self < seats() && plan_.parties <= seats(), "a seat that is not there");
  EVENKEEL_CHECK(plan_.seats[plan_.self] == node().id(), "somebody else's seat");
  sessions_.open(*this);
}

Session::~Session() { sessions_.close(plan_.id); }

std::string Session::name_of(Seat seat) const {
  return seat < plan_.names.size() ? fmt::format("seat {} ({})", seat, plan_.names[seat])
                                   : fmt::format("seat {}", seat);
}

// A message with its header and room for its bytes, as it is counted.
Session::Letter Session::headed(Seat to, std::size_t size, std::uint64_t padding) {
  const bool is_offline = phase_ == Phase::offline;
  const SessionHeader header{.id = plan_.id,
                             .number = peers_[to].sent++,
                             .depth = spent_.rounds + 1,
                             .offline_depth = spent_.offline_rounds + (is_offline ? 1 : 0),
                             .online_depth = spent_.online_rounds + (is_offline ? 0 : 1)};
  Letter letter{.to = to, .payload = {.padding = padding}};
  Payload& payload = letter.payload;
  payload.bytes.resize(sizeof header + size, boost::container::default_init);
  std::memcpy(payload.bytes.data(), &header, sizeof header);
  spent_.sent_bytes += size + padding;
  spent_.header_bytes += sizeof header;
  ++spent_.messages;
  if (is_offline) spent_.offline_bytes += size + padding;
  if (is_offline) ++spent_.offline_messages;
  if (Trace::here() != nullptr)
    letter.described = {.what = std::string{step_},
                        .session = plan_.id,
                        .round = header.depth,
                        .is_offline = is_offline};
  return letter;
}

void Session::send_bytes(Seat to, std::span<const std::byte> bytes) {
  EVENKEEL_CHECK(to < seats() && to != self(), "a message to nobody");
  for (std::size_t start = 0; start < bytes.size(); start += piece_bytes) {
    const auto piece = bytes.subspan(start, std::min(piece_bytes, bytes.size() - start));
    Letter letter = headed(to, piece.size(), 0);
    std::memcpy(letter.payload.bytes.data() + sizeof(SessionHeader), piece.data(), piece.size());
    outbox_.push_back(std::move(letter));
  }
}

void Session::send_blank(Seat to, std::uint64_t bytes) {
  EVENKEEL_CHECK(to < seats() && to != self(), "a message to nobody");
  outbox_.push_back(headed(to, 0, bytes));
}

Task<Session::Took> Session::take(Seat from, std::span<std::byte> into, Time limit,
                                  std::uint64_t padding) {
  EVENKEEL_CHECK(from < seats() && from != self(), "a message from nobody");
  co_await flush();
  for (std::size_t start = 0; start < into.size() || padding > 0;) {
    const std::size_t wanted = std::min(piece_bytes, into.size() - start);
    Arrival next{*this, {&from, 1}, limit};
    const std::optional<Seat> arrived = co_await next;
    if (!arrived) co_return Took::late;
    Peer& peer = peers_[from];
    const Message message = std::move(peer.ahead.extract(peer.received).mapped());
    ++peer.received;
    peer.ahead_bytes -= message.payload.bytes.size();
    const Bytes& bytes = message.payload.bytes;
    if (bytes.size() != sizeof(SessionHeader) + wanted || message.payload.padding != padding)
      co_return Took::malformed;
    padding = 0;
    const SessionHeader header = header_of(bytes);
    spent_.rounds = std::max(spent_.rounds, header.depth);
    spent_.offline_rounds = std::max(spent_.offline_rounds, header.offline_depth);
    spent_.online_rounds = std::max(spent_.online_rounds, header.online_depth);
    std::memcpy(into.data() + start, bytes.data() + sizeof(SessionHeader), wanted);
    start += wanted;
  }
  co_return Took::all;
}

Task<> Session::receive_bytes(Seat from, std::span<std::byte> into) {
  co_await receive_all(from, into, 0);
}

Task<> Session::receive_blank(Seat from, std::uint64_t bytes) {
  co_await receive_all(from, {}, bytes);
}

Task<> Session::receive_all(Seat from, std::span<std::byte> into, std::uint64_t padding) {
  const Took took = co_await take(from, into, time_after(node().now(), plan_.patience), padding);
  if (took == Took::all) co_return;
  blamed_ = from;
  const Forever forever =
      took == Took::late
          ? abort(ErrorCode::timeout, fmt::format("{} did not send what '{}' waits for within {} s",
                                                  name_of(from), step_, to_seconds(plan_.patience)))
          : abort(ErrorCode::malformed,
                  fmt::format("{} sent something else than the {} bytes that '{}' wants",
                              name_of(from), into.size() + padding, step_));
  co_await forever;
}

Task<bool> Session::try_receive(Seat from, std::span<std::byte> into, Duration limit) {
  if (peers_[from].dropped) co_return false;
  const Took took = co_await take(from, into, time_after(node().now(), limit));
  if (took != Took::all) peers_[from].dropped = true;
  co_return took == Took::all;
}

Task<std::optional<Seat>> Session::first_of(std::vector<Seat> seats, Duration limit) {
  co_await flush();
  Arrival next{*this, seats, time_after(node().now(), limit)};
  const std::optional<Seat> first = co_await next;
  co_return first;
}

Task<Words> Session::receive(Seat from, std::size_t words) {
  Words received(words);
  co_await receive_bytes(from, std::as_writable_bytes(std::span{received}));
  co_return received;
}

Session::Forever Session::abort(ErrorCode code, const std::string& why) {
  fail(code, why);
  return {};
}

void Session::fail(ErrorCode code, const std::string& why) {
  if (error_ || over_ == nullptr) return;
  error_ = Error{code, why};
  over_->raise();
}

void Session::arrived(Message message) {
  const auto seat = std::ranges::find(plan_.seats, message.from);
  if (seat == plan_.seats.end()) return;  // an outsider's
  Peer& peer = peers_[static_cast<std::size_t>(seat - plan_.seats.begin())];
  const std::uint32_t number = header_of(message.payload.bytes).number;
  if (peer.dropped || number < peer.received || peer.ahead.contains(number)) return;
  peer.ahead_bytes += message.payload.bytes.size();  // padding takes no memory
  if (peer.ahead_bytes > most_ahead_bytes && goes_on_without_) {
    peer.dropped = true;
    peer.ahead.clear();
    return;
  }
  if (peer.ahead_bytes > most_ahead_bytes) {
    fail(ErrorCode::overloaded,
         fmt::format("{} sends more than '{}' asks for",
                     name_of(static_cast<Seat>(seat - plan_.seats.begin())), step_));
    return;
  }
  peer.ahead.emplace(number, std::move(message));
  if (waiting_ != nullptr && !error_ && waiting_->first()) waiting_->resume();
}

// A moment's work gets no turn of its own behind longer work that holds the cores, as no machine
// would let it wait; it is put together with what comes after.
Task<> Session::flush() {
  spent_.work_ns += work_ns_;
  sessions_.owed_ns_ += std::exchange(work_ns_, 0);
  if (sessions_.owed_ns_ >= Sessions::turn_ns && !node().world().is_real_time()) {
    const Work work{std::exchange(sessions_.owed_ns_, 0) * costs::operations_per_ns};
    co_await node().compute(work);
  }
  send_all();
}

Task<> Session::give_way() {
  co_await flush();
  if (node().world().is_real_time()) co_await node().sleep(Duration{1});  // until the loop comes by
}

void Session::send_all() {
  for (Letter& letter : outbox_) {
    if (Trace* const trace = Trace::here(); trace != nullptr && letter.described)
      trace->describe_next(std::move(*letter.described));
    node().send(plan_.seats[letter.to], Port::mpc, std::move(letter.payload));
  }
  outbox_.clear();
}

}  // namespace evenkeel
