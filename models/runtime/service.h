// Questions and answers between modules, by type: a request is a struct with a `tag`, an `Answer`
// and its fields (message.h); a module says which of its functions answers it.
//
//   struct ReadRow {
//     static constexpr std::uint16_t tag = 1;  // unique within its port
//     using Answer = Row;
//     std::string key;
//     template <class Visitor> void fields(Visitor& visit) { visit(key); }
//   };
//   Service service{node, Port::records};
//   service.on(&Replica::read_row, replica);      // Task<Result<Row>> read_row(NodeId, ReadRow)
//   Task<Result<Row>> asked = ask(node, to, Port::records, ReadRow{"k"}, seconds(1));
//   const Result<Row> row = co_await std::move(asked);
//
// What a module returns as an error travels back as that error.
#pragma once

#include <functional>
#include <vector>

#include "models/runtime/message.h"
#include "models/runtime/rpc.h"

namespace evenkeel {

template <class T>
concept Question = wire::Fielded<T> && requires {
  typename T::Answer;
  { T::tag } -> std::convertible_to<std::uint16_t>;
};

/// An error's text on the wire is at most so long.
inline constexpr std::size_t longest_error = 1000;

template <class T>
Payload encode_result(const Result<T>& result) {
  Payload payload;
  if (result) {
    append(payload.bytes, true, *result);
  } else {
    append(payload.bytes, false, result.error().code,
           result.error().detail.substr(0, longest_error));
  }
  return payload;
}

template <class T>
Result<T> decode_result(const Result<Payload>& answer) {
  if (!answer) return answer.error();
  Reader reader{answer->bytes};
  if (reader.get<bool>()) {
    T value = read<T>(reader);
    if (reader.done()) return value;
  } else {
    const auto code = reader.get<std::uint8_t>();
    std::string detail = read<std::string>(reader);
    if (reader.done() && code < error_codes)
      return Error{static_cast<ErrorCode>(code), std::move(detail)};
  }
  return Error{ErrorCode::malformed, "the answer makes no sense"};
}

namespace detail {

template <class Answer>
Task<Result<Answer>> finish_asking(Node& node, NodeId to, Port port, Payload question,
                                   Duration limit) {
  Call call = node.rpc().call(to, port, std::move(question), limit);
  const Result<Payload> answer = co_await call;
  co_return decode_result<Answer>(answer);
}

}  // namespace detail

/// Asks one node and waits for its answer: ErrorCode::timeout if none came in time. The question is
/// encoded before this returns.
template <Question Q>
Task<Result<typename Q::Answer>> ask(Node& node, NodeId to, Port port, const Q& question,
                                     Duration limit) {
  Payload payload;
  append(payload.bytes, Q::tag, question);
  return detail::finish_asking<typename Q::Answer>(node, to, port, std::move(payload), limit);
}

/// Answers one port's questions. Lives as long as the node's incarnation.
class Service {
 public:
  Service(Node& node, Port port) : node_(node) {
    node.rpc().serve(port, [this](CallId id, Payload question) {
      return dispatch(id.caller, std::move(question));
    });
  }
  Service(const Service&) = delete;

  /// The module outlives the node's tasks. The function is told who asks.
  template <class Module, Question Q>
  void on(Task<Result<typename Q::Answer>> (Module::*function)(NodeId, Q), Module& module) {
    entries_.push_back({Q::tag, [this, function, &module](NodeId from, Payload question) {
                          return answer<Module, Q>(function, module, from, std::move(question));
                        }});
  }

 private:
  using Answering = std::function<Task<std::optional<Payload>>(NodeId, Payload)>;
  struct Entry {
    std::uint16_t tag;
    Answering answering;
  };

  Task<std::optional<Payload>> dispatch(NodeId from, Payload question) {
    Reader reader{question.bytes};
    const auto tag = reader.get<std::uint16_t>();
    for (const Entry& entry : entries_)
      if (entry.tag == tag) return entry.answering(from, std::move(question));
    return refuse();
  }

  template <class Module, class Q>
  Task<std::optional<Payload>> answer(Task<Result<typename Q::Answer>> (Module::*function)(NodeId,
                                                                                           Q),
                                      Module& module, NodeId from, Payload payload) {
    Reader reader{payload.bytes};
    reader.get<std::uint16_t>();
    Q question = read<Q>(reader);
    if (!reader.done()) co_return malformed();
    Task<Result<typename Q::Answer>> work = (module.*function)(from, std::move(question));
    const Result<typename Q::Answer> result = co_await std::move(work);
    co_return encode_result(result);
  }

  Task<std::optional<Payload>> refuse() { co_return malformed(); }

  Payload malformed() const {
    node_.probe().count("malformed messages", node_.id(), 1);
    return encode_result(Result<Done>{Error{ErrorCode::malformed, "not a question of this port"}});
  }

  Node& node_;
  std::vector<Entry> entries_;
};

}  // namespace evenkeel
