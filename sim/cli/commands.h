// The commands of the program, each with its options.
#pragma once

namespace CLI {
class App;
}

namespace evenkeel {

/// Adds all commands; each sets `status` to its exit code when it has run.
void add_commands(CLI::App& app, int& status);

}  // namespace evenkeel
