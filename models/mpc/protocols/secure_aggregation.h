// What the two sides of a secure aggregation (secure_aggregation.cpp) agree on beforehand.
#pragma once

#include "models/mpc/aggregation.h"
#include "models/mpc/tools/aes_gcm.h"
#include "models/mpc/tools/aggregation_graph.h"
#include "models/mpc/tools/key_sharing.h"
#include "models/mpc/tools/modular_vector.h"
#include "models/runtime/fields.h"

namespace evenkeel {

struct SecureAggregationSettings {
  enum class Graph { complete, sparse };
  enum class Server { curious, active };
  Graph graph = Graph::complete;
  Server server = Server::curious;
  double corrupt = 0.05;
  double dropout = 0.05;
  Duration wait = {};

  void describe(Fields& fields);
};

/// The graph, its threshold and the length of every message, the same at all seats.
struct SecureAggregationShape {
  /// Fewer clients know each other all.
  static constexpr std::uint32_t fewest_for_sparse = 50;

  SecureAggregationShape(const SecureAggregationSettings& settings, std::uint32_t its_clients,
                         const Summands& summands);

  std::uint32_t clients = 0;
  GraphShape graph = {};
  bool is_sparse = false;
  bool is_active = false;
  std::size_t count = 0;
  int bits = 0;  // of a lane: the sum fits

  std::size_t members() const { return graph.degree + 1; }
  // Bytes of the messages of each phase.
  std::size_t keys() const { return 2 * sizeof(PublicKey) + (is_active ? sizeof(Signature) : 0); }
  std::size_t key_list() const { return (is_sparse ? sizeof(PrgKey) : 0) + graph.degree * keys(); }
  static constexpr std::size_t sealed_shares() { return 2 * sizeof(KeyShare) + gcm_tag_bytes; }
  std::size_t share_list() const { return graph.degree * sealed_shares(); }
  std::size_t masked() const { return ModularVector::packed_bytes(count, bits); }
  std::size_t bitmap() const { return (members() + 7) / 8; }
  std::size_t request() const { return 2 * bitmap(); }
  std::size_t signature_list() const { return graph.degree * sizeof(Signature); }
  std::size_t reply() const { return members() * sizeof(KeyShare); }

  /// Nanoseconds of work.
  double mask_work() const;      // one expansion and its addition
  double recovery_work() const;  // of one key from its shares
  double sharing_work() const;   // of one key among the members
};

/// Bit i of a bitmap.
inline bool has_bit(std::span<const std::byte> bitmap, std::size_t i) {
  return (bitmap[i / 8] >> (i % 8) & std::byte{1}) != std::byte{0};
}
inline void set_bit(std::span<std::byte> bitmap, std::size_t i) {
  bitmap[i / 8] |= std::byte{1} << (i % 8);
}
/// What is not there travels as zeros, so that all messages of a phase have one length.
inline bool is_blank(std::span<const std::byte> bytes) {
  for (const std::byte byte : bytes)
    if (byte != std::byte{0}) return false;
  return true;
}

/// Key streams of a pair and of one client.
inline constexpr std::string_view pair_mask = "mask of a pair";
inline constexpr std::string_view own_mask = "own mask";

/// The parts of one seat; they outlive nothing.
Task<> enter_masked(Session& session, const SecureAggregationShape& shape,
                    std::span<const Word> mine);
Task<Aggregation::Total> collect_masked(Session& session, const SecureAggregationShape& shape,
                                        Duration wait);

}  // namespace evenkeel
