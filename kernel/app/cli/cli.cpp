#include "app/cli/cli.hpp"

#include "app/cli/admin_client.hpp"
#include "app/cli/table.hpp"
#include "base/encoding.hpp"
#include "base/exception.hpp"

#include <filesystem>
#include <fstream>
#include <optional>
#include <ostream>
#include <sstream>
#include <utility>

namespace hub::cli {

namespace {

using base::Json;

constexpr std::size_t kInputBytesMax = 1024 * 1024;
constexpr std::size_t kFileBytesMax = 64 * 1024 * 1024; // of a plugin's command

class Program {
public:
    Program(const LocalSide& local, Streams streams)
        : local_(local)
        , streams_(streams)
    {}

    int run(const std::vector<std::string>& arguments)
    {
        Result<CommandLine> line = parseCommandLine(arguments);
        if (!line.ok()) {
            return fail(kExitUsage, line.error().message);
        }
        line_ = std::move(line).value();
        if (line_.wish == CommandLine::Wish::Version) {
            streams_.out << "expohub " << local_.version << "\n";
            return kExitOk;
        }
        if (line_.wish == CommandLine::Wish::Help) {
            streams_.out << helpText(
                line_, line_.spec == nullptr ? pluginCommands() : std::vector<PluginCommand>{});
            return kExitOk;
        }
        if (line_.spec != nullptr && line_.spec->takes_input && !takeInput()) {
            return kExitUsage;
        }
        if (line_.spec == nullptr && line_.request.options.contains("file") && !takeFile()) {
            return kExitUsage;
        }
        return print(execute());
    }

private:
    int fail(int exit, const std::string& sentence)
    {
        streams_.error << "expohub: " << sentence << "\n";
        return exit;
    }

    bool readFile(std::ostringstream& all)
    {
        const std::string path = line_.request.options.at("file").get<std::string>();
        std::ifstream stream(path, std::ios::binary);
        if (!stream) {
            fail(kExitUsage,
                 fmt::format("{} can't be read; name a readable file with --file", path));
            return false;
        }
        all << stream.rdbuf();
        line_.request.options.erase("file");
        return true;
    }

    /// What a plugin's command works on.
    bool takeFile()
    {
        std::ostringstream all;
        const std::filesystem::path path = line_.request.options.at("file").get<std::string>();
        if (!readFile(all)) {
            return false;
        }
        const std::string bytes = all.str();
        if (bytes.empty() || bytes.size() > kFileBytesMax) {
            fail(kExitUsage,
                 fmt::format("{} has {} bytes, must have 1 to {}; divide it",
                             path.string(),
                             bytes.size(),
                             kFileBytesMax));
            return false;
        }
        line_.request.options["file_name"] = path.filename().string();
        line_.request.options["input_base64"] = base::toBase64(bytes);
        return true;
    }

    bool takeInput()
    {
        std::ostringstream all;
        if (line_.request.options.contains("file")) {
            if (!readFile(all)) {
                return false;
            }
        } else {
            all << streams_.in.rdbuf();
        }
        const std::string bytes = all.str();
        if (bytes.empty() || bytes.size() > kInputBytesMax) {
            fail(kExitUsage,
                 fmt::format("the input has {} bytes, must have 1 to {}; give it by --file or "
                             "standard input",
                             bytes.size(),
                             kInputBytesMax));
            return false;
        }
        line_.request.options["input_base64"] = base::toBase64(bytes);
        return takePassword();
    }

    /// Its first line. Never a word of the command line, which every user of the machine can read.
    bool takePassword()
    {
        const auto file = line_.request.options.find("password-file");
        if (file == line_.request.options.end()) {
            return true;
        }
        const std::string path = file->get<std::string>();
        std::ifstream stream(path);
        std::string password;
        if (!std::getline(stream, password)) {
            fail(kExitUsage,
                 fmt::format("{} has no first line to read; write the password there, in a file "
                             "that only you can read",
                             path));
            return false;
        }
        line_.request.options.erase("password-file");
        line_.request.options["password"] = password;
        return true;
    }

    /// What is no command of the program may be one of a plugin, on the closed store.
    bool mayRunHere() const
    {
        return line_.spec == nullptr || line_.spec->place == Place::HubOrHere;
    }

    AdminReply execute()
    {
        if (line_.spec != nullptr && line_.spec->place == Place::Here) {
            return local_.run(line_.request, line_.global);
        }
        const Result<AdminReply> reply = ask(line_.request);
        if (reply.ok()) {
            return reply.value();
        }
        const bool nobody = reply.error().code == HUB_UNAVAILABLE;
        if (nobody && mayRunHere()) {
            return local_.run(line_.request, line_.global);
        }
        return AdminReply::failure(nobody ? kExitUnavailable : kExitFailed, reply.error().message);
    }

    Result<AdminReply> ask(const AdminRequest& request)
    {
        return callHub(local_.admin_socket(line_.global), request, [this](const StreamItem& item) {
            if (item.progress) {
                streams_.error << "expohub: " << printable(item.line) << std::endl;
                return;
            }
            streams_.out << (line_.global.json ? item.data.dump() : printable(item.line))
                         << std::endl;
        });
    }

    /// For help: a hub that does not answer has none to tell.
    std::vector<PluginCommand> pluginCommands()
    {
        std::vector<PluginCommand> commands;
        std::optional<Result<AdminReply>> reply;
        try {
            AdminRequest request;
            request.words = {"commands"};
            reply = ask(request);
        } catch (const base::Failure&) {
            return commands; // settings that can't be read must not stop help
        }
        if (!reply->ok() || !reply->value().data.is_array()) {
            return commands;
        }
        for (const Json& item : reply->value().data) {
            commands.push_back({item.value("name", ""),
                                item.value("arguments", std::vector<std::string>{}),
                                item.value("title", Json::object()).value("en", "")});
        }
        return commands;
    }

    int print(const AdminReply& reply)
    {
        if (line_.global.json) {
            if (!reply.data.is_null()) {
                streams_.out << reply.data.dump(2, ' ', false, Json::error_handler_t::replace)
                             << "\n";
            }
        } else {
            for (std::size_t index = 0; index < reply.sections.size(); ++index) {
                streams_.out << (index == 0 ? "" : "\n") << renderSection(reply.sections[index]);
            }
        }
        streams_.out.flush();
        return reply.error.empty() ? reply.exit : fail(reply.exit, reply.error);
    }

    const LocalSide& local_;
    Streams streams_;
    CommandLine line_;
};

} // namespace

int runCli(const std::vector<std::string>& arguments, const LocalSide& local, Streams streams)
{
    try {
        return Program(local, streams).run(arguments);
    } catch (const base::Failure& failure) {
        streams.error << "expohub: " << failure.message() << "\n";
        return failure.status() == HUB_BAD_REQUEST ? kExitConfig : kExitFailed;
    } catch (...) {
        streams.error << "expohub: " << base::currentExceptionText() << "\n";
        return kExitInternal;
    }
}

} // namespace hub::cli
