// How far runs in child processes have come, in memory that they share with their parent: a store
// is all that a child does for it.
#pragma once

#include <atomic>
#include <cstddef>

namespace evenkeel {

class SharedShares {
 public:
  /// Of so many runs, each at 0. UserError if there is no memory for them.
  explicit SharedShares(std::size_t runs);
  ~SharedShares();
  SharedShares(const SharedShares&) = delete;
  SharedShares& operator=(const SharedShares&) = delete;

  void set(std::size_t run, double share) { shares_[run].store(static_cast<float>(share)); }
  double of(std::size_t run) const { return static_cast<double>(shares_[run].load()); }

 private:
  using Share = std::atomic<float>;
  static_assert(Share::is_always_lock_free);

  std::size_t bytes_;
  Share* shares_;
};

}  // namespace evenkeel
