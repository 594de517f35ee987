#include "app/account_routes.hpp"

#include "base/encoding.hpp"

#include <utility>

namespace hub::app {

namespace {

using base::Json;
using gateway::Reply;
using gateway::Route;

constexpr const char* kRead = "provider_accounts:read";
constexpr const char* kWrite = "provider_accounts:write";

Route route(const char* operation, const char* method, const char* path, Json title)
{
    Route made;
    made.library = kHubLibrary;
    made.operation = operation;
    made.method = method;
    made.path = path;
    made.mode = std::string(method) == "GET" ? Route::Mode::Read : Route::Mode::Unit;
    made.scope = made.mode == Route::Mode::Read ? kRead : kWrite;
    made.title = std::move(title);
    made.query = Json::object();
    made.answers = {{"200", {{"type", "object"}}}};
    return made;
}

Json object(Json required, Json properties)
{
    return {{"type", "object"},
            {"additionalProperties", false},
            {"required", std::move(required)},
            {"properties", std::move(properties)}};
}

Json text(int most)
{
    return {{"type", "string"}, {"minLength", 1}, {"maxLength", most}};
}

Reply replyOf(const Result<Json>& result, int status = 200)
{
    Reply reply;
    if (result.ok()) {
        reply.status = HUB_OK;
        reply.answer = {{"status", status}, {"body", result.value()}};
        return reply;
    }
    reply.status = result.error().code;
    const bool is_input = result.error().code == HUB_BAD_REQUEST;
    reply.answer = {{"problem", {{"detail", result.error().message}}}};
    if (is_input) {
        reply.answer["status"] = 422;
        reply.answer["problem"]["code"] = "account_not_valid";
    } else {
        reply.answer["problem"]["code"] =
            result.error().code == HUB_NOT_FOUND ? "not_found" : "conflict";
    }
    return reply;
}

} // namespace

std::vector<Route> accountRoutes()
{
    std::vector<Route> routes = {
        route("provider_account.list",
              "GET",
              "/provider-accounts",
              {{"en", "List provider accounts with their health"}, {"zh", "列出渠道账户及其状态"}}),
        route("provider_account.get",
              "GET",
              "/provider-accounts/{account}",
              {{"en", "Get a provider account"}, {"zh", "查看渠道账户"}}),
        route("connector.describe",
              "GET",
              "/connectors/{library}",
              {{"en", "Get what an account of a connector needs"}, {"zh", "查看连接器所需配置"}})};
    Route create = route("provider_account.create",
                         "POST",
                         "/provider-accounts",
                         {{"en", "Create a provider account"}, {"zh", "创建渠道账户"}});
    create.request =
        object({"library", "account", "config"},
               {{"library", text(63)}, {"account", text(63)}, {"config", {{"type", "object"}}}});
    create.answers = {{"201", {{"type", "object"}}}};
    Route configure = route("provider_account.configure",
                            "PATCH",
                            "/provider-accounts/{account}",
                            {{"en", "Change an account's configuration"}, {"zh", "修改账户配置"}});
    configure.request = object({"config"}, {{"config", {{"type", "object"}}}});
    Route state =
        route("provider_account.state",
              "POST",
              "/provider-accounts/{account}/state",
              {{"en", "Enable, drain or retire an account"}, {"zh", "启用、排空或停用账户"}});
    state.request =
        object({"state"}, {{"state", {{"enum", Json::array({"enabled", "draining", "retired"})}}}});
    Route secret = route("provider_account.put",
                         "POST",
                         "/provider-accounts/{account}/secrets",
                         {{"en", "Put in a key, certificate or secret"}, {"zh", "上传密钥或证书"}});
    secret.request = object({"role", "content_base64"},
                            {{"role", text(63)},
                             {"content_base64", text(200'000)},
                             {"password", {{"type", "string"}, {"maxLength", 256}}}});
    routes.push_back(create);
    routes.push_back(configure);
    routes.push_back(state);
    routes.push_back(secret);
    routes.push_back(
        route("provider_account.test",
              "POST",
              "/provider-accounts/{account}/test",
              {{"en", "Ask the provider something harmless"}, {"zh", "测试渠道账户"}}));
    routes.push_back(route("provider_account.rotate_callback",
                           "POST",
                           "/provider-accounts/{account}/callback-address",
                           {{"en", "Make a new callback address"}, {"zh", "更换回调地址"}}));
    return routes;
}

Reply answerAccounts(ProviderAccounts& accounts, const gateway::Request& request)
{
    const Json payload = Json::parse(request.payload);
    const Json path = payload.value("path", Json::object());
    const Json body = payload.value("body", Json::object());
    const std::string account = path.value("account", "");
    const std::string& operation = request.route->operation;
    if (operation == "provider_account.list") {
        return replyOf(Json{{"items", accounts.list()}});
    }
    if (operation == "provider_account.get") {
        return replyOf(accounts.show(account));
    }
    if (operation == "connector.describe") {
        return replyOf(accounts.describe(path.value("library", "")));
    }
    if (operation == "provider_account.create") {
        return replyOf(
            accounts.create(
                body.at("library"), body.at("account"), body.at("config"), request.principal),
            201);
    }
    if (operation == "provider_account.configure") {
        return replyOf(accounts.configure(account, body.at("config"), request.principal));
    }
    if (operation == "provider_account.state") {
        return replyOf(accounts.setState(account, body.at("state"), request.principal));
    }
    if (operation == "provider_account.test") {
        return replyOf(accounts.test(account, request.principal));
    }
    if (operation == "provider_account.put") {
        const auto bytes = base::fromBase64(body.at("content_base64").get<std::string>());
        return bytes.ok()
                   ? replyOf(accounts.put(
                         {account, body.at("role"), bytes.value(), body.value("password", "")},
                         request.principal))
                   : replyOf(Error{HUB_BAD_REQUEST, "content_base64 is no base64"});
    }
    return replyOf(accounts.rotateCallback(account, request.principal));
}

} // namespace hub::app
