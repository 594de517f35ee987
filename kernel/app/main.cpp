// expohub: the hub and its command line.

#include "app/cli/cli.hpp"
#include "app/local_commands.hpp"

#include <iostream>
#include <string>
#include <vector>

int main(int argc, char** argv)
{
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    return hub::cli::runCli(
        arguments, hub::app::localSide(), {std::cin, std::cout, std::cerr}); // tidy: allow main
}
