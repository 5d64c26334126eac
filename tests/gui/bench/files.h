// The result files of the benchmark, made in children so that their memory is not the window's.
#pragma once

#include <QString>
#include <cstdint>

namespace evenkeel::gui::bench {

inline constexpr std::uint64_t requests = 1'000'000;

/// A real run of so many requests, by the program `evenkeel`. Empty, or what went wrong.
QString runMillion(const QString& folder, const QString& result);

/// The same run as if it had kept every request: its kept ones over and over, spread over its time.
void keepAll(const QString& result, const QString& all);

}  // namespace evenkeel::gui::bench
