#include "models/access/standing_leaves.h"

namespace evenkeel {
namespace {

constexpr Duration look_again_after = std::chrono::milliseconds{1};

Digest id_of(const AccessRequest& request) {
  return sha256(encoded(request.asker, static_cast<std::uint8_t>(request.kind), request.part,
                        request.table.name, request.token));
}

}  // namespace

Task<Result<StandingLeaves::Leave>> StandingLeaves::leave(AccessRequest request) {
  if (!rule_) co_return std::make_shared<const AccessLeave>();
  const Digest id = id_of(request);
  if (!standing_.contains(id)) {
    drop_old();
    if (standing_.size() >= settings_.most)
      co_return Error{ErrorCode::overloaded, "too many grants in use: ask again later"};
    standing_[id] = std::make_shared<Standing>();
    node_.spawn(ask(standing_[id], std::move(request)));
  }
  const std::shared_ptr<Standing> standing = standing_[id];
  standing->used = node_.now();
  while (!standing->answer) co_await node_.sleep(look_again_after);
  const auto found = standing_.find(id);
  const bool is_kept = found != standing_.end() && found->second == standing;
  if (!*standing->answer) {
    if (is_kept) standing_.erase(found);
    co_return standing->answer->error();
  }
  const Leave leave = **standing->answer;
  if (leave->holds) {
    const Result<Done> holds = leave->holds();
    if (!holds) co_return holds.error();
  }
  co_return leave;
}

// Not in the task of whoever asks first, who may give up.
Task<> StandingLeaves::ask(std::shared_ptr<Standing> standing, AccessRequest request) {
  Task<Result<AccessLeave>> asking = rule_(std::move(request));
  Result<AccessLeave> leave = co_await std::move(asking);
  if (leave)
    standing->answer = Leave{std::make_shared<const AccessLeave>(std::move(*leave))};
  else
    standing->answer = Result<Leave>{leave.error()};
}

void StandingLeaves::drop_old() {
  std::erase_if(standing_, [this](const auto& one) {
    return one.second->answer && one.second->used + settings_.keep_for < node_.now();
  });
}

}  // namespace evenkeel
