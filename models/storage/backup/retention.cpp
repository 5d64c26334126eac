#include "models/storage/backup/retention.h"

#include <optional>

namespace evenkeel {
namespace {

constexpr std::int64_t hour_ms = 3'600'000;

std::int64_t in_ms(Duration span) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(span).count();
}

// The length of the span of which one is kept; 0: all are; nothing: none is.
std::optional<std::int64_t> span_at(std::int64_t age_ms, const RetentionRule& rule) {
  if (age_ms <= in_ms(rule.all)) return 0;
  if (age_ms <= in_ms(rule.hourly)) return hour_ms;
  if (age_ms <= in_ms(rule.daily)) return 24 * hour_ms;
  if (age_ms <= in_ms(rule.weekly)) return 7 * 24 * hour_ms;
  return std::nullopt;
}

}  // namespace

std::vector<std::uint64_t> outlived(std::span<const BackupInfo> backups, std::int64_t now_ms,
                                    const RetentionRule& rule) {
  std::vector<std::uint64_t> gone;
  std::optional<std::int64_t> last_kept_ms;
  for (std::size_t i = 0; i < backups.size(); ++i) {
    const std::int64_t cut_ms = backups[i].cut_ms;
    const std::optional<std::int64_t> span = span_at(now_ms - cut_ms, rule);
    const bool is_newest = i + 1 == backups.size();
    const bool is_first =
        span && (*span == 0 || !last_kept_ms || *last_kept_ms / *span != cut_ms / *span);
    if (is_newest || is_first) {
      last_kept_ms = cut_ms;
    } else {
      gone.push_back(backups[i].id);
    }
  }
  return gone;
}

}  // namespace evenkeel
