#include "models/runtime/task.h"

namespace evenkeel {

SpawnId TaskList::spawn(Task<> task) {
  std::size_t place = slots_.size();
  if (vacant_.empty()) {
    slots_.emplace_back();
  } else {
    place = vacant_.back();
    vacant_.pop_back();
  }
  const SpawnId id{place, ++ages_};
  const Task<>::Handle handle = std::exchange(task.handle_, nullptr);
  slots_[place] = {handle, id.age};
  handle.promise().list = this;
  handle.promise().place = place;
  ++live_;
  handle.resume();
  return id;
}

void TaskList::cancel(SpawnId id) {
  if (id.age == 0 || id.place >= slots_.size() || slots_[id.place].age != id.age) return;
  const Task<>::Handle handle = slots_[id.place].handle;
  vacate(id.place);
  handle.destroy();
}

void TaskList::cancel_all() {
  // A destructor may end another task's wait but never resumes it, so the list only shrinks.
  for (std::size_t place = slots_.size(); place-- > 0;)
    if (slots_[place].age != 0) cancel({place, slots_[place].age});
}

void TaskList::finished(detail::PromiseBase& promise) noexcept {
  const Task<>::Handle handle = slots_[promise.place].handle;
  vacate(promise.place);
  handle.destroy();
}

void TaskList::vacate(std::size_t place) noexcept {
  slots_[place] = {};
  vacant_.push_back(place);
  --live_;
}

}  // namespace evenkeel
