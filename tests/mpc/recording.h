// What contract suites over all protocols share: the protocols that compute, and what was sent from
// whom to whom while one of them did.
#pragma once

#include <cstring>
#include <map>

#include "tests/mpc/given.h"

namespace evenkeel::test {

/// Those that compute, not those that only add up.
inline std::vector<std::string> computing_protocols() {
  std::vector<std::string> all;
  for (const Entry& entry : protocols().entries())
    if (protocol_named(entry.name).make) all.push_back(entry.name);
  return all;
}

inline std::string protocol_name_of(const testing::TestParamInfo<std::string>& info) {
  return info.param;
}

/// The same, and those that behave otherwise with some setting: "spdz_transfers".
inline std::vector<std::string> computing_cases() {
  std::vector<std::string> all = computing_protocols();
  all.insert(all.end(), {"spdz_transfers", "spdz2k_transfers"});
  return all;
}
inline bool uses_transfers(std::string_view name) { return name.ends_with("_transfers"); }
inline ProtocolKind kind_of_case(const std::string& name) {
  if (!uses_transfers(name)) return protocol_named(name);
  return protocol_with(name.substr(0, name.find('_')), {{"offline", std::string{"transfers"}}});
}

/// From one seat to another, without headers, in the order of sending.
using Link = std::pair<std::uint32_t, std::uint32_t>;
using Recording = std::map<Link, std::vector<Bytes>>;

inline std::span<const std::byte> payload_of(const Message& message) {
  const Bytes& bytes = message.payload.bytes;
  return std::span{bytes.data(), bytes.size()}.subspan(Session::header_bytes);
}

/// Of what all seats send while they play the part.
inline Recording record(Table& table, Part part, const Sample& sample) {
  Recording recording;
  table.world.changes = [&recording](Message& message) {
    const auto payload = payload_of(message);
    recording[{index(message.from), index(message.to)}].emplace_back(payload.begin(),
                                                                     payload.end());
  };
  for (const Result<Values>& got : table.play(part, sample))
    EVENKEEL_CHECK(got, "a part that nobody disturbs fails: " + got.error().detail);
  table.world.changes = [](Message&) {};
  return recording;
}

}  // namespace evenkeel::test
