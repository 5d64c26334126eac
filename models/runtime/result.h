// A value, or why the world did not give one. Named like std::expected, which C++20 lacks.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "models/runtime/check.h"

namespace evenkeel {

/// What the world can do to a request. A new code only where some caller reacts to it differently.
enum class ErrorCode : std::uint8_t {
  timeout,
  unreachable,
  overloaded,
  malformed,
  disk,  // it failed, or what it gave is not what was written
  stopped,
  not_found,
  invalid,    // what was asked makes no sense: an unknown table, bad SQL
  denied,     // no grant allows it
  conflict,   // somebody else changed it meanwhile, or it is there already
  no_quorum,  // too few replicas answered; a write may or may not have happened
  full,       // a quota or a disk
  outdated,   // asked by an old layout: learn of the newer ones and ask again
  cheating    // a party deviated from the protocol, and was noticed
};
inline constexpr std::uint8_t error_codes = static_cast<std::uint8_t>(ErrorCode::cheating) + 1;

std::string_view to_string(ErrorCode code);

struct Error {
  ErrorCode code;
  std::string detail = {};
};

/// The value of what only succeeds or not.
struct Done {
  template <class Visitor>
  void fields(Visitor&) {}
  friend bool operator==(const Done&, const Done&) = default;
};

/// Either a T or an Error. Reading the side that is not there is our own bug and aborts.
template <class T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& value() & { return checked(); }
  const T& value() const& { return const_cast<Result*>(this)->checked(); }
  T&& value() && { return std::move(checked()); }
  T& operator*() & { return checked(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(checked()); }
  T* operator->() { return &checked(); }
  const T* operator->() const { return &value(); }

  const Error& error() const {
    EVENKEEL_CHECK(!has_value(), "error() of a Result that has a value");
    return *std::get_if<1>(&state_);
  }

 private:
  T& checked() {
    EVENKEEL_CHECK(has_value(), "value() of a Result that holds an error");
    return *std::get_if<0>(&state_);
  }

  std::variant<T, Error> state_;
};

}  // namespace evenkeel
