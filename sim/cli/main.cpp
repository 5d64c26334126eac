// The program `evenkeel`. Exit codes: 0 fine, 1 something failed, 2 the user's input is wrong.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "models/runtime/user_error.h"
#include "sim/cli/commands.h"
#include "sim/world/freed_memory.h"

namespace {

constexpr int user_mistake = 2;

}  // namespace

int main(int argc, char** argv) {
  evenkeel::keep_freed_memory();
  CLI::App app{
      "Evenkeel: balance load and share data between edge and cloud nodes, before you "
      "deploy it."};
  app.require_subcommand(1);
  app.set_version_flag("--version", std::string{"evenkeel "} + EVENKEEL_VERSION);
  int status = 0;
  evenkeel::add_commands(app, status);
  try {
    app.parse(argc, argv);
    return status;
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : user_mistake;
  } catch (const evenkeel::UserError& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return user_mistake;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "evenkeel: %s\n", error.what());
    return 1;
  }
}
