// Bits of many numbers, sliced: plane j holds bit j of each of them, 64 numbers a word.
#pragma once

#include "models/mpc/words.h"

namespace evenkeel {

/// Words that hold one bit of each of `count` numbers.
constexpr std::size_t lanes_of(std::size_t count) { return (count + 63) / 64; }

/// Transposes 64 rows of 64 bits in place: bit i of row j becomes bit j of row i.
void transpose64(Word* rows);

/// Planes 0 .. `planes`-1 of the numbers, one after another; planes <= 64.
Words planes_of(std::span<const Word> numbers, std::size_t planes);
/// The same the other way: bits of planes that are not there are 0.
Words numbers_of(std::span<const Word> planes, std::size_t count);

/// Planes without the gaps behind `count` numbers: bit i of plane j is bit j count + i of the run,
/// of which the last word is filled up with zeros.
Words run_of(std::span<const Word> planes, std::size_t count);
/// The other way; the gaps are zeros.
Words planes_of_run(std::span<const Word> run, std::size_t planes, std::size_t count);

}  // namespace evenkeel
