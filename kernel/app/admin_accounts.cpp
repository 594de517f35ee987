// The commands about accounts at providers.

#include "app/admin.hpp"
#include "base/encoding.hpp"

namespace hub::app {

namespace {

using base::Json;
using cli::AdminReply;
using cli::AdminRequest;

std::string word(const AdminRequest& request, std::size_t index)
{
    return index < request.words.size() ? request.words[index] : "";
}

std::string missing(const Json& roles)
{
    std::string text;
    for (const auto& [role, about] : roles.items()) {
        if (!about.value("present", false)) {
            text += (text.empty() ? "" : " ") + role;
        }
    }
    return text;
}

cli::Section sectionOf(const Json& accounts)
{
    cli::Section section{
        "Accounts",
        {"account", "connector", "state", "open calls", "breaker", "answered", "unknown", "lacks"},
        {}};
    for (const Json& account : accounts) {
        const Json& health = account.at("health");
        const std::string keys = missing(account.at("keys"));
        const std::string secrets = missing(account.at("secrets"));
        section.rows.push_back({account.at("account"),
                                account.at("library"),
                                account.at("state"),
                                std::to_string(account.at("open_calls").get<std::int64_t>()),
                                health.at("breaker"),
                                std::to_string(health.at("answered").get<std::uint64_t>()),
                                std::to_string(health.at("unknown").get<std::uint64_t>()),
                                keys + (keys.empty() || secrets.empty() ? "" : " ") + secrets});
    }
    return section;
}

AdminReply replyOf(const Result<Json>& result)
{
    if (!result.ok()) {
        return AdminReply::failure(cli::kExitFailed, result.error().message);
    }
    AdminReply reply;
    reply.data = result.value();
    if (reply.data.contains("account")) {
        reply.sections.push_back(sectionOf(Json::array({reply.data})));
    } else {
        reply.sections.push_back({"", {"description"}, {{reply.data.dump(2)}}});
    }
    return reply;
}

/// The bytes of --file or standard input.
Result<std::string> input(const AdminRequest& request)
{
    return base::fromBase64(request.options.value("input_base64", ""));
}

Result<Json> inputJson(const AdminRequest& request)
{
    const auto bytes = input(request);
    return bytes.ok() ? base::parseJson(bytes.value()) : Result<Json>(bytes.error());
}

} // namespace

void Admin::addAccountCommands()
{
    const auto add = [this](const char* verb, auto&& body) {
        commands_[std::string("provider-account ") + verb] = [body](const AdminRequest& request,
                                                                    cli::AdminStream&) {
            return body(request);
        };
    };
    ProviderAccounts& accounts = parts_.accounts;
    add("list", [&accounts](const AdminRequest&) {
        AdminReply reply;
        reply.data = accounts.list();
        reply.sections.push_back(sectionOf(reply.data));
        return reply;
    });
    add("show", [&accounts](const AdminRequest& request) {
        return replyOf(accounts.show(word(request, 2)));
    });
    add("describe", [&accounts](const AdminRequest& request) {
        return replyOf(accounts.describe(word(request, 2)));
    });
    add("create", [&accounts](const AdminRequest& request) {
        const auto config = inputJson(request);
        return config.ok() ? replyOf(accounts.create(
                                 word(request, 2), word(request, 3), config.value(), request.actor))
                           : replyOf(config);
    });
    add("configure", [&accounts](const AdminRequest& request) {
        const auto patch = inputJson(request);
        return patch.ok()
                   ? replyOf(accounts.configure(word(request, 2), patch.value(), request.actor))
                   : replyOf(patch);
    });
    add("put", [&accounts](const AdminRequest& request) {
        const auto bytes = input(request);
        if (!bytes.ok()) {
            return AdminReply::failure(cli::kExitUsage, bytes.error().message);
        }
        return replyOf(accounts.put({word(request, 2),
                                     word(request, 3),
                                     bytes.value(),
                                     request.options.value("password", "")},
                                    request.actor));
    });
    for (const auto& [verb, state] : {std::pair{"enable", "enabled"},
                                      std::pair{"drain", "draining"},
                                      std::pair{"retire", "retired"}}) {
        add(verb, [&accounts, state = std::string(state)](const AdminRequest& request) {
            return replyOf(accounts.setState(word(request, 2), state, request.actor));
        });
    }
    add("test", [&accounts](const AdminRequest& request) {
        const auto result = accounts.test(word(request, 2), request.actor);
        if (!result.ok()) {
            return replyOf(result);
        }
        AdminReply reply;
        reply.data = result.value();
        const bool works = reply.data.at("works");
        reply.exit = works ? 0 : cli::kExitFailed;
        reply.sections.push_back(
            {"",
             {"account", "verdict", "the connector said"},
             {{word(request, 2), works ? "works" : "fails", reply.data.at("said")}}});
        return reply;
    });
    add("rotate-callback", [&accounts](const AdminRequest& request) {
        return replyOf(accounts.rotateCallback(word(request, 2), request.actor));
    });
}

} // namespace hub::app
