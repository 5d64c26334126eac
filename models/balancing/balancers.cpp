#include "models/balancing/balancers.h"

#include "models/runtime/wire.h"

namespace evenkeel {

Balancers::Balancers(Node& node, const BalancerSettings& settings,
                     std::vector<const Choices*> pools)
    : node_(node), settings_(settings), pools_(std::move(pools)) {
  node.listen(Port::notices, *this);
  node.rpc().serve(Port::enlisting, [this](CallId, Payload question) {
    return answer_idle_count(std::move(question));
  });
}

Balancer& Balancers::at(std::uint32_t seat, std::size_t pool) {
  std::unique_ptr<Balancer>& place = seat == 0 && pool == 0 ? first_ : others_[{seat, pool}];
  if (!place)
    place =
        std::make_unique<Balancer>(node_, settings_, *pools_[pool], seat * pools_.size() + pool);
  return *place;
}

void Balancers::learned(std::span<const NodeId> nodes, std::span<const double> outcome) {
  for (std::size_t pool = 0; pool < pools_.size(); ++pool) at(0, pool).learned(nodes, outcome);
  for (const auto& [place, balancer] : others_)
    if (place.first != 0) balancer->learned(nodes, outcome);
}

void Balancers::serve_dispatch(std::vector<std::size_t> pool_of_class) {
  pool_of_class_ = std::move(pool_of_class);
  node_.rpc().serve(Port::dispatch,
                    [this](CallId, Payload payload) { return pass_on(std::move(payload)); });
}

Task<std::optional<Payload>> Balancers::pass_on(Payload payload) {
  const std::optional<Request> request = decode_request(payload);
  if (!request || request->request_class >= pool_of_class_.size())
    co_return encode(Answer{.end = RequestEnd::dropped}, 0);
  Blob body;
  const Sending how{.input_bytes = payload.size() + request_overhead, .answer_body = &body};
  const std::size_t pool = pool_of_class_[request->request_class];
  Answer answer = co_await at(0, pool).dispatch(*request, how);
  answer.body = body;
  co_return encode(answer, answer.end == RequestEnd::completed ? request->output_bytes : 0);
}

Task<std::optional<Payload>> Balancers::answer_idle_count(Payload question) {
  Reader reader{question.bytes};
  const auto seat = reader.get<std::uint32_t>();
  std::uint64_t count = 0;
  if (reader.done())
    for (std::size_t pool = 0; pool < pools_.size(); ++pool) count += at(seat, pool).idle_count();
  Payload answer;
  Writer{answer.bytes}.put(count);
  co_return answer;
}

void Balancers::arrived(Message message) {
  const std::optional<Notice> notice = decode_notice(message.payload);
  if (!notice) {
    node_.probe().count("malformed messages", node_.id(), 1);
    return;
  }
  for (std::size_t pool = 0; pool < pools_.size(); ++pool) {
    const ServerIndex server = pools_[pool]->servers->index_of[index(message.from)];
    if (server == ServerSet::none_such) continue;
    if (notice->kind != Notice::Kind::bulletin) {
      at(notice->seat, pool).noticed(server, *notice);
      continue;
    }
    // A bulletin is for every balancer here.
    at(0, pool).noticed(server, *notice);
    for (const auto& [place, balancer] : others_)
      if (place.second == pool && place.first != 0) balancer->noticed(server, *notice);
  }
}

}  // namespace evenkeel
