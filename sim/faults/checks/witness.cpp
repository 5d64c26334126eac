#include "sim/faults/checks/witness.h"

namespace evenkeel {

Witness::Ticket Witness::get(std::string_view space, std::string_view key, std::uint32_t client,
                             Time at) {
  // Until it comes back it says nothing.
  return begin(space, key,
               {.client = client,
                .kind = Operation::Kind::get,
                .outcome = OperationEnd::unknown,
                .start = at});
}

Witness::Ticket Witness::put(std::string_view space, std::string_view key, std::uint32_t client,
                             Content value, Time at) {
  return begin(space, key,
               {.client = client,
                .kind = Operation::Kind::put,
                .outcome = OperationEnd::unknown,
                .value = number(value),
                .start = at});
}

Witness::Ticket Witness::compare_and_set(std::string_view space, std::string_view key,
                                         std::uint32_t client, Content expected, Content value,
                                         Time at) {
  return begin(space, key,
               {.client = client,
                .kind = Operation::Kind::compare_and_set,
                .outcome = OperationEnd::unknown,
                .value = number(value),
                .expected = number(expected),
                .start = at});
}

Witness::Ticket Witness::begin(std::string_view space, std::string_view key, Operation operation) {
  if (is_cut()) return {};
  ++operations_;
  const std::uint32_t its_key = key_number(space, key);
  Key& its = keys_[its_key];
  if (operation.kind == Operation::Kind::compare_and_set) its.is_searched = true;
  its.history.operations.push_back(operation);
  return {its_key, static_cast<std::uint32_t>(its.history.operations.size() - 1), true};
}

std::uint32_t Witness::key_number(std::string_view space, std::string_view key) {
  const auto [found, fresh] = numbers_.try_emplace({std::string{space}, std::string{key}},
                                                   static_cast<std::uint32_t>(keys_.size()));
  if (fresh) keys_.push_back({std::string{space}, std::string{key}, {}, {}, false});
  return found->second;
}

HistoryValue Witness::number(Content content) {
  constexpr std::size_t enough_to_recognise = 40;
  if (!content) return no_such_value;
  const auto [found, fresh] = values_.try_emplace(std::string{*content}, values_.size() + 1);
  if (fresh) contents_.emplace_back(content->substr(0, enough_to_recognise));
  return found->second;
}

std::string Witness::shown(HistoryValue value) const {
  if (value == no_such_value || value > contents_.size()) return "nothing";
  std::string text;
  for (const char letter : contents_[value - 1])
    text += letter >= ' ' && letter <= '~' ? letter : '?';
  return "'" + text + "'";
}

Operation* Witness::find(const Ticket& ticket) {
  if (!ticket.is_noted) return nullptr;
  return &keys_[ticket.key].history.operations[ticket.operation];
}

void Witness::got(const Ticket& ticket, Content value, Time at) {
  Operation* operation = find(ticket);
  if (operation == nullptr) return;
  operation->outcome = OperationEnd::done;
  operation->value = number(value);
  operation->end = at;
}

void Witness::acknowledged(const Ticket& ticket, Time at, bool matched) {
  Operation* operation = find(ticket);
  if (operation == nullptr) return;
  operation->outcome = OperationEnd::done;
  operation->matched = matched;
  operation->end = at;
}

void Witness::refused(const Ticket& ticket) {
  if (Operation* operation = find(ticket)) operation->outcome = OperationEnd::failed;
}

void Witness::found_at_end(std::string_view space, std::string_view key, Content value) {
  keys_[key_number(space, key)].found.insert(number(value));
}

void Witness::replicas_at_end(const std::string& partition, std::vector<ReplicaDigest> replicas) {
  replicas_[partition].push_back(std::move(replicas));
}

void Witness::file_got(const std::string& name, std::uint64_t digest, Time at) {
  if (files_got_.size() < most_operations) files_got_.push_back({name, digest, at});
}

HistoryValue Witness::number_in(const Values& values, const std::string& key) {
  const auto found = values.find(key);
  return number(found == values.end() ? Content{} : Content{found->second});
}

void Witness::backed_up(const std::string& space, const std::string& what, const Values& values,
                        Time from, Time to) {
  ++backups_compared_;
  for (const auto& [key, value] : values) key_number(space, key);  // that nobody wrote, perhaps
  for (std::uint32_t i = 0; i < keys_.size(); ++i) {
    if (keys_[i].space != space) continue;
    HistoryVerdict verdict = check_final_value(seen_between(keys_[i].history, from, to),
                                               number_in(values, keys_[i].key));
    if (!verdict && wrong_backups_.size() < most_violations)
      wrong_backups_.push_back({i, what, std::move(verdict)});
  }
}

std::size_t Witness::restored(const std::string& space, const Values& values, Time cut, Time at) {
  std::size_t lost = 0;
  for (Key& key : keys_) {
    if (key.space != space) continue;
    const HistoryValue value = number_in(values, key.key);
    if (!check_final_value(seen_between(key.history, at, at), value)) ++lost;
    key.history = begun_anew(key.history, value, cut, at);
  }
  return lost;
}

void Witness::accuse(Violation violation) {
  if (accusations_.size() < most_violations) accusations_.push_back(std::move(violation));
}

void Witness::look_at_end() {
  for (const auto& look : looks_) look(*this);
  looks_.clear();
}

const Promises& Witness::promises_of(const std::string& space) const {
  static const Promises usual;
  const auto found = promises_.find(space);
  return found == promises_.end() ? usual : found->second;
}

}  // namespace evenkeel
