// One pass over the bytes.
#include "sim/topology/csv.h"

namespace evenkeel {
namespace {

class CsvParser {
 public:
  CsvParser(std::string_view text, const std::string& file) : text_(text), file_(file) {
    if (text_.starts_with("\xEF\xBB\xBF")) text_.remove_prefix(3);
  }

  std::vector<CsvRow> rows() {
    std::vector<CsvRow> rows;
    while (!text_.empty()) {
      CsvRow row{line_, {}};
      bool more = true;
      while (more) {
        row.fields.push_back(field());
        more = text_.starts_with(',');
        if (!text_.empty()) text_.remove_prefix(1);
        if (row.fields.size() > 100'000) throw UserError({file_, row.line}, "too many columns");
      }
      ++line_;
      if (row.fields.size() > 1 || !row.fields.front().empty()) rows.push_back(std::move(row));
      if (rows.size() > 2'000'000) throw UserError({file_, line_}, "too many rows");
    }
    return rows;
  }

 private:
  /// Leaves the text at the comma or line end behind the field.
  std::string field() {
    const std::size_t start = text_.find_first_not_of(" \t");
    if (start != text_.npos && text_[start] == '"') {
      text_.remove_prefix(start + 1);
      return quoted();
    }
    const std::size_t end = std::min(text_.find_first_of(",\n"), text_.size());
    std::string field{trimmed(text_.substr(0, end))};
    text_.remove_prefix(end);
    return field;
  }

  std::string quoted() {
    const int opened = line_;
    std::string field;
    while (true) {
      const std::size_t quote = text_.find('"');
      if (quote == text_.npos) throw UserError({file_, opened}, "a quote that is never closed");
      for (const char c : text_.substr(0, quote)) line_ += c == '\n';
      field += text_.substr(0, quote);
      text_.remove_prefix(quote + 1);
      if (!text_.starts_with('"')) break;
      field += '"';
      text_.remove_prefix(1);
    }
    const std::size_t end = std::min(text_.find_first_of(",\n"), text_.size());
    if (!trimmed(text_.substr(0, end)).empty())
      throw UserError({file_, line_}, "text behind a closing quote");
    text_.remove_prefix(end);
    return std::string{trimmed(field)};
  }

  std::string_view text_;
  const std::string& file_;
  int line_ = 1;
};

}  // namespace

std::vector<CsvRow> parse_csv(std::string_view text, const std::string& file) {
  return CsvParser(text, file).rows();
}

}  // namespace evenkeel
