#include "sim/study/shared_shares.h"

#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

#include "models/runtime/user_error.h"

namespace evenkeel {

// Pages of zeros, which are shares of 0.
SharedShares::SharedShares(std::size_t runs)
    : bytes_(std::max<std::size_t>(1, runs) * sizeof(Share)) {
  void* memory = ::mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED)
    throw UserError(std::string("cannot start runs: ") + std::strerror(errno));
  shares_ = static_cast<Share*>(memory);
}

SharedShares::~SharedShares() { ::munmap(shares_, bytes_); }

}  // namespace evenkeel
