#include "models/mpc/tools/psi.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "models/mpc/costs.h"

namespace evenkeel {
namespace {

constexpr std::string_view purpose = "evenkeel private set intersection";

// Each element once, in the order of their first places.
std::vector<const std::string*> distinct(std::span<const std::string> elements) {
  std::map<std::string_view, bool> seen;
  std::vector<const std::string*> once;
  for (const std::string& element : elements)
    if (!std::exchange(seen[element], true)) once.push_back(&element);
  return once;
}

bool has_repetition(std::vector<RistrettoPoint> points) {
  std::ranges::sort(points);
  return std::ranges::adjacent_find(points) != points.end();
}

}  // namespace

PrivateSetIntersection::PrivateSetIntersection(Session& session)
    : session_(session),
      random_(draw_prg_key(session.node().random())),
      secret_(RistrettoScalar::drawn(random_)) {
  EVENKEEL_CHECK(session.is_party() && session.parties() == 2, "sets of two parties only");
}

Session::Forever PrivateSetIntersection::refuse(ErrorCode code, std::string_view what) {
  return session_.abort(code, fmt::format("{} {}", session_.name_of(other()), what));
}

template <class T>
void PrivateSetIntersection::shuffle(std::vector<T>& list) {
  for (std::size_t i = list.size(); i > 1; --i) std::swap(list[i - 1], list[random_.below(i)]);
}

PrivateSetIntersection::Points PrivateSetIntersection::raised(
    std::span<const std::string* const> elements) {
  session_.charge((costs::ristretto_hash + costs::ristretto_product) *
                  static_cast<double>(elements.size()));
  Points points;
  for (const std::string* element : elements)
    points.push_back(*RistrettoPoint::hashed(purpose, *element).times(secret_));
  return points;
}

void PrivateSetIntersection::tell_set(std::span<const std::string* const> elements) {
  session_.enter("points");
  const std::uint64_t size = elements.size();
  session_.send_bytes(other(), std::as_bytes(std::span{&size, 1}));
  send(raised(elements));
}

Task<std::size_t> PrivateSetIntersection::receive_size() {
  std::uint64_t size = 0;
  co_await session_.receive_bytes(other(), std::as_writable_bytes(std::span{&size, 1}));
  if (size > most_elements) {
    const Session::Forever forever = refuse(ErrorCode::malformed, "has too many elements");
    co_await forever;
  }
  co_return size;
}

Task<PrivateSetIntersection::Points> PrivateSetIntersection::receive_points(std::size_t count) {
  Points points(count);
  if (count > 0)
    co_await session_.receive_bytes(other(), std::as_writable_bytes(std::span{points}));
  if (has_repetition(points)) {
    const Session::Forever forever = refuse(ErrorCode::cheating, "sent the same point twice");
    co_await forever;
  }
  co_return points;
}

Task<PrivateSetIntersection::Points> PrivateSetIntersection::raised_again(const Points& points) {
  session_.charge(costs::ristretto_product * static_cast<double>(points.size()));
  Points again;
  for (const RistrettoPoint& point : points) {
    const std::optional<RistrettoPoint> product = point.times(secret_);
    if (!product) {
      const Session::Forever forever = refuse(ErrorCode::malformed, "sent what is no point");
      co_await forever;
    }
    again.push_back(*product);
  }
  co_return again;
}

Task<PrivateSetIntersection::Exchanged> PrivateSetIntersection::exchange(
    std::span<const std::string* const> elements, bool shuffles) {
  tell_set(elements);
  const std::size_t others = co_await receive_size();
  const Points theirs = co_await receive_points(others);
  Exchanged exchanged;
  exchanged.other_again = co_await raised_again(theirs);
  if (shuffles) shuffle(exchanged.other_again);
  send(exchanged.other_again);
  session_.enter("points of both");
  exchanged.own_again = co_await receive_points(elements.size());
  std::ranges::sort(exchanged.other_again);
  co_return exchanged;
}

Task<std::vector<std::size_t>> PrivateSetIntersection::intersection(
    std::span<const std::string> own) {
  std::vector<const std::string*> elements = distinct(own);
  shuffle(elements);
  const Exchanged exchanged = co_await exchange(elements, false);
  std::map<std::string_view, bool> is_common;
  for (std::size_t i = 0; i < elements.size(); ++i)
    is_common[*elements[i]] =
        std::ranges::binary_search(exchanged.other_again, exchanged.own_again[i]);
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < own.size(); ++i)
    if (is_common[own[i]]) places.push_back(i);
  co_return places;
}

Task<std::size_t> PrivateSetIntersection::cardinality(std::span<const std::string> own) {
  std::vector<const std::string*> elements = distinct(own);
  shuffle(elements);
  const Exchanged exchanged = co_await exchange(elements, true);
  co_return static_cast<std::size_t>(
      std::ranges::count_if(exchanged.own_again, [&](const RistrettoPoint& point) {
        return std::ranges::binary_search(exchanged.other_again, point);
      }));
}

Task<PrivateSetIntersection::Sum> PrivateSetIntersection::sum(std::span<const std::string> own,
                                                              std::span<const Word> values) {
  std::vector<const std::string*> elements = distinct(own);
  shuffle(elements);
  if (session_.self() == 0) {
    const Sum sum = co_await sum_as_asker(elements);
    co_return sum;
  }
  EVENKEEL_CHECK(values.size() == own.size(), "a value for each element");
  std::map<std::string_view, Word> value_of;
  Word all = 0;
  bool fits = true;
  for (std::size_t i = 0; i < own.size(); ++i) {
    fits = fits && values[i] < sums_below - all;
    all += fits ? values[i] : 0;
    value_of[own[i]] += values[i];
  }
  if (!fits) {
    const Session::Forever forever =
        session_.abort(ErrorCode::invalid, "the values add up to 2^32 or more");
    co_await forever;
  }
  Words in_order;
  for (const std::string* element : elements) in_order.push_back(value_of[*element]);
  const Sum sum = co_await sum_as_owner(elements, in_order);
  co_return sum;
}

Task<PrivateSetIntersection::Sum> PrivateSetIntersection::sum_as_asker(
    std::span<const std::string* const> elements) {
  tell_set(elements);
  const std::size_t others = co_await receive_size();
  const Points key = co_await receive_points(1);
  const Points theirs = co_await receive_points(others);
  std::vector<ElGamalCiphertext> ciphertexts(others);
  if (others > 0)
    co_await session_.receive_bytes(other(), std::as_writable_bytes(std::span{ciphertexts}));
  const Points theirs_again = co_await raised_again(theirs);
  session_.enter("points of both");
  Points own_again = co_await receive_points(elements.size());
  std::ranges::sort(own_again);

  Sum sum;
  std::optional<ElGamalCiphertext> total = encrypt(key[0], 0, random_);
  if (!total) {
    const Session::Forever forever = refuse(ErrorCode::malformed, "sent what is no key");
    co_await forever;
  }
  for (std::size_t i = 0; i < others; ++i) {
    const std::optional<ElGamalCiphertext> next = total->plus(ciphertexts[i]);
    if (!next) {
      const Session::Forever forever = refuse(ErrorCode::malformed, "sent what is no ciphertext");
      co_await forever;
    }
    if (!std::ranges::binary_search(own_again, theirs_again[i])) continue;
    total = next;
    ++sum.cardinality;
  }
  session_.charge(2 * costs::ristretto_sum * static_cast<double>(others));
  const std::uint64_t cardinality = sum.cardinality;
  session_.send_bytes(other(), std::as_bytes(std::span{&cardinality, 1}));
  session_.send_bytes(other(), std::as_bytes(std::span{&*total, 1}));
  co_return sum;
}

Task<PrivateSetIntersection::Sum> PrivateSetIntersection::sum_as_owner(
    std::span<const std::string* const> elements, const Words& values) {
  session_.enter("points");
  const RistrettoScalar private_key = RistrettoScalar::drawn(random_);
  const RistrettoPoint key = RistrettoPoint::base_times(private_key);
  const std::uint64_t size = elements.size();
  std::vector<ElGamalCiphertext> ciphertexts;
  for (const Word value : values) ciphertexts.push_back(*encrypt(key, value, random_));
  session_.charge(static_cast<double>(values.size()) *
                  (2 * costs::ristretto_base + costs::ristretto_product + costs::ristretto_sum));
  session_.send_bytes(other(), std::as_bytes(std::span{&size, 1}));
  send({&key, 1});
  send(raised(elements));
  session_.send_bytes(other(), std::as_bytes(std::span{ciphertexts}));
  const std::size_t others = co_await receive_size();
  const Points theirs = co_await receive_points(others);
  Points theirs_again = co_await raised_again(theirs);
  shuffle(theirs_again);
  send(theirs_again);

  session_.enter("sum");
  std::uint64_t cardinality = 0;
  co_await session_.receive_bytes(other(), std::as_writable_bytes(std::span{&cardinality, 1}));
  ElGamalCiphertext total;
  co_await session_.receive_bytes(other(), std::as_writable_bytes(std::span{&total, 1}));
  const std::optional<RistrettoPoint> point = decrypt(total, private_key);
  if (!point || cardinality > std::min(others, elements.size())) {
    const Session::Forever forever = refuse(ErrorCode::malformed, "sent what is no sum");
    co_await forever;
  }
  Word limit = 1;
  for (const Word value : values) limit += value;
  session_.charge(2 * std::sqrt(static_cast<double>(limit)) * costs::ristretto_sum);
  const std::optional<Word> sum = logarithm_below(limit, *point);
  if (!sum) {
    const Session::Forever forever = refuse(ErrorCode::cheating, "sent a sum of other values");
    co_await forever;
  }
  co_return Sum{static_cast<std::size_t>(cardinality), *sum};
}

}  // namespace evenkeel
