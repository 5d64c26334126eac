// What those who put, get and keep secrets say to each other.
//
// Everything that changes what keepers have is done under a ballot, higher than any that they have
// promised before: a keeper takes part only in the newest attempt that it has heard of, so that two
// attempts at once do not undo each other (as in Lamport's "The part-time parliament", 1998).
#pragma once

#include <compare>

#include "models/crypto/crypto.h"
#include "models/mpc/tools/threshold_sharing.h"
#include "models/runtime/message.h"
#include "models/runtime/world.h"

namespace evenkeel {

inline constexpr std::size_t longest_secret_name = 200;
inline constexpr std::size_t longest_secret = 64 << 10;  // bytes
inline constexpr std::size_t most_secrets = 10'000;      // at a keeper

/// Which shares belong together: those made by one put or one refresh.
struct Lineage {
  std::uint64_t period = 0;
  std::uint64_t ballot = 0;

  friend auto operator<=>(const Lineage&, const Lineage&) = default;
  template <class Visitor>
  void fields(Visitor& visit) {
    visit(period, ballot);
  }
};

/// Field elements on their way. What is received is taken out of the message, which is wiped.
using WireWords = std::vector<std::uint64_t>;
WireWords on_wire(std::span<const Word> words);
Words taken(WireWords& words);

/// To share out so many elements, to deal shares of zero of them, or to check such a part.
Work sharing_work(std::size_t elements, std::uint32_t n, std::uint32_t threshold);

/// A share on its way.
struct WireShare {
  Lineage lineage = {};
  std::uint64_t bytes = 0;  // of the secret
  WireWords values = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(lineage, bytes, values);
  }
};

struct SecretState {
  bool is_promised = false;        // the ballot asked about
  std::uint64_t promised = 0;      // the highest one
  std::vector<Lineage> held = {};  // ascending
  bool has_lost = false;           // it lost its disk, and may have had more

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(is_promised, promised, held, has_lost);
  }
};

/// What does a keeper have? With a ballot above 0 it promises to take part in nothing older.
struct PrepareSecret {
  static constexpr std::uint16_t tag = 1;
  using Answer = SecretState;
  std::string name = {};
  std::uint64_t ballot = 0;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(name, ballot);
  }
};

/// Keep this share beside that of `base`, and nothing else.
struct StageShare {
  static constexpr std::uint16_t tag = 2;
  using Answer = Done;
  std::string name = {};
  std::optional<Lineage> base = {};
  WireShare share = {};  // under its lineage's ballot

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(name, base, share);
  }
};

/// Give up all shares but that one, if it is there.
struct CommitShare {
  static constexpr std::uint16_t tag = 3;
  using Answer = Done;
  std::string name = {};
  std::uint64_t ballot = 0;
  Lineage lineage = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(name, ballot, lineage);
  }
};

struct FetchShares {
  static constexpr std::uint16_t tag = 4;
  struct Answer {
    std::vector<WireShare> shares = {};
    bool has_lost = false;
    template <class Visitor>
    void fields(Visitor& visit) {
      visit(shares, has_lost);
    }
  };
  std::string name = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(name);
  }
};

struct ListSecrets {
  static constexpr std::uint16_t tag = 5;
  struct Answer {
    std::vector<std::string> names = {};
    template <class Visitor>
    void fields(Visitor& visit) {
      visit(names);
    }
  };
  template <class Visitor>
  void fields(Visitor&) {}
};

/// A dealing: shares of polynomials that are 0 at 0, to refresh, or at `zero_at`'s place, whose
/// keeper is to get a share again (Herzberg et al., section 4).
struct Dealing {
  std::string name = {};
  std::uint64_t ballot = 0;
  Lineage base = {};
  std::optional<std::uint32_t> zero_at = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(name, ballot, base, zero_at);
  }
};

/// Deal to those, and say who took its part.
struct DealParts {
  static constexpr std::uint16_t tag = 6;
  struct Answer {
    std::vector<std::uint32_t> accepted = {};  // places
    template <class Visitor>
    void fields(Visitor& visit) {
      visit(accepted);
    }
  };
  Dealing dealing = {};
  std::vector<std::uint32_t> receivers = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(dealing, receivers);
  }
};

/// From a dealer to one receiver alone.
struct TakePart {
  static constexpr std::uint16_t tag = 7;
  using Answer = Done;
  Dealing dealing = {};
  std::vector<Digest> digests = {};
  std::array<WireWords, Refreshment::proofs> mixtures = {};
  PrgKey salt = {};
  WireWords values = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(dealing, digests, mixtures, salt, values);
  }
};

/// Keep, beside the share of the dealing's base, the one that these dealers' parts make of it.
struct StageRefreshed {
  static constexpr std::uint16_t tag = 8;
  using Answer = Done;
  Dealing dealing = {};
  std::vector<std::uint32_t> dealers = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(dealing, dealers);
  }
};

/// For the keeper at the dealing's `zero_at`: the base's share and these dealers' parts, added up.
struct FetchMasked {
  static constexpr std::uint16_t tag = 9;
  using Answer = WireShare;
  Dealing dealing = {};
  std::vector<std::uint32_t> dealers = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(dealing, dealers);
  }
};

}  // namespace evenkeel
