// Each word of a text, in lower case, with the value 1: what a count by key makes a word count.
#include "models/processing/mapper.h"

namespace evenkeel {
namespace {

class Words final : public Mapper {
 public:
  struct Settings {
    std::int64_t column = 0;
    void describe(Fields& fields) {
      fields.integer("column", column, {"which column is the text, from 0", 0, 1000});
    }
  };
  explicit Words(const Settings& settings) : settings_(settings) {}

  void map(const Row& row, const Emit& emit) const override {
    const auto column = static_cast<std::size_t>(settings_.column);
    const auto* text = column < row.size() ? std::get_if<std::string>(&row[column]) : nullptr;
    if (text == nullptr) return;
    std::string word;
    const auto end_word = [&] {
      if (word.empty()) return;
      Row key;
      key.emplace_back(word);
      Row values;
      values.emplace_back(std::int64_t{1});
      emit(std::move(key), std::move(values));
      word.clear();
    };
    for (const char letter : *text) {
      const bool is_upper = letter >= 'A' && letter <= 'Z';
      const bool is_part = is_upper || (letter >= 'a' && letter <= 'z') ||
                           (letter >= '0' && letter <= '9') || (letter & 0x80) != 0;
      if (is_part) {
        word += is_upper ? static_cast<char>(letter - 'A' + 'a') : letter;
      } else {
        end_word();
      }
    }
    end_word();
  }
  std::vector<std::uint32_t> columns(const std::vector<std::uint32_t>&) const override {
    return {static_cast<std::uint32_t>(settings_.column)};
  }
  double ops_per_row() const override { return 5000; }

 private:
  Settings settings_;
};

const Registered entry{mappers(), mapper_entry<Words>("words", "each word of a text")};

}  // namespace
}  // namespace evenkeel
