// Cores that really compute: what a computation takes on them is CPU time of this machine, not a
// timer's. For nodes on real sockets that have the machine's cores to themselves.
#pragma once

#include <functional>

#include "sim/world/cpu.h"

namespace evenkeel {

/// Runs a function later in the node's own thread. It may be called from any thread.
using Post = std::function<void(std::function<void()>)>;

/// A thread for each of the shape's cores burns CPU: for each computation work/speed seconds, by
/// the thread's CPU clock, of floating point operations. First come, first served, or in turns of 1
/// ms of CPU time where the cores are shared. A cancelled computation stops within microseconds of
/// CPU time. slow_down() holds for computations, or turns, that begin afterwards.
///
/// All of Cpu is called in the node's thread alone, and there it is destroyed: that stops the
/// threads and waits for them, and nobody is woken any more, even by what was posted before. Throws
/// std::system_error if the machine gives no more threads.
std::unique_ptr<Cpu> make_burning_cpu(World& world, const Cpu::Shape& shape, Post post);

}  // namespace evenkeel
