#include "models/runtime/rpc.h"

#include "models/runtime/wire.h"

namespace evenkeel {
namespace {

enum class Kind : std::uint8_t { request, cancel };

std::uint64_t pack(EventId slot) { return (std::uint64_t{slot.age} << 32) | slot.slot; }

// The header of a call stands at the end of its bytes, where it is cheap to take off.
template <class T>
bool take_off(Bytes& bytes, T& value) {
  if (bytes.size() < sizeof value) return false;
  std::memcpy(&value, bytes.data() + bytes.size() - sizeof value, sizeof value);
  bytes.resize(bytes.size() - sizeof value);
  return true;
}

}  // namespace

// One port's calls in progress, so that a cancel finds its task.
class Rpc::Endpoint final : public Receiver {
 public:
  Endpoint(Rpc& rpc, Handler handler)
      : rpc_(rpc),
        handler_(std::move(handler)),
        buckets_(64),
        running_({buckets_.data(), buckets_.size()}) {}

  void arrived(Message message) override {
    CallId id{message.from, 0};
    Kind kind{};
    if (!take_off(message.payload.bytes, kind) || !take_off(message.payload.bytes, id.number) ||
        kind > Kind::cancel) {
      rpc_.node_.probe().count("malformed messages", rpc_.node_.id(), 1);
    } else if (kind == Kind::cancel) {
      cancel(id);
    } else {
      const SpawnId task = rpc_.node_.spawn(run(id, std::move(message.payload)));
      const auto running = find(id);
      if (running != running_.end()) running->task = task;
    }
  }

 private:
  // Stands in the set while its task runs, and in the task's frame.
  struct Running : boost::intrusive::unordered_set_base_hook<
                       boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
    explicit Running(CallId call) : id(call) {}
    CallId id;
    SpawnId task;
    friend bool operator==(const Running& a, const Running& b) { return a.id == b.id; }
  };
  struct Hash {
    std::size_t operator()(const CallId& id) const {
      return mix(id.number + (std::uint64_t{index(id.caller)} << 40));
    }
    std::size_t operator()(const Running& running) const { return (*this)(running.id); }
  };
  struct Same {
    bool operator()(const CallId& id, const Running& running) const { return id == running.id; }
  };
  using Set = boost::intrusive::unordered_set<Running, boost::intrusive::constant_time_size<false>,
                                              boost::intrusive::power_2_buckets<true>,
                                              boost::intrusive::hash<Hash>>;

  Set::iterator find(const CallId& id) { return running_.find(id, Hash{}, Same{}); }

  Task<> run(CallId id, Payload request) {
    Running running{id};
    insert(running);
    const Count counted{count_};
    Task<std::optional<Payload>> work = handler_(id, std::move(request));
    std::optional<Payload> answer = co_await std::move(work);
    if (answer) rpc_.answer(id, std::move(*answer));
  }

  struct Count {
    explicit Count(std::size_t& n) : count(n) { ++count; }
    Count(const Count&) = delete;
    ~Count() { --count; }
    std::size_t& count;
  };

  void insert(Running& running) {
    if (count_ >= buckets_.size()) {
      std::vector<Set::bucket_type> larger(buckets_.size() * 4);
      running_.rehash({larger.data(), larger.size()});
      buckets_.swap(larger);
    }
    running_.insert(running);
  }

  void cancel(const CallId& id) {
    const auto running = find(id);
    if (running == running_.end()) return;
    rpc_.node_.cancel(running->task);
  }

  Rpc& rpc_;
  Handler handler_;
  std::size_t count_ = 0;
  std::vector<Set::bucket_type> buckets_;
  Set running_;
};

Call::~Call() {
  if (pending_) give_up();
}

void Call::await_suspend(std::coroutine_handle<> waiting) {
  waiting_ = waiting;
  pending_ = true;
  slot_ = rpc_.open(*this);
  Writer{payload_.bytes}.put(pack(slot_)).put(Kind::request);
  rpc_.node_.send(to_, port_, std::exchange(payload_, {}));
  if (timeout_ == never) return;
  timer_ = rpc_.node_.world().set_timer(time_after(rpc_.node_.now(), timeout_), *this);
}

Result<Payload> Call::await_resume() {
  if (has_answer_) return std::move(payload_);
  return Error{ErrorCode::timeout, "no answer within the limit"};
}

void Call::wake() {
  timer_ = {};
  give_up();
  waiting_.resume();
}

void Call::answered(Payload answer) {
  rpc_.node_.world().cancel_timer(std::exchange(timer_, {}));
  rpc_.close(slot_);
  pending_ = false;
  has_answer_ = true;
  payload_ = std::move(answer);
  waiting_.resume();
}

void Call::give_up() {
  pending_ = false;
  rpc_.node_.world().cancel_timer(std::exchange(timer_, {}));
  rpc_.close(slot_);
  if (!rpc_.node_.is_up()) return;
  Payload cancel;
  Writer{cancel.bytes}.put(pack(slot_)).put(Kind::cancel);
  rpc_.node_.send(to_, port_, std::move(cancel));
}

Rpc::Rpc(Node& node) : node_(node) { node.listen(Port::replies, *this); }

Rpc::~Rpc() = default;

void Rpc::serve(Port port, Handler handler) {
  endpoints_.push_back(std::make_unique<Endpoint>(*this, std::move(handler)));
  node_.listen(port, *endpoints_.back());
}

void Rpc::answer(CallId id, Payload answer) {
  Writer{answer.bytes}.put(id.number);
  node_.send(id.caller, Port::replies, std::move(answer));
}

void Rpc::arrived(Message message) {
  std::uint64_t number = 0;
  if (!take_off(message.payload.bytes, number)) {
    node_.probe().count("malformed messages", node_.id(), 1);
    return;
  }
  const auto slot = static_cast<std::uint32_t>(number);
  const auto age = static_cast<std::uint32_t>(number >> 32);
  if (slot >= slots_.size() || slots_[slot].age != age || slots_[slot].call == nullptr) return;
  slots_[slot].call->answered(std::move(message.payload));
}

EventId Rpc::open(Call& call) {
  std::uint32_t slot = static_cast<std::uint32_t>(slots_.size());
  if (vacant_.empty()) {
    // Ages start apart after a restart: an answer meant for the former incarnation finds nobody.
    slots_.push_back({nullptr, node_.incarnation() << 24});
  } else {
    slot = vacant_.back();
    vacant_.pop_back();
  }
  slots_[slot].call = &call;
  return {slot, ++slots_[slot].age};
}

void Rpc::close(EventId id) {
  slots_[id.slot].call = nullptr;
  vacant_.push_back(id.slot);
}

}  // namespace evenkeel
