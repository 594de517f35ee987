// A simulator of the provider: expohub-simulator's core with one provider of our own.

#include "provider.hpp"
#include "settings.hpp"

#include <core/program.hpp>

int main(int argc, char** argv)
{
    return hub::simulator::runProgram("payment_example-simulator",
                                      {{simulated::kName, simulated::prepare, simulated::make}},
                                      {argv + 1, argv + argc});
}
