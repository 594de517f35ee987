// The commands about API keys.

#include "app/admin.hpp"

#include <charconv>
#include <utility>

namespace hub::app {

namespace {

using cli::AdminReply;
using cli::AdminRequest;

constexpr std::int64_t kDayMs = std::int64_t{24} * 3600 * 1000;

std::string join(const std::vector<std::string>& parts)
{
    std::string text;
    for (const std::string& part : parts) {
        text += (text.empty() ? "" : " ") + part;
    }
    return text;
}

} // namespace

AdminReply Admin::apiKeyCreate(const AdminRequest& request)
{
    const std::string holder = request.options.value("holder", "");
    const auto scopes = request.options.value("scope", std::vector<std::string>{});
    if (holder.empty() || scopes.empty()) {
        return AdminReply::failure(cli::kExitUsage,
                                   "api-key create: give --holder NAME and at least one --scope");
    }
    const std::string days_text = request.options.value("days", "0");
    std::int64_t days = 0;
    const auto parsed =
        std::from_chars(days_text.data(), days_text.data() + days_text.size(), days);
    if (parsed.ec != std::errc{} || days < 0 || days > 3650) {
        return AdminReply::failure(cli::kExitUsage,
                                   "api-key create: --days must be a number up to 3650");
    }
    std::string token;
    parts_.lane.runNow([&](journal::LaneContext& context) {
        token = parts_.api_keys.create(context.group.connection(),
                                       holder,
                                       scopes,
                                       days == 0 ? 0 : parts_.clock.nowMs() + days * kDayMs);
    });
    store::Lease snapshot = parts_.database.snapshot();
    parts_.api_keys.load(*snapshot);
    audit(request, "api_key.created", holder, join(scopes));
    AdminReply reply;
    reply.data = {{"token", token}, {"holder", holder}, {"scopes", scopes}};
    reply.sections.push_back(
        {"Shown this once", {"token", "holder", "scopes"}, {{token, holder, join(scopes)}}});
    return reply;
}

AdminReply Admin::apiKeyList()
{
    AdminReply reply;
    reply.data = base::Json::array();
    cli::Section section{"API keys", {"id", "holder", "scopes", "state"}, {}};
    for (const security::ApiKey& key : parts_.api_keys.list()) {
        const bool expired = key.expires_ms != 0 && key.expires_ms <= parts_.clock.nowMs();
        const char* state = key.revoked ? "revoked" : expired ? "expired" : "valid";
        reply.data.push_back(
            {{"id", key.id}, {"holder", key.holder}, {"scopes", key.scopes}, {"state", state}});
        section.rows.push_back({key.id, key.holder, join(key.scopes), state});
    }
    reply.sections.push_back(std::move(section));
    return reply;
}

AdminReply Admin::apiKeyRevoke(const AdminRequest& request)
{
    const std::string id = request.words.size() > 2 ? request.words[2] : "";
    bool revoked = false;
    parts_.lane.runNow([&](journal::LaneContext& context) {
        revoked = parts_.api_keys.revoke(context.group.connection(), id);
    });
    if (!revoked) {
        return AdminReply::failure(cli::kExitFailed,
                                   "no valid API key \"" + id + "\"; see `expohub api-key list`");
    }
    store::Lease snapshot = parts_.database.snapshot();
    parts_.api_keys.load(*snapshot);
    audit(request, "api_key.revoked", id);
    return {};
}

} // namespace hub::app
