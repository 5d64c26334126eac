// The server's side of secure_aggregation: messages, promises and papers stand in
// secure_aggregation.cpp.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "models/mpc/costs.h"
#include "models/mpc/disclosure.h"
#include "models/mpc/protocols/secure_aggregation_unmasking.h"

namespace evenkeel {
namespace {

class AggregationServer {
 public:
  AggregationServer(Session& session, const SecureAggregationShape& shape, Duration wait)
      : session_(session),
        shape_(shape),
        wait_(wait),
        clients_(shape.clients + 1),
        sum_(shape.count, shape.bits) {
    for (Seat seat = 1; seat <= shape.clients; ++seat) left_.push_back(seat);
  }

  Task<Aggregation::Total> collect_sum() {
    draw_graph();
    co_await prepare();
    co_await collect_vectors();
    send_requests();
    if (shape_.is_active) co_await collect_signatures();
    co_await collect_unmasking();
    Unmasking unmasking{session_, shape_, clients_, sum_};
    co_await unmasking.unmask();
    Aggregation::Total total{sum_.values(), {}};
    disclose(total.values);
    for (Seat seat = 1; seat <= shape_.clients; ++seat)
      if (clients_[seat].is_in_sum) total.counted.push_back(seat);
    co_return total;
  }

 private:
  using Taker = std::function<bool(Seat, std::span<const std::byte>)>;

  void draw_graph();
  // From all that are left; those whose message does not come, or is not taken, are left no more.
  Task<> collect(std::string_view step, std::size_t bytes, const Taker& take);
  Task<> prepare() {
    const OfflinePhase offline{session_};
    co_await collect_keys();
    co_await collect_shares();
  }
  Task<> collect_keys();
  Task<> collect_shares();
  Task<> collect_vectors();
  void send_requests();
  Task<> collect_signatures();
  Task<> collect_unmasking();

  // To each that is left, about each of its neighbours the bytes that `about` copies.
  template <class About>
  void tell_neighbours(std::span<const std::byte> first, std::size_t each, About about) {
    for (const Seat seat : left_) {
      Blob list(first.begin(), first.end());
      list.resize(first.size() + shape_.graph.degree * each);
      std::span<std::byte> rest = std::span{list}.subspan(first.size());
      for (const Seat other : clients_[seat].members) {
        if (other == seat) continue;
        about(seat, other, rest.first(each));
        rest = rest.subspan(each);
      }
      session_.send_bytes(seat, list);
    }
  }

  Session& session_;
  const SecureAggregationShape& shape_;
  Duration wait_;
  std::vector<ClientRecord> clients_;  // by seat
  std::vector<Seat> left_;
  PrgKey graph_key_ = {};
  ModularVector sum_;
};

void AggregationServer::draw_graph() {
  AggregationGraph graph = AggregationGraph::complete(shape_.clients);
  if (shape_.is_sparse) {
    graph_key_ = draw_prg_key(session_.node().random());
    graph = AggregationGraph::drawn(shape_.clients, shape_.graph.degree, graph_key_);
  }
  for (const Seat seat : left_) clients_[seat].members = graph.members(seat);
}

Task<> AggregationServer::collect(std::string_view step, std::size_t bytes, const Taker& take) {
  session_.enter(step);
  const Time limit = session_.node().now() + wait_;
  SecretBytes message(bytes);
  std::vector<Seat> still;
  for (const Seat seat : left_) {
    const Duration rest = std::max(Duration{}, limit - session_.node().now());
    const bool came = co_await session_.try_receive(seat, message, rest);
    if (came && take(seat, message)) still.push_back(seat);
  }
  left_ = std::move(still);
  session_.mark(step);
  if (left_.size() >= shape_.graph.threshold) co_return;
  const Session::Forever forever =
      session_.abort(ErrorCode::no_quorum,
                     fmt::format("{} of {} clients are left after '{}', and {} are needed",
                                 left_.size(), shape_.clients, step, shape_.graph.threshold));
  co_await forever;
}

Task<> AggregationServer::collect_keys() {
  const Taker take = [this](Seat seat, std::span<const std::byte> keys) {
    session_.charge(2 * costs::key_agreement);
    for (const std::size_t start : {std::size_t{0}, sizeof(PublicKey)}) {
      PublicKey key;
      std::memcpy(key.data(), keys.data() + start, sizeof key);
      if (!AgreementKey::is_sound(key)) return false;
    }
    clients_[seat].keys.assign(keys.begin(), keys.end());
    return true;
  };
  co_await collect("advertise keys", shape_.keys(), take);
  std::span<const std::byte> first = graph_key_;
  if (!shape_.is_sparse) first = {};
  tell_neighbours(first, shape_.keys(), [this](Seat, Seat other, std::span<std::byte> into) {
    if (clients_[other].has_keys()) std::ranges::copy(clients_[other].keys, into.begin());
  });
}

Task<> AggregationServer::collect_shares() {
  const Taker take = [this](Seat seat, std::span<const std::byte> sealed) {
    clients_[seat].sealed.assign(sealed.begin(), sealed.end());
    clients_[seat].has_shared = true;
    return true;
  };
  co_await collect("share keys", shape_.share_list(), take);
  const std::size_t each = shape_.sealed_shares();
  tell_neighbours({}, each, [this, each](Seat seat, Seat other, std::span<std::byte> into) {
    const ClientRecord& sender = clients_[other];
    if (!sender.has_shared) return;
    const std::size_t place = sender.place_of(seat) - (seat > other ? 1 : 0);  // it skips itself
    std::memcpy(into.data(), sender.sealed.data() + place * each, each);
  });
  for (ClientRecord& client : clients_) client.sealed = {};
}

Task<> AggregationServer::collect_vectors() {
  const Taker take = [this](Seat seat, std::span<const std::byte> packed) {
    session_.charge(costs::packed_word * static_cast<double>(shape_.count));
    sum_.add_packed(packed);
    clients_[seat].is_in_sum = true;
    return true;
  };
  co_await collect("masked input", shape_.masked(), take);
}

// The seeds of those in the sum, the keys of those that shared theirs and then dropped out.
void AggregationServer::send_requests() {
  for (const Seat seat : left_) {
    Blob request(shape_.request());
    const std::vector<Seat>& members = clients_[seat].members;
    for (std::size_t i = 0; i < members.size(); ++i) {
      const ClientRecord& member = clients_[members[i]];
      if (!member.has_shared) continue;
      const std::span<std::byte> all{request};
      set_bit(member.is_in_sum ? all.first(shape_.bitmap()) : all.last(shape_.bitmap()), i);
    }
    session_.send_bytes(seat, request);
  }
}

Task<> AggregationServer::collect_signatures() {
  const Taker take = [this](Seat seat, std::span<const std::byte> signature) {
    clients_[seat].signature.assign(signature.begin(), signature.end());
    return true;
  };
  co_await collect("consistency check", sizeof(Signature), take);
  tell_neighbours({}, sizeof(Signature), [this](Seat, Seat other, std::span<std::byte> into) {
    std::ranges::copy(clients_[other].signature, into.begin());
  });
}

Task<> AggregationServer::collect_unmasking() {
  const Taker take = [this](Seat seat, std::span<const std::byte> shares) {
    clients_[seat].shares.assign(shares.begin(), shares.end());
    return true;
  };
  co_await collect("unmasking", shape_.reply(), take);
}

}  // namespace

Task<Aggregation::Total> collect_masked(Session& session, const SecureAggregationShape& shape,
                                        Duration wait) {
  AggregationServer server{session, shape, wait};
  Task<Aggregation::Total> collecting = server.collect_sum();
  Aggregation::Total total = co_await std::move(collecting);
  co_return total;
}

}  // namespace evenkeel
