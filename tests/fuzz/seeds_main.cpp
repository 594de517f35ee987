// Writes the seeds of a folder as raw bytes into another one, for libFuzzer.

#include "seed_file.hpp"

#include <cstdio>
#include <exception>
#include <fstream>
#include <stdexcept>

int main(int count, char** arguments)
{
    if (count != 3) {
        std::fputs("usage: fuzz_seeds SEEDS OUT\n", stderr);
        return 2;
    }
    try {
        const std::filesystem::path out{arguments[2]};
        std::filesystem::create_directories(out);
        for (const hub::fuzz::Seed& seed : hub::fuzz::readSeeds(arguments[1])) {
            std::ofstream file(out / seed.file.filename(), std::ios::binary);
            if (!(file << seed.bytes)) {
                throw std::runtime_error((out / seed.file.filename()).string() +
                                         " can't be written");
            }
        }
        return 0;
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "fuzz_seeds: %s\n", problem.what());
        return 2;
    }
}
