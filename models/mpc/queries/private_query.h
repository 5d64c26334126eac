// A question about what two nodes have that neither shows the other, and what each seat does for
// its answer.
//
//   psi_intersection   both parties learn which elements both have      (tools/psi.h)
//   psi_cardinality    both learn how many
//   psi_sum            the first learns how many, the second the sum of its values over them
//   private_retrieval  the asker learns one row of a table that two servers hold, neither of them
//                      which                                            (tools/private_retrieval.h)
//
// Rows travel with 16 bytes of a digest of their place and content, so that an asker notices a
// server whose rows are other ones or that alters its answer, unless it guesses what is asked.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/mpc/protocol.h"

namespace evenkeel {

enum class PrivateQueryKind : std::uint8_t { intersection, cardinality, sum, retrieval };
/// As they are listed, in the order of the kinds.
inline constexpr std::array<std::string_view, 4> private_query_names = {
    "psi_intersection", "psi_cardinality", "psi_sum", "private_retrieval"};

struct PrivateQuery {
  static constexpr std::uint64_t most_items = std::uint64_t{1} << 20;
  static constexpr std::uint64_t most_table_bytes = std::uint64_t{1} << 28;

  PrivateQueryKind kind = PrivateQueryKind::intersection;
  std::uint64_t items = 1;       // elements of each party's set; rows of the table
  std::uint64_t row_bytes = 64;  // of a retrieval
};

/// Why it cannot be asked, before anything is sent.
std::optional<Error> reason_against(const PrivateQuery& query);

/// What one of the two nodes has.
struct PrivateHolding {
  std::vector<std::string> elements = {};
  Words values = {};                    // psi_sum, at the second: one an element, below 2^32 in all
  std::vector<std::byte> records = {};  // private_retrieval: `records_of` the table
};

/// A table's rows, one after another, as servers hold them.
std::vector<std::byte> records_of(std::span<const std::byte> rows, std::size_t row_bytes);

/// What one seat learned.
struct PrivateAnswer {
  std::vector<std::uint64_t> numbers = {};  // places in its own set; how many; how many and the sum
  SecretBytes row = {};
  friend bool operator==(const PrivateAnswer&, const PrivateAnswer&) = default;
};

/// This seat's part: 0 and 1 have what is asked about, and for a retrieval 2 asks for the row at
/// `place`, and holds nothing. The holding outlives the task. ErrorCode::cheating: a peer deviated,
/// or the two servers hold different tables.
Task<Result<PrivateAnswer>> take_part(Session& session, PrivateQuery query,
                                      const PrivateHolding* own, std::uint64_t place);

/// By formula, if no set has an element twice.
Cost cost_of(const PrivateQuery& query);

/// All kinds, with what they promise; an entry's `configure` returns a PrivateQueryKind.
Catalogue& private_queries();

/// Who learns what, from whom it is kept, and who must not collude.
std::string describe(PrivateQueryKind kind);

}  // namespace evenkeel
