#include "models/mpc/protocols/prio3_aggregator.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/mpc/tools/prg.h"

namespace evenkeel {

Task<Aggregation::Total> Prio3Aggregator::add_up() {
  Prio3::Seed key;
  co_await agree_on_key(key);
  co_await collect(key);
  Aggregation::Total total;
  if (session_.self() == helper) {
    co_await help();
    co_return total;
  }
  total = co_await lead();
  co_return total;
}

Task<> Prio3Aggregator::agree_on_key(Prio3::Seed& key) {
  const OfflinePhase offline{session_};
  if (session_.self() == leader) {
    Prg{draw_prg_key(session_.node().random())}.fill(key);
    session_.send_bytes(helper, key);
  } else {
    session_.enter("key");
    co_await session_.receive_bytes(leader, key);
  }
}

// All uploads, and the checks begun on them.
Task<> Prio3Aggregator::collect(const Prio3::Seed& key) {
  session_.enter("reports");
  const Prio3::Sizes sizes = scheme_.sizes();
  const Seat self = session_.self();
  const Time until = time_after(session_.node().now(), session_.patience() / 2);
  checks_.resize(clients());
  Prio3::Nonce nonce;
  SecretBytes upload(nonce.size() + sizes.public_share +
                     (self == leader ? sizes.leader_share : sizes.helper_share));
  for (std::uint32_t client = 0; client < clients(); ++client) {
    const Duration left = std::max(Duration{}, until - session_.node().now());
    const Seat seat = session_.parties() + client;
    const bool came = co_await session_.try_receive(seat, upload, left);
    if (!came) {
      leave_out(client, "sent no report, or none of the right length");
      continue;
    }
    const Prio3::View bytes = upload;
    std::ranges::copy(bytes.first(nonce.size()), nonce.begin());
    session_.charge(scheme_.work().verify_ns);
    checks_[client] = scheme_.begin_check(key, context, self, nonce,
                                          bytes.subspan(nonce.size(), sizes.public_share),
                                          bytes.subspan(nonce.size() + sizes.public_share));
    if (!checks_[client]) leave_out(client, "sent what is no share");
  }
}

// Whose proofs hold, of what the helper has too.
Task<Flags> Prio3Aggregator::choose_valid() {
  session_.enter("verifier shares");
  Flags known{clients()};
  co_await session_.receive_bytes(helper, known.bytes());
  SecretBytes theirs(known.count() * scheme_.sizes().verifier_share);
  if (!theirs.empty()) co_await session_.receive_bytes(helper, theirs);
  Prio3::View rest = theirs;
  Flags valid{clients()};
  SecretBytes messages;
  for (std::uint32_t client = 0; client < clients(); ++client) {
    if (!known.has(client)) {
      if (checks_[client]) leave_out(client, "sent the helper no share");
      continue;
    }
    const Prio3::View share = rest.first(scheme_.sizes().verifier_share);
    rest = rest.subspan(share.size());
    if (!checks_[client]) continue;
    const std::array<SecretBytes, 2> shares{checks_[client]->verifier_share,
                                            SecretBytes(share.begin(), share.end())};
    const std::optional<SecretBytes> message = scheme_.message_of(context, shares);
    if (!message || !Prio3::accepts(*checks_[client], *message)) {
      leave_out(client, "has a proof that does not hold");
      continue;
    }
    valid.set(client);
    messages.insert(messages.end(), message->begin(), message->end());
  }
  session_.send_bytes(helper, valid.bytes());
  session_.send_bytes(helper, messages);
  co_return valid;
}

Task<Aggregation::Total> Prio3Aggregator::lead() {
  const Flags valid = co_await choose_valid();
  session_.enter("aggregate share");
  Flags accepted{clients()};
  co_await session_.receive_bytes(helper, accepted.bytes());
  if (!accepted.is_within(valid)) {
    const Session::Forever forever = cheated("accepts reports that the leader does not");
    co_await forever;
  }
  if (!is_enough(accepted)) {
    const Session::Forever forever = session_.abort(
        ErrorCode::denied, fmt::format("{} valid reports, and a total wants {} at least",
                                       accepted.count(), fewest_reports_));
    co_await forever;
  }
  std::array<SecretBytes, 2> sums{sum_of(accepted), SecretBytes(scheme_.sizes().aggregate_share)};
  co_await session_.receive_bytes(helper, sums[1]);
  std::optional<std::vector<Word>> values = scheme_.unshard(sums);
  if (!values) {
    const Session::Forever forever = cheated("sent an aggregate share that is out of range");
    co_await forever;
  }
  Aggregation::Total total{.values = std::move(*values)};
  for (std::uint32_t client = 0; client < clients(); ++client) {
    if (accepted.has(client)) {
      total.counted.push_back(session_.parties() + client);
    } else if (valid.has(client)) {
      leave_out(client, "told the helper something else than the leader");
    }
  }
  co_return total;
}

Task<> Prio3Aggregator::help() {
  Flags present{clients()};
  SecretBytes mine;
  for (std::uint32_t client = 0; client < clients(); ++client) {
    if (!checks_[client]) continue;
    present.set(client);
    const SecretBytes& share = checks_[client]->verifier_share;
    mine.insert(mine.end(), share.begin(), share.end());
  }
  session_.send_bytes(leader, present.bytes());
  session_.send_bytes(leader, mine);

  session_.enter("messages");
  Flags accepted{clients()};
  co_await session_.receive_bytes(leader, accepted.bytes());
  if (!accepted.is_within(present)) {
    const Session::Forever forever = cheated("accepts reports that the helper has not");
    co_await forever;
  }
  SecretBytes messages(accepted.count() * scheme_.sizes().message);
  if (!messages.empty()) co_await session_.receive_bytes(leader, messages);
  Prio3::View rest = messages;
  for (std::uint32_t client = 0; client < clients(); ++client) {
    if (!accepted.has(client)) continue;
    if (!Prio3::accepts(*checks_[client], rest.first(scheme_.sizes().message)))
      accepted.clear(client);
    rest = rest.subspan(scheme_.sizes().message);
  }
  session_.send_bytes(leader, accepted.bytes());
  if (is_enough(accepted)) session_.send_bytes(leader, sum_of(accepted));
}

SecretBytes Prio3Aggregator::sum_of(const Flags& accepted) const {
  SecretBytes sum(scheme_.sizes().aggregate_share, std::byte{0});
  for (std::uint32_t client = 0; client < clients(); ++client)
    if (accepted.has(client)) scheme_.add(sum, checks_[client]->output_share);
  return sum;
}

void Prio3Aggregator::leave_out(std::uint32_t client, std::string_view why) {
  Node& node = session_.node();
  node.probe().event(node.now(), node.id(), "report left out",
                     fmt::format("{} {}", session_.name_of(session_.parties() + client), why));
}

Session::Forever Prio3Aggregator::cheated(std::string_view what) {
  return session_.abort(ErrorCode::cheating,
                        fmt::format("{} {}", session_.name_of(1 - session_.self()), what));
}

}  // namespace evenkeel
