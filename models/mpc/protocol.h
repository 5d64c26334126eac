// A multi-party computation, as one seat plays it. Protocols stand in protocols/, one a file; what
// is computed with them stands in functions/ and knows none of them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/mpc/aggregation.h"
#include "models/mpc/cost.h"
#include "models/mpc/domain.h"
#include "models/mpc/session.h"
#include "models/runtime/registry.h"

namespace evenkeel {

/// One seat's shares of a vector of secret numbers. What the words mean is the protocol's: it keeps
/// `components` words (elements of its domain) of each secret, all first components first.
struct Secrets {
  std::size_t count = 0;
  Words words = {};
};

enum class Adversary { none, semi_honest, malicious };
enum class Outcomes { none, abort, delivered };  // what a deviating party can cause at most

/// What a protocol says of itself.
struct Guarantees {
  std::uint32_t fewest_parties = 2;
  std::uint32_t most_parties = 2;
  std::string corruptions = {};  // how many of n may collude: "1 of 3"
  Adversary adversary = Adversary::semi_honest;
  Outcomes outcome = Outcomes::none;
  std::string trusted = "nobody";  // beyond the corruptions tolerated, offline phase included
  int value_bits = 62;             // of the largest magnitude: Domain::value_bits
  bool multiplies = true;
  bool compares = true;
  bool is_modelled = false;         // some of its cost is a formula's, not the code's
  bool needs_virtual_time = false;  // such cost is charged in virtual time only
  bool majority_is_honest = true;   // fewer than half of those that compute may collude
};

/// What it protects from, the strongest first.
enum class SecurityClass {
  malicious_with_output,
  malicious_with_abort,
  semi_honest_majority,  // of whom fewer than half may collude
  semi_honest_minority,  // half or more
  trusted_third_party    // which sees everything
};
SecurityClass class_of(const Guarantees& promises);

/// What there is to pay for.
struct SecureOperation {
  enum class Kind { set_up, input, multiply, dot, compare, random, open, reveal };
  Kind kind = Kind::multiply;
  std::size_t count = 1;   // elements of the result
  std::size_t length = 1;  // dot: products a sum
  int bits = 63;           // compare: |a - b| < 2^bits
  Seat who = 0;            // input: the owner; reveal: the receiver
};

class Protocol {
 public:
  /// `components`: elements kept of each secret.
  Protocol(Session& session, const Domain& domain, std::size_t components)
      : session_(session), domain_(domain), components_(components) {}
  virtual ~Protocol() = default;

  Session& session() const { return session_; }
  const Domain& domain() const { return domain_; }
  std::size_t components() const { return components_; }

  /// By formula, for the session's seats.
  virtual Cost cost(const SecureOperation& operation) const = 0;
  /// The same of inputs at once: side by side, so that together they take the rounds of the
  /// deepest.
  virtual Cost cost_of_inputs(std::span<const Seat> owners, std::size_t count) const;

  /// Agrees on keys; first of all, at every seat, clients included.
  virtual Task<> set_up() = 0;

  // In one round each, over all elements at once; every party calls the same in the same order.
  // ------

  /// Each owner (a party or a client) enters `count` numbers below 2^(domain().value_bits()), and
  /// gives its own as `mine`. One vector of secrets an owner, in their order; a client gets
  /// nothing.
  Task<std::vector<Secrets>> inputs(std::span<const Seat> owners,
                                    std::span<const std::int64_t> mine, std::size_t count);
  Task<Secrets> multiply(const Secrets& a, const Secrets& b);
  /// The sums of `length` products each.
  Task<Secrets> dot(const Secrets& a, const Secrets& b, std::size_t length);
  /// Uniform elements that nobody knows.
  virtual Task<Secrets> random(std::size_t count) = 0;
  /// To all parties.
  virtual Task<std::vector<std::int64_t>> open(const Secrets& secrets) = 0;
  /// To one seat only, a client perhaps (which gives a `Secrets` with nothing but the count).
  virtual Task<std::vector<std::int64_t>> reveal(Seat receiver, const Secrets& secrets) = 0;

  // In several rounds.
  // -------------------------------------------------------------------------------

  /// 1 where a < b, else 0. |a - b| < 2^bits is the caller's promise.
  virtual Task<Secrets> less(const Secrets& a, const Secrets& b, int bits = 63) = 0;
  /// Where the bit is 1 a, else b.
  Task<Secrets> select(const Secrets& bit, const Secrets& a, const Secrets& b);
  /// 1 where a = b, else 0: neither is less, two comparisons at once. As for `less`, |a - b| <
  /// 2^bits.
  Task<Secrets> equal(const Secrets& a, const Secrets& b, int bits = 63);

  // Without a message.
  // -------------------------------------------------------------------------------

  virtual Secrets constants(std::span<const std::int64_t> values) const = 0;
  Secrets constant(std::int64_t value, std::size_t count) const;
  Secrets add(Secrets a, const Secrets& b) const;
  Secrets subtract(Secrets a, const Secrets& b) const;
  Secrets scale(Secrets a, std::int64_t factor) const;
  Secrets negate(Secrets a) const { return scale(std::move(a), -1); }
  /// Of each run of `length` elements.
  Secrets sums(const Secrets& a, std::size_t length) const;
  /// Elements by place; a place may come several times.
  Secrets pick(const Secrets& a, std::span<const std::size_t> places) const;
  Secrets slice(const Secrets& a, std::size_t first, std::size_t count) const;
  Secrets joined(std::span<const Secrets> parts) const;
  Secrets joined(const Secrets& a, const Secrets& b) const;

 protected:
  // What `inputs`, `multiply` and `dot` have checked, for a protocol to do.

  /// At parties, and at clients that are owners: shares of what each enters, nothing at a client.
  /// `mine`: at an owner its elements.
  virtual Task<std::vector<Words>> enter(std::span<const Seat> owners, const Words& mine,
                                         std::size_t count) = 0;
  virtual Task<Words> sums_of_products(const Secrets& a, const Secrets& b, std::size_t length) = 0;

  Seat self() const { return session_.self(); }
  /// What a seat would pay for nothing.
  Cost no_cost() const { return {.sent_bytes = std::vector<std::uint64_t>(session_.seats(), 0)}; }
  Secrets empty(std::size_t count) const {
    return {count, Words(count * components_ * domain_.width())};
  }
  std::span<Word> component(Secrets& secrets, std::size_t i) const {
    const std::size_t size = secrets.count * domain_.width();
    return std::span{secrets.words}.subspan(i * size, size);
  }
  std::span<const Word> component(const Secrets& secrets, std::size_t i) const {
    const std::size_t size = secrets.count * domain_.width();
    return std::span{secrets.words}.subspan(i * size, size);
  }
  std::vector<std::int64_t> decoded(std::span<const Word> elements) const;

 private:
  friend class Ledger;

  Session& session_;
  const Domain& domain_;
  std::size_t components_;
};

/// A protocol that can be chosen by name: `make` for those that compute, `aggregate` for those that
/// only add up what clients enter.
struct ProtocolKind {
  std::string name;
  Guarantees promises;
  std::function<std::unique_ptr<Protocol>(Session&)> make = {};
  std::function<std::unique_ptr<Aggregation>(Session&)> aggregate = {};
};

/// All protocols. An entry's `configure` returns a ProtocolKind.
Catalogue& protocols();

/// In words: who may do what, and what comes of it.
std::string describe(const Guarantees& promises);

/// A one-line summary, to which the promises are added; for a registration at the end of the
/// protocol's own file.
Entry protocol_entry(const std::string& summary, ProtocolKind kind);

/// The same for a class with a constructor from a session and settings that describe themselves.
template <class P, class Settings>
Entry protocol_entry_with(const std::string& summary, const ProtocolKind& kind) {
  Entry entry = protocol_entry(summary, kind);
  entry.configure = [kind](Fields& fields) -> std::any {
    Settings settings;
    settings.describe(fields);
    ProtocolKind configured = kind;
    configured.make = [settings](Session& session) -> std::unique_ptr<Protocol> {
      return std::make_unique<P>(session, settings);
    };
    return configured;
  };
  return entry;
}

/// With default settings; check that the name is registered first.
ProtocolKind protocol_named(std::string_view name);

}  // namespace evenkeel
