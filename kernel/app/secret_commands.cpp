#include "app/secret_commands.hpp"

#include "base/encoding.hpp"

#include <charconv>
#include <utility>

namespace hub::app {

using cli::AdminReply;

AdminReply putSecret(security::Secrets& secrets, const cli::AdminRequest& request)
{
    const auto bytes = base::fromBase64(request.options.value("input_base64", ""));
    if (request.words.size() < 3 || !bytes.ok() || bytes.value().empty()) {
        return AdminReply::failure(cli::kExitUsage,
                                   "secret put: give a name and the secret by --file or standard "
                                   "input");
    }
    const auto version = secrets.put(request.words[2], bytes.value());
    if (!version.ok()) {
        return AdminReply::failure(cli::kExitFailed, version.error().message);
    }
    AdminReply reply;
    reply.data = {{"name", request.words[2]}, {"version", version.value()}};
    reply.sections.push_back(
        {"", {"name", "version"}, {{request.words[2], std::to_string(version.value())}}});
    return reply;
}

AdminReply listSecrets(const security::Secrets& secrets)
{
    AdminReply reply;
    reply.data = base::Json::array();
    cli::Section section{"Secrets", {"name", "version", "state"}, {}};
    for (const std::string& name : secrets.names()) {
        for (const security::SecretVersion& version : secrets.versions(name)) {
            const char* state = version.retired ? "retired" : "usable";
            reply.data.push_back({{"name", name}, {"version", version.version}, {"state", state}});
            section.rows.push_back({name, std::to_string(version.version), state});
        }
    }
    reply.sections.push_back(std::move(section));
    return reply;
}

AdminReply retireSecret(security::Secrets& secrets, const cli::AdminRequest& request)
{
    std::uint32_t version = 0;
    const std::string text = request.words.size() > 3 ? request.words[3] : "";
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), version);
    if (parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size()) {
        return AdminReply::failure(cli::kExitUsage,
                                   "secret retire: give a name and the number of a version; see "
                                   "`expohub secret list`");
    }
    const auto retired = secrets.retire(request.words[2], version);
    return retired.ok() ? AdminReply{}
                        : AdminReply::failure(cli::kExitFailed, retired.error().message);
}

} // namespace hub::app
