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

/// As if the run, with all it kept, had been one of three policies under three seeds each, and the
/// scenario declared every chart.
void asThreeVariants(const QString& result, const QString& three);

/// How long SQLite alone takes to step over all requests of a file and to read every value, in ms.
double sqliteAlone(const QString& file);

}  // namespace evenkeel::gui::bench
