#include "api/route_commands.hpp"

#include "api/answers.hpp"
#include "flow/candidates.hpp"

#include <charconv>

namespace payments {

namespace {

std::string argumentAt(const Json& arguments, std::size_t at)
{
    return at < arguments.size() && arguments[at].is_string() ? arguments[at].get<std::string>()
                                                              : "";
}

} // namespace

hub::Answer
explainRoute(const hub::Snapshot& snapshot, const hub::Event& event, const Settings& settings)
{
    const Json payload = Json::parse(event.payload(), nullptr, false);
    const Json arguments =
        payload.is_object() ? payload.value("arguments", Json::array()) : Json::array();
    const Method* method = settings.findMethod(argumentAt(arguments, 0));
    const std::string amount_text = argumentAt(arguments, 1);
    RouteQuery query;
    query.edition = event.edition();
    query.wallet = argumentAt(arguments, 2);
    query.product = argumentAt(arguments, 3);
    query.number = "0"; // another number may draw another one among equals
    const auto parsed = std::from_chars(
        amount_text.data(), amount_text.data() + amount_text.size(), query.amount_minor);
    if (method == nullptr || parsed.ec != std::errc{} || query.amount_minor <= 0) {
        return {HUB_BAD_REQUEST,
                "give a method of the settings and an amount in minor units: route explain scan "
                "20000 [wallet [product]]",
                "",
                0};
    }
    query.product = query.product.empty() ? method->product : query.product;
    const auto accounts = readAccounts(snapshot, method->rules, snapshot.nowMs());
    Json rows = Json::array();
    Json data = Json::array();
    bool is_routed = false;
    for (const RouteCandidate& candidate : route(method->rules, accounts, query)) {
        const std::string verdict = !candidate.fits ? "no" : is_routed ? "then" : "first";
        is_routed = is_routed || candidate.fits;
        rows.push_back({verdict, candidate.rule.account, candidate.reason});
        data.push_back({{"account", candidate.rule.account},
                        {"fits", candidate.fits},
                        {"reason", candidate.reason}});
    }
    return ok({{"data", {{"product", query.product}, {"candidates", std::move(data)}}},
               {"sections",
                {{{"title", "Where it would go"},
                  {"columns", {"tried", "account", "why"}},
                  {"rows", std::move(rows)}}}},
               {"exit", is_routed ? 0 : 1}});
}

} // namespace payments
