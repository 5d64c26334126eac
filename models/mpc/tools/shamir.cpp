#include "models/mpc/tools/shamir.h"

#include <algorithm>

namespace evenkeel::shamir {
namespace {

constexpr std::size_t lazily_added = 63;  // products below 2^122 that fit into 128 bits

}  // namespace

Elements points_of(std::span<const Seat> seats) {
  Elements points;
  for (const Seat seat : seats) points.push_back(point_of(seat));
  return points;
}

Elements first_points(std::size_t n) {
  Elements points;
  for (Word point = 1; point <= n; ++point) points.push_back(point);
  return points;
}

Elements lagrange(std::span<const Word> points, Word at) {
  Elements coefficients(points.size(), 1);
  for (std::size_t i = 0; i < points.size(); ++i) {
    Word above = 1;
    Word below = 1;
    for (std::size_t j = 0; j < points.size(); ++j) {
      if (j == i) continue;
      above = field61::multiply(above, field61::subtract(at, points[j]));
      below = field61::multiply(below, field61::subtract(points[i], points[j]));
    }
    EVENKEEL_CHECK(below != 0, "two points are the same");
    coefficients[i] = field61::multiply(above, field61::inverse(below));
  }
  return coefficients;
}

void combine(std::span<const Word> coefficients, std::span<const Words> vectors,
             std::span<Word> into) {
  for (std::size_t k = 0; k < into.size(); ++k) {
    Word sum = 0;
    for (std::size_t first = 0; first < coefficients.size(); first += lazily_added) {
      field61::Wide wide = sum;
      const std::size_t last = std::min(coefficients.size(), first + lazily_added);
      for (std::size_t i = first; i < last; ++i)
        wide += field61::Wide{coefficients[i]} * vectors[i][k];
      sum = field61::reduce(wide);
    }
    into[k] = sum;
  }
}

Words combined(std::span<const Word> coefficients, std::span<const Words> vectors) {
  Words into(vectors.empty() ? 0 : vectors[0].size());
  combine(coefficients, vectors, into);
  return into;
}

Words interpolated(std::span<const Word> points, std::span<const Words> values, Word at) {
  return combined(lagrange(points, at), values);
}

std::vector<Words> shares_of(std::span<const Word> secrets, std::span<const Word> points,
                             std::size_t t, Prg& prg) {
  std::vector<Words> coefficients{Words(secrets.begin(), secrets.end())};
  for (std::size_t i = 0; i < t; ++i) coefficients.push_back(random_elements(prg, secrets.size()));
  std::vector<Words> shares;
  for (const Word point : points) {
    Elements powers{1};
    for (std::size_t i = 0; i < t; ++i) powers.push_back(field61::multiply(powers.back(), point));
    shares.push_back(combined(powers, coefficients));
  }
  return shares;
}

std::vector<Elements> extraction(std::size_t n, std::size_t rows) {
  const Elements points = first_points(n);
  std::vector<Elements> matrix;
  for (std::size_t row = 0; row < rows; ++row) matrix.push_back(lagrange(points, n + 1 + row));
  return matrix;
}

Words random_elements(Prg& prg, std::size_t count) {
  Words drawn = prg.words(count);
  for (Word& word : drawn) word = field61::from_random(word);
  return drawn;
}

bool are_elements(std::span<const Word> words) {
  return std::ranges::all_of(words, [](Word word) { return word < field61::prime; });
}

}  // namespace evenkeel::shamir
