#include "sim/actions/row_maker.h"

#include <charconv>
#include <cmath>
#include <optional>

#include "models/runtime/user_error.h"

namespace evenkeel {
namespace {

constexpr std::size_t most_bytes = 1 << 20;

std::string trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return std::string{text.substr(first, text.find_last_not_of(" \t") - first + 1)};
}

template <class Number>
std::optional<Number> number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// `name(a b)`: the numbers within; nothing if the text is not so.
std::optional<std::vector<double>> arguments(const std::string& text, std::string_view name) {
  if (!text.starts_with(std::string{name} + "(") || text.back() != ')') return std::nullopt;
  std::string inside = text.substr(name.size() + 1, text.size() - name.size() - 2);
  std::vector<double> values;
  while (!(inside = trimmed(inside)).empty()) {
    const std::size_t end = std::min(inside.find(' '), inside.size());
    const std::optional<double> value = number<double>(std::string_view{inside}.substr(0, end));
    if (!value) return std::nullopt;
    values.push_back(*value);
    inside.erase(0, end);
  }
  return values;
}

std::int64_t draw_integer(Random& random, double from, double to) {
  return static_cast<std::int64_t>(from) +
         static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(to - from) + 1));
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts(1);
  bool quoted = false;
  for (const char c : text) {
    if (c == '\'') quoted = !quoted;
    if (c == ',' && !quoted) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  for (std::string& part : parts) part = trimmed(part);
  return parts;
}

}  // namespace

RowMaker::RowMaker(const std::string& text) {
  for (const std::string& part : split(text)) makers_.push_back(maker(part));
}

RowMaker::Maker RowMaker::maker(const std::string& text) {
  if (text == "device")
    return [](const ActionCall& call) -> Value {
      return call.setting.populations[call.issue.population] + "/" +
             std::to_string(call.issue.device + 1) + "@" + call.node.name();
    };
  if (text == "key")
    return
        [](const ActionCall& call) -> Value { return static_cast<std::int64_t>(call.issue.key); };
  if (text == "unique")
    return [](const ActionCall& call) -> Value {
      return static_cast<std::int64_t>(call.issue.number) + 1;
    };
  if (text == "now")
    return [](const ActionCall& call) -> Value {
      return std::int64_t{call.node.wall_clock().count() / 1'000'000};
    };
  if (text == "null") return [](const ActionCall&) -> Value { return {}; };
  if (text.size() >= 2 && text.front() == '\'' && text.back() == '\'')
    return [word = text.substr(1, text.size() - 2)](const ActionCall&) -> Value { return word; };
  if (const auto integer = number<std::int64_t>(text))
    return [integer](const ActionCall&) -> Value { return *integer; };
  if (const auto real = number<double>(text))
    return [real](const ActionCall&) -> Value { return *real; };
  if (const auto a = arguments(text, "uniform"); a && a->size() == 2)
    return [low = (*a)[0], high = (*a)[1]](const ActionCall& call) -> Value {
      return low + (high - low) * call.node.random().uniform();
    };
  if (const auto a = arguments(text, "normal"); a && a->size() == 2)
    return [mean = (*a)[0], deviation = (*a)[1]](const ActionCall& call) -> Value {
      return mean + deviation * call.node.random().normal();
    };
  if (const auto a = arguments(text, "integer");
      a && a->size() == 2 && (*a)[0] <= (*a)[1] && std::abs((*a)[0]) < 1e15 && (*a)[1] < 1e15)
    return [low = (*a)[0], high = (*a)[1]](const ActionCall& call) -> Value {
      return draw_integer(call.node.random(), low, high);
    };
  if (const auto a = arguments(text, "bytes");
      a && a->size() == 1 && (*a)[0] >= 0 && (*a)[0] <= most_bytes)
    return [size = static_cast<std::size_t>((*a)[0])](const ActionCall& call) -> Value {
      Blob bytes(size);
      for (std::byte& byte : bytes) byte = static_cast<std::byte>(call.node.random()());
      return bytes;
    };
  throw UserError("'" + text +
                  "' makes no value; write device, key, now, unique, uniform(a b), normal(mean "
                  "deviation), integer(a b), bytes(n), a number, 'text' or null");
}

void RowMaker::check_columns(std::size_t columns, const std::string& what) const {
  if (makers_.size() != columns)
    throw UserError(what + " has " + std::to_string(columns) + " values, not " +
                    std::to_string(makers_.size()));
}

Row RowMaker::row(const ActionCall& call) const {
  Row row;
  for (const Maker& maker : makers_) row.push_back(maker(call));
  return row;
}

}  // namespace evenkeel
