#include "domain_load.hpp"

#include "domain_data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include <sample_numbers.hpp>

namespace bench {

namespace {

using nlohmann::json;

enum Stream : std::size_t { kLists, kSearches, kSaves, kSubmits };
constexpr double kListsPerSecond = 75;
constexpr double kSearchesPerSecond = 75;
constexpr double kSavesPerSecond = 200;
constexpr double kSubmitsPerSecond = 20;

constexpr std::uint64_t kLoadSeed = 77;
constexpr std::size_t kCharacter = 3;    // bytes of a Chinese one
constexpr std::uint64_t kOneReadyOf = 3; // drafts are submitted, the others are saved

std::string after(const std::string& text, std::size_t size)
{
    return text.substr(text.size() - size);
}

bool showsSomebody(const OpenAnswer& answer)
{
    const auto has = [&](std::string_view list) {
        return answer.body.find(list) != std::string_view::npos;
    };
    return has("\"items\":[{") || has("\"organizations\":[{") || has("\"persons\":[{");
}

/// Of a list that somebody is in for sure: who was drawn.
bool holdsTheDrawn(std::string_view kind)
{
    constexpr std::array<std::string_view, 5> kWhole = {
        "delegation", "sub_delegation", "organization", "organizations", "own"};
    return std::find(kWhole.begin(), kWhole.end(), kind) != kWhole.end();
}

} // namespace

std::string percentEncoded(const std::string& text)
{
    std::string encoded;
    for (const char c : text) {
        encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return encoded;
}

DomainLoad::DomainLoad(const sample::Sizes& sizes, std::string token, double warm_up_s)
    : sizes_(sizes)
    , token_(std::move(token))
    , warm_up_s_(warm_up_s)
{
    for (std::uint64_t i = 0; i < draftsOf(sizes); ++i) {
        if (i % kOneReadyOf == 0) {
            ready_.push_back(draftRow(i));
        } else {
            saved_.push_back({draftRow(i), 1, 0});
        }
    }
}

std::vector<double> DomainLoad::rates()
{
    return {kListsPerSecond, kSearchesPerSecond, kSavesPerSecond, kSubmitsPerSecond};
}

std::uint64_t DomainLoad::draw()
{
    return sample::scattered(kLoadSeed, ++drawn_);
}

std::uint64_t DomainLoad::drawSubmitted()
{
    const std::uint64_t row = draw() % sizes_.persons;
    return isDraft(row) ? row - 1 : row;
}

std::string DomainLoad::get(const std::string& path) const
{
    return fmt::format(
        "GET /api/v1{} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {}\r\n\r\n",
        path,
        token_);
}

std::string DomainLoad::write(const std::string& method,
                              std::uint64_t row,
                              const std::string& end,
                              const std::string& header,
                              const json& body) const
{
    const std::string text = body.dump();
    return fmt::format("{} /api/v1/organizations/{}/persons/{}{} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                       "Authorization: Bearer {}\r\nContent-Type: application/json\r\n{}\r\n"
                       "Content-Length: {}\r\n\r\n{}",
                       method,
                       organizationId(sample::person(sizes_, row).organization),
                       personId(row),
                       end,
                       token_,
                       header,
                       text.size(),
                       text);
}

bool DomainLoad::took(const Arrival& arrival,
                      const std::vector<std::string>& names,
                      const OpenAnswer& answer)
{
    if (answer.status != 200) {
        if (wrong_++ == 0) {
            first_wrong_ =
                fmt::format("{}: {} {}", names.back(), answer.status, answer.body.substr(0, 500));
        }
        return false;
    }
    if (arrival.due_s >= warm_up_s_) {
        for (const std::string& name : names) {
            latencies_ms_[name].push_back(answer.latency_ms);
        }
    }
    return true;
}

void DomainLoad::demand(bool is_right, const std::string& otherwise)
{
    if (!is_right && wrong_++ == 0) {
        first_wrong_ = otherwise;
    }
}

OpenRequest DomainLoad::list(std::uint64_t number)
{
    const std::uint64_t row = drawSubmitted();
    const std::uint64_t organization = sample::person(sizes_, row).organization;
    const sample::Organization home = sample::organization(sizes_, organization);
    const std::string of_delegation = "/persons?delegation_id=" + home.delegation_id;
    const std::string here =
        fmt::format("&cursor={}.{}", standingOf(sizes_, row).submitted_ms, personId(row));
    // Deep pages begin at whoever was drawn: people turn pages, and the last is not the first.
    const std::array<std::pair<const char*, std::string>, 12> kinds = {{
        {"delegation", of_delegation},
        {"state", of_delegation + "&state=to_be_paid"},
        {"states", of_delegation + "&state=to_be_reviewed,failed"},
        {"category", of_delegation + "&category=vip,staff"},
        {"delivery", of_delegation + "&admission_period=last_days&delivery_method=onsite_pickup"},
        {"badge", "/persons?badge_status=in_review"},
        {"reuse", "/persons?reuse=true"},
        {"sub_delegation", "/persons?sub_delegation_id=" + home.sub_delegation_id},
        {"organization", of_delegation + "&organization=" + percentEncoded(home.name)},
        {"deep", of_delegation + "&state=passed&kind=mainland" + here},
        {"organizations",
         fmt::format("/editions/{}/organizations?state=approved&delegation_id={}",
                     kEdition,
                     home.delegation_id)},
        {"own", fmt::format("/organizations/{}/persons", organizationId(organization))},
    }};
    const auto& [kind, path] = kinds.at(number % kinds.size());
    const std::vector<std::string> names = {"list", std::string("list.") + kind};
    const bool is_whole = holdsTheDrawn(kind);
    return {get(path), [this, names, is_whole, arrival = arrival_](const OpenAnswer& answer) {
                if (took(arrival, names, answer)) {
                    demand(!is_whole || showsSomebody(answer), names.back() + " shows nobody");
                }
            }};
}

OpenRequest DomainLoad::search(std::uint64_t number)
{
    const std::uint64_t row = drawSubmitted();
    const sample::Person person = sample::person(sizes_, row);
    const std::string delegation = sample::organization(sizes_, person.organization).delegation_id;
    // The two last characters of somebody's name, those that all share, and those of one's own.
    const std::string name = percentEncoded(after(person.name, 2 * kCharacter));
    const std::string everybody = percentEncoded(person.name.substr(0, 2 * kCharacter));
    const std::array<std::pair<const char*, std::string>, 6> kinds = {{
        {"name", "/persons?q=" + name},
        {"suffix", "/persons?q=" + after(person.card, 4)},
        {"phone", "/persons?q=" + percentEncoded(person.phone)},
        {"name_of_group", "/persons?q=" + name + "&delegation_id=" + delegation},
        {"number", "/persons?q=" + person.card},
        {"name_of_all", "/persons?q=" + everybody + "&delegation_id=" + delegation},
    }};
    const auto& [kind, path] = kinds.at(number % kinds.size());
    const bool finds_one = kind == std::string_view("phone") || kind == std::string_view("number");
    const std::vector<std::string> names = {"search", std::string("search.") + kind};
    return {
        get(path),
        [this, names, finds_one, id = personId(row), arrival = arrival_](const OpenAnswer& answer) {
            if (took(arrival, names, answer)) {
                const bool is_there = !finds_one || answer.body.find(id) != std::string_view::npos;
                demand(is_there && showsSomebody(answer), names.back() + " does not find " + id);
            }
        }};
}

std::optional<OpenRequest> DomainLoad::save()
{
    if (saved_.empty()) {
        return std::nullopt;
    }
    Draft draft = saved_.front();
    saved_.pop_front();
    json form = formOf(sizes_, draft.row);
    form["position"] = fmt::format("样本职务{}", ++draft.saves); // what is unchanged is not saved
    std::string bytes = write("PUT",
                              draft.row,
                              "",
                              fmt::format("If-Match: \"{}\"", draft.revision),
                              {{"form", std::move(form)}});
    return OpenRequest{std::move(bytes),
                       [this, draft, arrival = arrival_](const OpenAnswer& answer) mutable {
                           if (took(arrival, {"draft"}, answer)) {
                               draft.revision = json::parse(answer.body).at("revision");
                           }
                           saved_.push_back(draft);
                       }};
}

OpenRequest DomainLoad::submit(std::uint64_t number)
{
    if (ready_.empty()) {
        throw std::runtime_error("the persons to submit have run out; give more --rows");
    }
    const std::uint64_t row = ready_.front();
    ready_.pop_front();
    std::string bytes = write("POST",
                              row,
                              "/submission",
                              fmt::format("Idempotency-Key: domain-{}", number),
                              {{"confirmed", true}, {"declaration", true}});
    return {std::move(bytes), [this, arrival = arrival_](const OpenAnswer& answer) {
                took(arrival, {"submit"}, answer);
            }};
}

std::optional<OpenRequest> DomainLoad::requestOf(const Arrival& arrival)
{
    arrival_ = arrival;
    switch (arrival.stream) {
    case kLists:
        return list(arrival.number);
    case kSearches:
        return search(arrival.number);
    case kSaves:
        return save();
    default:
        return submit(arrival.number);
    }
}

void DomainLoad::demandAnswered() const
{
    if (wrong_ != 0) {
        throw std::runtime_error(
            fmt::format("{} answers were wrong, the first one: {}", wrong_, first_wrong_));
    }
}

} // namespace bench
