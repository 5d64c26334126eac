// Maglev hashing: a table in which servers have claimed slots by turns; a key's hash names the
// slot. Eisenbud et al., NSDI 2016, section 3.4. One look-up a request, no state, no message;
// shares are even to about n / size, and a server that goes moves few keys beside its own. A slot
// whose server is ejected falls to the next slot.
#include "models/balancing/hashing.h"

namespace evenkeel {
namespace {

class Maglev final : public Policy {
 public:
  using Table = std::vector<ServerIndex>;

  static constexpr std::int64_t most_slots = 5'000'011;

  struct Settings {
    std::int64_t table_size = 65'537;
    bool weighted = true;
    /// Not a setting: the table, for all balancers that are made with these settings.
    std::shared_ptr<SharedTable<Table>> shared = std::make_shared<SharedTable<Table>>();

    void describe(Fields& fields) {
      fields.integer(
          "table_size", table_size,
          {"slots, a prime number; 100 times the servers keep shares even to 1 %", 3, most_slots});
      fields.boolean("weighted", weighted, {"slots in proportion to capacity"});
      if (table_size < 3 || table_size > most_slots) return;  // refused already
      std::uint64_t prime = static_cast<std::uint64_t>(table_size);
      while (!is_prime(prime)) ++prime;
      if (prime != static_cast<std::uint64_t>(table_size))
        fields.refuse("table_size", "must be a prime number, such as " + std::to_string(prime));
    }
  };

  Maglev(const Settings& settings, const PolicyContext& context)
      : table_(settings.shared->get(context.candidates, [&](std::span<const Candidate> candidates) {
          return maglev_table(candidates, settings.weighted,
                              static_cast<std::size_t>(settings.table_size));
        })) {}

  ServerIndex pick(const Job& job, const View& view) override {
    const Table& table = *table_;
    const std::uint64_t hash = hash_key(job.key);
    const std::size_t home = hash % table.size();
    std::size_t slot = home;
    do {
      if (view.is_eligible(table[slot])) return table[slot];
      slot = slot + 1 == table.size() ? 0 : slot + 1;
    } while (slot != home);
    // With more servers than slots, or very unlike weights, one may own no slot at all.
    return view.eligible[hash % view.eligible.size()];
  }

 private:
  std::shared_ptr<const Table> table_;
};

const Registered entry{
    policies(), policy_entry<Maglev>("maglev", "looks the key up in a table of even shares")};

}  // namespace
}  // namespace evenkeel
