#include "models/storage/layouts.h"

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <limits>
#include <set>

#include "models/runtime/together.h"

namespace evenkeel {
namespace {

constexpr std::size_t warden_count = 7;
constexpr std::array<std::string_view, 2> slots = {"layouts.0", "layouts.1"};
constexpr std::size_t longest_file = std::size_t{64} << 20;

/// What a node's disk keeps. The two slots are written in turn, so that one is always whole.
struct SavedLayouts {
  std::uint64_t number = 0;
  std::vector<Layout> layouts = {};
  LayoutProgress own = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(number, layouts, own);
  }
};

std::uint64_t checksum(std::span<const std::byte> bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

bool are_sound(const std::vector<Layout>& layouts) {
  return std::ranges::all_of(layouts, [](const Layout& layout) { return is_sound(layout); });
}

std::optional<SavedLayouts> load_slot(const Disk& disk, std::string_view slot) {
  const Result<std::vector<std::byte>> bytes = disk.read(slot, 0, longest_file);
  if (!bytes || bytes->size() < sizeof(std::uint64_t)) return std::nullopt;
  Reader reader{*bytes};
  const auto expected = reader.get<std::uint64_t>();
  const auto body = std::span{*bytes}.subspan(sizeof expected);
  if (checksum(body) != expected) return std::nullopt;
  std::optional<SavedLayouts> saved = decoded<SavedLayouts>(body);
  if (saved && (saved->layouts.empty() || !are_sound(saved->layouts))) saved.reset();
  return saved;
}

bool is_member_of(const Layout& layout, NodeId node) {
  return std::ranges::binary_search(layout.members, node, {}, &Member::node);
}

}  // namespace

void LayoutSettings::describe(Fields& fields) {
  fields.duration("period", period, {"between questions for newer layouts", 1e-3});
  fields.duration("timeout", timeout, {"how long to wait for an answer", 1e-3});
  fields.duration("lease", lease, {"how long a node uses its layouts after asking", 1e-3});
  fields.duration("longest_operation", longest_operation,
                  {"how long a write or read takes, at most", 1e-3});
  fields.integer("most_in_force", most_in_force, {"layouts at the same time", 2, 16});
}

Layouts::Layouts(Node& node, Layout first, std::vector<NodeId> contacts,
                 const Membership* membership, const LayoutSettings& settings)
    : node_(node),
      settings_(settings),
      contacts_(std::move(contacts)),
      membership_(membership),
      service_(node, Port::layout) {
  EVENKEEL_CHECK(is_sound(first), "the first layout comes from the scenario, and is whole");
  load();
  if (layouts_.empty()) {
    const std::uint64_t version = first.version;
    // Nothing was before the first layout: all its members have all data.
    for (const Member& member : first.members) progress_[member.node] = {version, version, version};
    install(std::move(first));
  }
  std::erase(contacts_, node.id());
  service_.on(&Layouts::compare_layouts, *this);
  node.spawn(run());
}

void Layouts::load() {
  std::optional<SavedLayouts> newest;
  for (const std::string_view slot : slots) {
    std::optional<SavedLayouts> saved = load_slot(node_.disk(), slot);
    if (saved && (!newest || saved->number > newest->number)) newest = std::move(saved);
  }
  if (!newest) return;
  saved_ = newest->number;
  for (Layout& layout : newest->layouts) install(std::move(layout));
  progress_[node_.id()] = newest->own;
}

Task<bool> Layouts::persist(LayoutProgress own) {
  SavedLayouts saved{.number = saved_ + 1, .own = own};
  for (const auto& [version, layout] : layouts_) saved.layouts.push_back(layout);
  const Blob body = encoded(saved);
  Blob bytes = encoded(checksum(body));
  bytes.insert(bytes.end(), body.begin(), body.end());
  const std::string slot{slots[saved.number % slots.size()]};
  node_.disk().remove(slot);
  const bool is_kept = node_.disk().write(slot, 0, bytes) && node_.disk().sync(slot);
  if (!is_kept) co_return false;
  ++saved_;
  co_await node_.disk_done();
  co_return true;
}

std::vector<const Layout*> Layouts::in_force() const {
  std::vector<const Layout*> layouts;
  for (auto it = layouts_.rbegin(); it != layouts_.rend(); ++it) layouts.push_back(&it->second);
  return layouts;
}

const Layout& Layouts::readable() const {
  if (settings_.flaw == Flaw::reads_new_layout) return newest();
  for (auto it = layouts_.rbegin(); it != layouts_.rend(); ++it)
    if (std::ranges::all_of(it->second.members, [&](const Member& member) {
          return progress(member.node).sync >= it->first;
        }))
      return it->second;
  return layouts_.begin()->second;
}

bool Layouts::most_wardens(const Layout& layout, const std::function<bool(NodeId)>& are) const {
  const std::vector<NodeId>& wardens = wardens_.at(layout.version);
  return static_cast<std::size_t>(std::ranges::count_if(wardens, are)) >=
         Quorum::majority(wardens.size());
}

bool Layouts::is_current() const {
  const auto was_asked = [&](NodeId warden) {
    if (warden == node_.id()) return true;
    const auto asked = asked_.find(warden);
    return asked != asked_.end() && asked->second + settings_.lease > node_.now();
  };
  return std::ranges::all_of(layouts_,
                             [&](const auto& one) { return most_wardens(one.second, was_asked); });
}

bool Layouts::is_member() const {
  return std::ranges::any_of(layouts_,
                             [&](const auto& one) { return is_member_of(one.second, node_.id()); });
}

LayoutProgress Layouts::progress(NodeId member) const {
  const auto known = progress_.find(member);
  return known == progress_.end() ? LayoutProgress{} : known->second;
}

bool Layouts::is_quiet(std::uint64_t version) const {
  const auto since = acked_since_.find(version);
  return since != acked_since_.end() &&
         since->second + settings_.lease + settings_.longest_operation <= node_.now();
}

void Layouts::install(Layout layout) {
  if (layouts_.contains(layout.version)) return;
  wardens_[layout.version] = rendezvous(layout, sha256(bytes_of("wardens")), warden_count);
  const std::uint64_t version = layout.version;
  layouts_.emplace(version, std::move(layout));
  changed();
}

void Layouts::end_before(std::uint64_t oldest) {
  if (oldest > layouts_.rbegin()->first || layouts_.begin()->first >= oldest) return;
  for (auto* versions : {&acked_since_, &sync_acked_since_})
    versions->erase(versions->begin(), versions->lower_bound(oldest));
  layouts_.erase(layouts_.begin(), layouts_.lower_bound(oldest));
  wardens_.erase(wardens_.begin(), wardens_.lower_bound(oldest));
  std::erase_if(progress_, [&](const auto& one) {
    return one.first != node_.id() && std::ranges::none_of(layouts_, [&](const auto& layout) {
             return is_member_of(layout.second, one.first);
           });
  });
  changed();
}

void Layouts::merge(NodeId member, const LayoutProgress& heard) {
  const std::uint64_t newest = layouts_.rbegin()->first;
  const bool is_known = std::ranges::any_of(
      layouts_, [&](const auto& one) { return is_member_of(one.second, member); });
  // Of itself it knows best; of layouts unknown here, there will be time to hear.
  if (!is_known || member == node_.id()) return;
  LayoutProgress& known = progress_[member];
  known.ack = std::max(known.ack, std::min(heard.ack, newest));
  known.sync = std::max(known.sync, std::min(heard.sync, newest));
  known.sync_ack = std::max(known.sync_ack, std::min(heard.sync_ack, newest));
}

void Layouts::changed() {
  for (const auto& listener : listeners_) listener();
}

std::uint64_t Layouts::progress_digest() const { return checksum(encoded(progress_)); }

Task<Result<CompareLayouts::Answer>> Layouts::compare_layouts(NodeId from,
                                                              CompareLayouts question) {
  merge(from, question.own);
  if (question.newest > newest().version) node_.spawn(refresh_from(from));
  CompareLayouts::Answer answer{.oldest = layouts_.begin()->first};
  for (const auto& [version, layout] : layouts_)
    if (version > question.newest) answer.newer.push_back(layout);
  if (question.progress_digest != progress_digest()) answer.progress = progress_;
  co_return answer;
}

Task<Result<Done>> Layouts::refresh(NodeId from) {
  const Time started = node_.now();
  const CompareLayouts question{newest().version, progress_digest(), progress(node_.id())};
  Task<Result<CompareLayouts::Answer>> asking =
      ask(node_, from, Port::layout, question, settings_.timeout);
  Result<CompareLayouts::Answer> answer = co_await std::move(asking);
  if (!answer) co_return answer.error();
  if (answer->newer.size() > static_cast<std::size_t>(settings_.most_in_force) ||
      !are_sound(answer->newer))
    co_return Error{ErrorCode::malformed, "layouts that make no sense"};
  for (Layout& layout : answer->newer)
    if (layout.version > newest().version) install(std::move(layout));
  for (const auto& [member, heard] : answer->progress) merge(member, heard);
  end_before(answer->oldest);
  Time& asked = asked_[from];
  asked = std::max(asked, started);
  co_return Done{};
}

Task<> Layouts::refresh_from(NodeId node) {
  Task<Result<Done>> refreshing = refresh(node);
  const Result<Done> refreshed = co_await std::move(refreshing);
  if (!refreshed) node_.probe().count("layouts not learnt", node_.id(), 1);
}

Task<> Layouts::ask_around() {
  std::set<NodeId> wardens;
  for (const auto& [version, its] : wardens_) wardens.insert(its.begin(), its.end());
  wardens.erase(node_.id());
  std::vector<Task<Result<Done>>> asking;
  for (const NodeId warden : wardens) asking.push_back(refresh(warden));
  if (!contacts_.empty() && !is_current())
    asking.push_back(refresh(contacts_[node_.random().below(contacts_.size())]));
  Task<Result<Done>> all = all_of(node_, std::move(asking));
  const Result<Done> all_answered = co_await std::move(all);
  if (!all_answered && !is_current())
    node_.probe().count("times without current layouts", node_.id(), 1);
}

Task<> Layouts::run() {
  while (true) {
    const Time started = node_.now();
    const std::uint64_t version = newest().version;
    Task<> asking = ask_around();
    co_await std::move(asking);
    Task<> advancing = advance();
    co_await std::move(advancing);
    if (newest().version == version)
      co_await node_.sleep_until(time_after(started, settings_.period));
    else
      co_await node_.sleep(settings_.period / 100);
  }
}

void Layouts::note_majorities() {
  const auto have_most = [&](std::uint64_t LayoutProgress::*reached, std::uint64_t version,
                             std::uint64_t before) {
    return std::ranges::all_of(layouts_, [&](const auto& one) {
      return one.first >= before || most_wardens(one.second, [&](NodeId warden) {
               return progress(warden).*reached >= version;
             });
    });
  };
  for (const auto& [version, layout] : layouts_) {
    if (version == layouts_.begin()->first) continue;
    // Who does not know it asks the wardens of older layouts; who does not know that it can be read
    // may know it, and newer ones.
    if (!acked_since_.contains(version) && have_most(&LayoutProgress::ack, version, version))
      acked_since_[version] = node_.now();
    if (!sync_acked_since_.contains(version) &&
        have_most(&LayoutProgress::sync_ack, version, std::numeric_limits<std::uint64_t>::max()))
      sync_acked_since_[version] = node_.now();
  }
}

// One step for a member: what it may say next of itself. Only what its disk has is said.
Task<> Layouts::advance() {
  note_majorities();
  for (const auto& [version, since] : sync_acked_since_) {
    if (since + settings_.lease + settings_.longest_operation > node_.now()) continue;
    if (readable().version < version) continue;
    end_before(version);
    break;
  }
  if (!is_member()) co_return;
  LayoutProgress next = progress(node_.id());
  next.ack = newest().version;
  next.sync_ack = std::max(next.sync_ack, readable().version);
  const std::uint64_t wanted = newest().version;
  if (next.sync < wanted && is_quiet(wanted)) {
    Task<Result<Done>> copying = synchronise(wanted);
    const Result<Done> copied = co_await std::move(copying);
    if (copied) next.sync = wanted;
  }
  if (next == progress(node_.id())) co_return;
  Task<bool> keeping = persist(next);
  const bool is_kept = co_await std::move(keeping);
  if (!is_kept) co_return;
  progress_[node_.id()] = next;
  changed();
}

Task<Result<Done>> Layouts::synchronise(std::uint64_t version) {
  if (!layouts_.contains(version)) co_return Error{ErrorCode::conflict, "the layout has ended"};
  const Layout newer = layouts_.at(version);
  const Layout older = readable();
  if (!is_member_of(newer, node_.id())) co_return Done{};
  for (const Synchronise& one : synchronise_) {
    Task<Result<Done>> copying = one(older, newer);
    const Result<Done> copied = co_await std::move(copying);
    if (!copied) {
      node_.probe().event(node_.now(), node_.id(), "layout not yet copied", copied.error().detail);
      co_return copied;
    }
  }
  co_return Done{};
}

Task<Result<Layout>> Layouts::propose(std::vector<Member> members, std::uint32_t copies,
                                      Decide decide) {
  if (!is_current())
    co_return Error{
        ErrorCode::no_quorum,
        "most keepers of the layouts cannot be reached, so there may be newer ones; try "
        "again when they can be"};
  if (layouts_.size() >= static_cast<std::size_t>(settings_.most_in_force))
    co_return Error{ErrorCode::overloaded,
                    "earlier changes of the layout are not done; try again when they are"};
  const Result<Layout> made = make_layout(std::move(members), copies, &newest());
  if (!made) co_return made;
  Task<Result<Layout>> deciding = decide(*made);
  Result<Layout> decided = co_await std::move(deciding);
  if (!decided) co_return decided;
  if (!is_sound(*decided) || decided->version != made->version)
    co_return Error{ErrorCode::malformed, "what was decided is no layout of this version"};
  if (decided->version > newest().version) install(*decided);
  for (const NodeId warden : wardens_.begin()->second)
    if (warden != node_.id()) node_.spawn(refresh_from(warden));
  if (*decided != *made)
    co_return Error{ErrorCode::conflict,
                    "another layout was decided at the same time; look at it and propose again"};
  co_return decided;
}

}  // namespace evenkeel
