// Runs a target without libFuzzer: over every seed given, and over changed seeds. Ends with
// "N inputs"; an input that ends the process is printed as a *.hex seed.
// usage: fuzz_NAME [--mutations N] FILE|FOLDER…

#include "mutator.hpp"
#include "seed_file.hpp"

#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <unistd.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
// There with the address sanitizer only, whose reports end the process without a signal.
extern "C" [[gnu::weak]] void __sanitizer_set_death_callback(void (*callback)());

namespace {

constexpr std::uint64_t kRandomSeed = 20261121;
constexpr unsigned kSecondsPerInput = 20;

/// What runs now, for printCurrent.
std::string_view current_input;
std::string_view current_name;

void put(std::string_view text) noexcept
{
    // A write that fails leaves nobody to tell.
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text.data(), text.size());
}

/// Allowed in a signal handler.
void printCurrent() noexcept
{
    constexpr std::string_view kDigits = "0123456789abcdef";
    put("\n# the input, made from ");
    put(current_name);
    put(":\n");
    for (const char c : current_input) {
        const auto byte = static_cast<unsigned char>(c);
        const char pair[] = {kDigits[byte >> 4U], kDigits[byte & 15U]};
        put({pair, sizeof pair});
    }
    put("\n");
}

void onSignal(int signal)
{
    put(signal == SIGALRM ? "no end after 20 s" : "ended by a signal");
    printCurrent();
    std::signal(signal, SIG_DFL);
    std::raise(signal);
}

void watch()
{
    // A stack that overflowed can't run a handler.
    static char stack[64 * 1024];
    stack_t alternate{};
    alternate.ss_sp = stack;
    alternate.ss_size = sizeof stack;
    ::sigaltstack(&alternate, nullptr);
    struct sigaction action {};
    action.sa_handler = onSignal;
    action.sa_flags = SA_ONSTACK;
    for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGALRM}) {
        ::sigaction(signal, &action, nullptr);
    }
    if (__sanitizer_set_death_callback != nullptr) {
        __sanitizer_set_death_callback(printCurrent);
    }
}

void run(const std::string& input)
{
    // A copy of exactly its size lets the sanitizer see a byte too far.
    const std::vector<std::uint8_t> bytes(input.begin(), input.end());
    current_input = input;
    ::alarm(kSecondsPerInput);
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
}

struct Options {
    std::size_t mutations = 0;
    std::vector<hub::fuzz::Seed> seeds;
};

Options parseOptions(const std::vector<std::string_view>& arguments)
{
    Options options;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        if (arguments[i] == "--mutations" && i + 1 < arguments.size()) {
            const std::string_view text = arguments[++i];
            const char* end = text.data() + text.size();
            const auto parsed = std::from_chars(text.data(), end, options.mutations);
            if (parsed.ec != std::errc{} || parsed.ptr != end) {
                throw std::runtime_error("--mutations takes a number");
            }
            continue;
        }
        for (auto& seed : hub::fuzz::readSeeds(arguments[i])) {
            options.seeds.push_back(std::move(seed));
        }
    }
    if (options.seeds.empty()) {
        throw std::runtime_error("there is no seed; give a file or a folder with one");
    }
    return options;
}

std::size_t replay(const Options& options)
{
    std::vector<std::string> inputs;
    for (const hub::fuzz::Seed& seed : options.seeds) {
        inputs.push_back(seed.bytes);
    }
    std::size_t count = 0;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        const std::string name = options.seeds[i].file.filename().string();
        current_name = name;
        run(inputs[i]);
        ++count;
        hub::fuzz::Mutator mutator(kRandomSeed + i, inputs);
        for (std::size_t n = 0; n < options.mutations; ++n, ++count) {
            run(mutator.mutate(inputs[i]));
        }
    }
    ::alarm(0);
    return count;
}

} // namespace

int main(int count, char** arguments)
{
    Options options;
    try {
        options = parseOptions({arguments + 1, arguments + count});
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "replay: %s\n", problem.what());
        return 2;
    }
    // What a target throws ends the process, as it does under libFuzzer.
    watch();
    std::printf("%zu inputs\n", replay(options));
    return 0;
}
