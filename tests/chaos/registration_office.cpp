#include "registration_office.hpp"

#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <stdexcept>
#include <utility>

namespace chaos {

namespace {

namespace fs = std::filesystem;

constexpr Milliseconds kImportLimit{180'000};

Json parsed(const Ended& ended, const std::string& what)
{
    const Json answer = Json::parse(ended.output, nullptr, false);
    if (ended.code != 0 || !answer.is_object()) {
        throw std::runtime_error(what + " ended with code " + std::to_string(ended.code) + ": " +
                                 ended.output);
    }
    return answer.value("data", answer);
}

std::string createKey(const Installation& installation)
{
    std::vector<std::string> words = {"api-key", "create", "--holder", "organizer", "--json"};
    for (const char* scope : {"editions:write",
                              "quotas:read",
                              "quotas:write",
                              "staff:write",
                              "organizations:read",
                              "organizations:review",
                              "organizations:move",
                              "registration:read",
                              "registration:write",
                              "persons:read",
                              "persons:write",
                              "persons:list",
                              "persons:categorize",
                              "persons:cancel",
                              "finance:read"}) {
        words.insert(words.end(), {"--scope", scope});
    }
    return parsed(installation.command(words), "expohub api-key create").at("token");
}

Server withKey(const Installation& installation)
{
    Server server = installation.hub();
    server.token = createKey(installation);
    return server;
}

Json words(const std::string& text)
{
    return {{"en", text}, {"zh", text}};
}

} // namespace

Setup registrationSetup(const Options& options)
{
    const auto port = std::make_shared<std::uint16_t>();
    Setup setup;
    setup.connectors = {"payment_alipay", "sms_aliyun"};
    setup.between = [port](std::uint16_t simulator) {
        *port = simulator;
        return simulator;
    };
    setup.configure = [port, options](const fs::path& folder) {
        const std::string script = fs::canonical(options.source) / "config/demo/registration.sh";
        const Ended ended =
            run({script, fs::canonical(options.build), folder, std::to_string(*port)});
        if (ended.code != 0) {
            throw std::runtime_error(script + " ended with code " + std::to_string(ended.code) +
                                     ": " + ended.output);
        }
    };
    return setup;
}

const std::vector<std::string>& rulesOfLongForms()
{
    static const std::vector<std::string> kRules = {"R-023",
                                                    "R-046",
                                                    "R-060",
                                                    "R-061",
                                                    "R-062",
                                                    "R-063",
                                                    "R-065",
                                                    "R-075",
                                                    "R-082",
                                                    "R-084",
                                                    "R-126",
                                                    "R-140",
                                                    "R-141"};
    return kRules;
}

Office::Office(const Installation& installation, const std::string& edition, Effort& effort)
    : installation_(installation)
    , edition_(edition)
    , effort_(effort)
    , server_(withKey(installation))
    , caller_(server_, edition, effort)
{}

void Office::openEdition(const std::vector<std::string>& rules_off)
{
    const fs::path file =
        installation_.options().source / "plugins/registration/editions" / (edition_ + ".json");
    std::ifstream stream(file);
    Json rules = Json::parse(stream);
    rules["deadlines"] = Json::object(); // a run may take place whenever somebody likes
    rules["rules_off"] = rules_off;
    const std::string path = "/api/v1/editions/" + edition_;
    expect(200, caller_.put(path, rules), "the edition's rules");
    expect(200,
           caller_.put(path + "/policies/privacy",
                       {{"version", "1"}, {"address", "/policies/privacy-1"}}),
           "the privacy clause");
    expect(200,
           caller_.put(path + "/policies/sensitive",
                       {{"version", "1"}, {"address", "/policies/sensitive-1"}}),
           "the clause on sensitive data");
}

void Office::putGroups(const std::vector<Group>& groups)
{
    Json delegations = Json::array();
    std::set<std::string> known;
    for (const Group& group : groups) {
        if (known.insert(group.delegation_id).second) {
            delegations.push_back({{"delegation_id", group.delegation_id},
                                   {"name", words("Sample delegation " + group.delegation_id)}});
        }
    }
    for (const Group& group : groups) {
        if (!group.sub_delegation_id.empty()) {
            delegations.push_back({{"delegation_id", group.sub_delegation_id},
                                   {"parent_id", group.delegation_id},
                                   {"name", words("Sample group " + group.sub_delegation_id)}});
        }
    }
    expect(200,
           caller_.put("/api/v1/editions/" + edition_ + "/delegations",
                       {{"delegations", delegations}}),
           "the delegations");
}

void Office::import(const std::string& kind, const std::string& edition, const std::string& csv)
{
    const fs::path file = installation_.folder() / ("import-" + kind + ".csv");
    std::ofstream(file, std::ios::binary) << csv;
    const std::string what = "expohub import " + kind;
    const Json begun =
        parsed(installation_.command({"import", kind, edition, "--file", file, "--json"}), what);
    if (!begun.contains("import_id")) {
        return; // of the few that are one unit
    }
    Json shown;
    const bool ended = waitUntil(
        kImportLimit,
        [&] {
            shown =
                parsed(installation_.command({"import", "show", begun.at("import_id"), "--json"}),
                       "expohub import show");
            return shown.at("state") != "running";
        },
        Milliseconds{200});
    if (!ended || shown.at("state") != "done") {
        throw std::runtime_error(what + " did not end well: " + shown.dump());
    }
}

std::string Office::invite(const Group& group, const std::string& mail) const
{
    Caller caller(server_, edition_, effort_);
    const bool is_sub = !group.sub_delegation_id.empty();
    Json role = {{"role", is_sub ? "sub_delegation" : "delegation"},
                 {"scope_id", is_sub ? group.sub_delegation_id : group.delegation_id}};
    if (is_sub) {
        role["delegation_id"] = group.delegation_id;
    }
    const HttpAnswer answer =
        expect(201,
               caller.post("/api/v1/staff/invitations",
                           {{"mail", mail}, {"language", "zh"}, {"roles", Json::array({role})}},
                           mail),
               "the invitation of " + mail);
    const std::string link = answer.body.at("link");
    return link.substr(link.find('#') + 1);
}

} // namespace chaos
