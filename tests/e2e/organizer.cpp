#include "organizer.hpp"

#include "telling.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <utility>

namespace demo {

namespace {

using std::chrono::days;
using std::chrono::sys_days;

constexpr days kUntilTheFair{60};
constexpr std::size_t kDayLength = 10;

/// "2026-11-05", and what begins with a day; nothing else.
bool beginsWithDay(const std::string& text)
{
    return text.size() >= kDayLength && text[4] == '-' && text[7] == '-' &&
           text.find_first_not_of("0123456789-T:+") == std::string::npos;
}

sys_days dayOf(const std::string& text)
{
    return std::chrono::year{std::stoi(text.substr(0, 4))} / std::stoi(text.substr(5, 2)) /
           std::stoi(text.substr(8, 2));
}

std::string shown(sys_days day)
{
    const std::chrono::year_month_day date{day};
    return fmt::format("{:04}-{:02}-{:02}",
                       static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()),
                       static_cast<unsigned>(date.day()));
}

void move(Json& value, days by)
{
    if (value.is_structured()) {
        for (Json& one : value) {
            move(one, by);
        }
    } else if (value.is_string()) {
        const auto text = value.get<std::string>();
        if (beginsWithDay(text)) {
            value = shown(dayOf(text) + by) + text.substr(kDayLength);
        }
    }
}

/// The shipped rules with other days, so that the story can be told whenever somebody likes.
Json rulesOf(const std::string& source, const std::string& edition)
{
    const std::string path = source + "/plugins/registration/editions/" + edition + ".json";
    std::ifstream file(path);
    expect(file.good(), path + " is not there");
    Json rules = Json::parse(file);
    const auto now = std::chrono::system_clock::now();
    const sys_days first_day = dayOf(rules.at("fair").at("first_day").get<std::string>());
    move(rules, std::chrono::floor<days>(now) + kUntilTheFair - first_day);
    return rules;
}

Json words(const char* en, const char* zh)
{
    return {{"en", en}, {"zh", zh}};
}

} // namespace

const char* const kDelegation = "shanghai";

Organizer::Organizer(const Installation& installation, std::string edition)
    : edition_(std::move(edition))
    , source_(installation.source)
    , hub_(installation.hub_url,
           installation.ca_file,
           installation
               .command("api-key create --holder organizer --days 1 --scope editions:write "
                        "--scope quotas:read --scope quotas:write --scope staff:write")
               .at("token"))
{
    hub_.setHeader("Edition", edition_);
}

WebAnswer Organizer::put(const std::string& path, const Json& body) const
{
    WebAnswer answer = hub_.put("/api/v1/editions/" + edition_ + path, body);
    expect(answer.status == 200, "the organizer can't put " + edition_ + path + ": " + answer.body);
    return answer;
}

void Organizer::openEdition() const
{
    putRules();
    putCatalogs();
}

void Organizer::putRules() const
{
    const Json rules = rulesOf(source_, edition_);
    const Json dry = put("?dry_run=true", rules).json();
    expect(dry.at("dry_run") == true, "a dry run was none: " + dry.dump());
    const Json now = put("", rules).json();
    step("organizer",
         fmt::format("put the rules of {}, revision {}; the fair begins on {}",
                     edition_,
                     now.at("revision").get<int>(),
                     rules.at("fair").at("first_day").get<std::string>()));
}

void Organizer::putCatalogs() const
{
    put("/delegations",
        {{"delegations",
          {{{"delegation_id", kDelegation},
            {"name", words("Sample delegation of Shanghai", "上海样本交易团")},
            {"area", "31"}}}}});
    put("/industries",
        {{"nodes",
          {{{"node_id", "sample-goods"}, {"name", words("Sample goods", "样本商品")}},
           {{"node_id", "sample-tea"},
            {"parent_id", "sample-goods"},
            {"name", words("Sample tea", "样本茶叶")}}}}});
    put("/policies/privacy", {{"version", "1"}, {"address", "/policies/privacy-1"}});
    put("/policies/sensitive", {{"version", "1"}, {"address", "/policies/sensitive-1"}});
    step("organizer",
         "put a delegation, industries, and the texts on privacy and on sensitive data, version 1");
}

int Organizer::placesOf(const std::string& kind,
                        const std::string& id,
                        const std::string& category) const
{
    const WebAnswer answer =
        hub_.get("/api/v1/editions/" + edition_ + "/quotas?node_kind=" + kind + "&node_id=" + id);
    expect(answer.status == 200, "the organizer can't see quotas: " + answer.body);
    const Json body = answer.json();
    for (const Json& line : body.at("lines")) {
        if (line.at("category") == category) {
            return line.at("total").get<int>();
        }
    }
    throw std::runtime_error("there is no category " + category + ": " + answer.body);
}

void Organizer::addPlaces(const std::string& category, int more) const
{
    Json quotas = Json::array();
    for (const auto& [kind, id] :
         {std::pair{std::string("edition"), edition_},
          std::pair{std::string("delegation"), std::string(kDelegation)}}) {
        quotas.push_back({{"node_kind", kind},
                          {"node_id", id},
                          {"category", category},
                          {"total", placesOf(kind, id, category) + more}});
    }
    put("/quotas", {{"quotas", quotas}});
    step("organizer",
         fmt::format("gave the delegation {} more place(s) of the category {}", more, category));
}

std::string Organizer::inviteClerk(const std::string& mail) const
{
    const WebAnswer answer =
        hub_.post("/api/v1/staff/invitations",
                  {{"mail", mail},
                   {"language", "zh"},
                   {"roles", {{{"role", "delegation"}, {"scope_id", kDelegation}}}}});
    expect(answer.status == 201, "the organizer can't invite: " + answer.body);
    const std::string link = answer.json().at("link");
    step("organizer", "invited a clerk of the delegation; the link holds a token, once");
    return link.substr(link.find('#') + 1);
}

} // namespace demo
