// expohub-sample-data FOLDER [--organizations N] [--persons N] [--delegations N]
//                            [--sub-delegations N] [--photos N] [--seed N]
#include "sample_data.hpp"

#include <charconv>
#include <cstdio>
#include <exception>
#include <map>
#include <string>
#include <string_view>

namespace {

constexpr int kUsage = 2;

int usage()
{
    std::fputs("expohub-sample-data FOLDER [--organizations N] [--persons N] [--delegations N] "
               "[--sub-delegations N] [--photos N] [--seed N]\n"
               "Writes sample data for `expohub import`, as large as the fair by default.\n",
               stderr);
    return kUsage;
}

bool readNumber(std::string_view text, std::uint64_t& number)
{
    const char* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, number);
    return error == std::errc{} && stopped == end;
}

} // namespace

int main(int argc, char** argv)
{
    sample::Sizes sizes;
    const std::map<std::string_view, std::uint64_t*> options = {
        {"--organizations", &sizes.organizations},
        {"--persons", &sizes.persons},
        {"--delegations", &sizes.delegations},
        {"--sub-delegations", &sizes.sub_delegations},
        {"--photos", &sizes.photos},
        {"--seed", &sizes.seed}};
    if (argc < 2 || argc % 2 != 0) {
        return usage();
    }
    for (int i = 2; i < argc; i += 2) {
        const auto option = options.find(argv[i]);
        if (option == options.end() || !readNumber(argv[i + 1], *option->second)) {
            return usage();
        }
    }
    try {
        sample::write(argv[1], sizes);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
    return 0;
}
