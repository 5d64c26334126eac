#include "sim/metrics/table_writer.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "models/runtime/check.h"

namespace evenkeel {
namespace {

std::string csv_text(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

std::string json_text(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// The shortest digits that read back as the same number, whatever the locale.
std::string digits(double value) { return fmt::format("{}", value); }

template <class... Cases>
struct Overload : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Overload(Cases...) -> Overload<Cases...>;

class CsvTable final : public TableWriter {
 public:
  CsvTable(std::ostream& out, const std::vector<std::string>& columns) : out_(out) {
    row({columns.begin(), columns.end()});
  }

  void row(const std::vector<Cell>& cells) override {
    const char* separator = "";
    for (const Cell& cell : cells) {
      out_ << separator << text_of(cell);
      separator = ",";
    }
    out_ << '\n';
  }
  void end() override {}

 private:
  static std::string text_of(const Cell& cell) {
    return std::visit(
        Overload{[](std::monostate) { return std::string(); },
                 [](bool value) { return std::string(value ? "true" : "false"); },
                 [](double value) { return std::isnan(value) ? std::string() : digits(value); },
                 [](const std::string& value) { return csv_text(value); },
                 [](auto value) { return std::to_string(value); }},
        cell);
  }

  std::ostream& out_;
};

class JsonTable final : public TableWriter {
 public:
  JsonTable(std::ostream& out, const std::vector<std::string>& columns) : out_(out) {
    for (const std::string& column : columns) keys_.push_back(json_text(column) + ":");
    out_ << "[";
  }

  void row(const std::vector<Cell>& cells) override {
    EVENKEEL_CHECK(cells.size() == keys_.size(), "a row that does not fit its table");
    out_ << (empty_ ? "\n{" : ",\n{");
    empty_ = false;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      out_ << (i > 0 ? "," : "") << keys_[i] << text_of(cells[i]);
    }
    out_ << "}";
  }
  void end() override { out_ << "\n]\n"; }

 private:
  static std::string text_of(const Cell& cell) {
    return std::visit(Overload{[](std::monostate) { return std::string("null"); },
                               [](bool value) { return std::string(value ? "true" : "false"); },
                               [](double value) {
                                 return std::isfinite(value) ? digits(value) : std::string("null");
                               },
                               [](const std::string& value) { return json_text(value); },
                               [](auto value) { return std::to_string(value); }},
                      cell);
  }

  std::ostream& out_;
  std::vector<std::string> keys_;
  bool empty_ = true;
};

}  // namespace

std::unique_ptr<TableWriter> csv_table(std::ostream& out, const std::vector<std::string>& columns) {
  return std::make_unique<CsvTable>(out, columns);
}

std::unique_ptr<TableWriter> json_table(std::ostream& out,
                                        const std::vector<std::string>& columns) {
  return std::make_unique<JsonTable>(out, columns);
}

}  // namespace evenkeel
