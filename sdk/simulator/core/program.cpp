#include "core/program.hpp"

#include "core/pki.hpp"
#include "core/server.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/SSLManager.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <fstream>
#include <iostream>
#include <map>
#include <optional>
#include <stdexcept>

namespace hub::simulator {

namespace {

namespace fs = std::filesystem;

constexpr const char* kUsage =
    "usage: {0} prepare --folder FOLDER\n"
    "       {0} serve --folder FOLDER --port PORT|0 [--listen ADDRESS]\n"
    "           [--public-url URL] [--clock-speed FACTOR] [--trust FILE] [--faults FILE]\n"
    "\n"
    "prepare   makes what is missing: ca.pem, a certificate for localhost, the keys that\n"
    "          simulator.json names (its lists may be edited), and simulator.json itself\n"
    "serve     prints \"ready port=N\" when it serves; SIGTERM ends it\n"
    "--public-url   how the addresses in codes begin, if a phone is to open them\n"
    "--clock-speed  how much faster than real time things fall due (0.001 to 1000000)\n"
    "--trust        certificates that vouch for https addresses of notifications\n"
    "--faults       scripted faults to start with, as POST /control/faults takes them\n";

using Options = std::map<std::string, std::string, std::less<>>;

/// "--name value" pairs; empty when an argument is no option or names an unknown one.
std::optional<Options> readOptions(const std::vector<std::string>& arguments,
                                   const std::vector<std::string_view>& known)
{
    Options options;
    for (std::size_t i = 1; i < arguments.size(); i += 2) {
        const std::string_view argument = arguments[i];
        const bool is_known =
            argument.starts_with("--") &&
            std::find(known.begin(), known.end(), argument.substr(2)) != known.end();
        if (!is_known || i + 1 == arguments.size()) {
            std::cerr << argument << ": "
                      << (is_known ? "needs a value" : "is no option of this command") << "\n";
            return std::nullopt;
        }
        options[std::string(argument.substr(2))] = arguments[i + 1];
    }
    return options;
}

template <typename Number>
Number readNumber(const Options& options, const char* name, Number low, Number high, Number usual)
{
    const auto found = options.find(name);
    if (found == options.end()) {
        return usual;
    }
    const std::string& text = found->second;
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < low || value > high) {
        throw std::runtime_error("--" + std::string(name) + " is \"" + text +
                                 "\", must be a number from " + std::to_string(low) + " to " +
                                 std::to_string(high));
    }
    return value;
}

std::string get(const Options& options, std::string_view name, std::string usual = {})
{
    const auto found = options.find(name);
    return found == options.end() ? std::move(usual) : found->second;
}

class Program {
public:
    Program(std::string_view name, const std::vector<PlayedProvider>& played)
        : name_(name)
        , played_(played)
    {}

    int run(const std::vector<std::string>& arguments) const
    {
        const std::string command = arguments.empty() ? "" : arguments.front();
        std::optional<Options> options;
        if (command == "prepare") {
            options = readOptions(arguments, {"folder"});
        } else if (command == "serve") {
            options = readOptions(
                arguments,
                {"folder", "port", "listen", "public-url", "clock-speed", "trust", "faults"});
        }
        if (!options || get(*options, "folder").empty()) {
            std::cerr << fmt::format(kUsage, name_);
            return 2;
        }
        return command == "prepare" ? prepareFolder(*options) : serve(*options);
    }

private:
    Json readSimulatorFile(const fs::path& path) const
    {
        std::ifstream file(path);
        Json settings = Json::parse(file, nullptr, false);
        if (!settings.is_object()) {
            throw std::runtime_error(
                fmt::format("{}: can't be read as a JSON object; correct it, or remove it and run "
                            "\"{} prepare\"",
                            path.string(),
                            name_));
        }
        for (const auto& [name, value] : settings.items()) {
            const bool is_played = std::any_of(
                played_.begin(), played_.end(), [&section = name](const PlayedProvider& one) {
                    return one.name == section;
                });
            if (!is_played) {
                throw std::runtime_error(fmt::format(
                    "{}: \"{}\" is no provider that is simulated; remove it", path.string(), name));
            }
        }
        return settings;
    }

    int prepareFolder(const Options& options) const
    {
        const fs::path folder = get(options, "folder");
        const fs::path path = folder / "simulator.json";
        fs::create_directories(folder);
        const Json before = fs::exists(path) ? readSimulatorFile(path) : Json::object();
        Json settings = before;
        for (const PlayedProvider& one : played_) {
            one.prepare(settings[one.name], folder);
        }
        ensureCertificates(folder);
        if (settings != before) {
            const fs::path fresh = path.string() + ".new";
            std::ofstream file(fresh);
            file << settings.dump(2) << "\n";
            file.close();
            if (!file) {
                throw std::runtime_error(fresh.string() + ": can't be written");
            }
            fs::rename(fresh, path);
        }
        return 0;
    }

    int serve(const Options& options) const
    {
        // Every thread that starts from here inherits the mask, so the signal waits for sigwait.
        sigset_t ending{};
        sigemptyset(&ending);
        sigaddset(&ending, SIGTERM);
        sigaddset(&ending, SIGINT);
        pthread_sigmask(SIG_BLOCK, &ending, nullptr);
        std::signal(SIGPIPE, SIG_IGN);

        const fs::path folder = get(options, "folder");
        const Json settings = readSimulatorFile(folder / "simulator.json");
        const ServerSettings server_settings{
            .folder = folder,
            .listen = get(options, "listen", "127.0.0.1"),
            .port = static_cast<std::uint16_t>(readNumber<int>(options, "port", 0, 65535, 0)),
            .public_url = get(options, "public-url"),
            .clock_speed = readNumber<double>(options, "clock-speed", 0.001, 1e6, 1),
            .trust_file = get(options, "trust"),
            .faults_file = get(options, "faults")};
        Server server(server_settings, [&](const Surroundings& surroundings) {
            Providers providers;
            for (const PlayedProvider& one : played_) {
                if (settings.contains(one.name)) {
                    providers.push_back(one.make(settings[one.name], folder, surroundings));
                }
            }
            return providers;
        });
        std::cout << "ready port=" << server.port() << std::endl;

        int signal = 0;
        sigwait(&ending, &signal);
        server.stop();
        return 0;
    }

    const std::string name_;
    const std::vector<PlayedProvider>& played_;
};

} // namespace

int runProgram(std::string_view program,
               const std::vector<PlayedProvider>& played,
               const std::vector<std::string>& arguments)
{
    Poco::Net::initializeSSL();
    int code = 1;
    try {
        code = Program(program, played).run(arguments);
    } catch (const Poco::Exception& failure) {
        std::cerr << program << ": " << failure.displayText() << std::endl;
    } catch (const std::exception& failure) {
        std::cerr << program << ": " << failure.what() << std::endl;
    }
    Poco::Net::uninitializeSSL();
    return code;
}

} // namespace hub::simulator
