// What each message of a session carries before its payload.
#pragma once

#include <cstring>

#include "models/mpc/session.h"

namespace evenkeel {

struct SessionHeader {
  std::uint64_t id = 0;
  std::uint32_t number = 0;
  std::uint32_t depth = 0;  // of all messages, and of those of one phase
  std::uint32_t offline_depth = 0;
  std::uint32_t online_depth = 0;
};
static_assert(sizeof(SessionHeader) == Session::header_bytes);

inline SessionHeader header_of(const Bytes& bytes) {
  SessionHeader header;
  std::memcpy(&header, bytes.data(), sizeof header);
  return header;
}

}  // namespace evenkeel
