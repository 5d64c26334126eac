// A question to several keepers at once, whose answers are looked at as they come.
#pragma once

#include <memory>

#include "models/runtime/service.h"
#include "models/runtime/signal.h"
#include "models/storage/secrets/secret_settings.h"

namespace evenkeel {

/// Lives in the frame of the task that waits. What is asked goes on if nobody waits any more.
template <class Answer>
class KeeperAnswers {
 public:
  KeeperAnswers(Node& node, const SecretSettings& settings)
      : node_(node),
        settings_(settings),
        state_(std::make_shared<State>(settings.n())),
        came_(node.world()) {
    state_->came = &came_;
  }
  KeeperAnswers(const KeeperAnswers&) = delete;
  ~KeeperAnswers() { state_->came = nullptr; }

  /// `rounds`: so many questions after one another may stand behind the answer.
  template <Question Q>
  void ask(std::uint32_t place, const Q& question, int rounds = 1) {
    ++state_->open;
    Task<Result<Answer>> asking = evenkeel::ask(node_, settings_.keepers[place], Port::secrets,
                                                question, rounds * settings_.timeout);
    Task<> kept = keep(state_, place, std::move(asking));
    node_.spawn(std::move(kept));
  }
  template <Question Q>
  void ask_all(const Q& question) {
    for (std::uint32_t place = 0; place < settings_.n(); ++place) ask(place, question);
  }

  /// Some are still to come.
  bool is_open() const { return state_->open > 0; }
  /// Until one more came.
  Task<> next() {
    if (is_open()) {
      const Signal::Wait wait = came_.wait_until(never);
      co_await wait;
      came_.reset();
    }
  }
  Task<> all() {
    while (is_open()) co_await next();
  }

  /// By place; null where none came, or an error.
  Answer* of(std::uint32_t place) const {
    std::optional<Result<Answer>>& answer = state_->answers[place];
    return answer && *answer ? &**answer : nullptr;
  }
  const Error* error_of(std::uint32_t place) const {
    const std::optional<Result<Answer>>& answer = state_->answers[place];
    return answer && !*answer ? &answer->error() : nullptr;
  }
  std::uint32_t count() const {
    std::uint32_t count = 0;
    for (std::uint32_t place = 0; place < settings_.n(); ++place) count += of(place) != nullptr;
    return count;
  }

 private:
  struct State {
    explicit State(std::size_t n) : answers(n) {}
    std::vector<std::optional<Result<Answer>>> answers;
    std::size_t open = 0;
    Signal* came = nullptr;  // of who waits; null when nobody does any more
  };

  static Task<> keep(std::shared_ptr<State> state, std::uint32_t place,
                     Task<Result<Answer>> asking) {
    Result<Answer> answer = co_await std::move(asking);
    state->answers[place] = std::move(answer);
    --state->open;
    if (state->came != nullptr) state->came->raise();
  }

  Node& node_;
  const SecretSettings& settings_;
  std::shared_ptr<State> state_;
  Signal came_;
};

}  // namespace evenkeel
