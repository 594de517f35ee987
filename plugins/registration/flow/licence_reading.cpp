#include "flow/licence_reading.hpp"

#include "domain/forms.hpp"
#include "domain/licences.hpp"
#include "domain/times.hpp"
#include "flow/page_work.hpp"
#include "flow/reviewing.hpp"

namespace registration {

namespace {

constexpr const char* kContract = "licence";
constexpr const char* kRead = "read";

Json toJson(const Licence& licence)
{
    return {{"file", licence.file},
            {"key", licence.key},
            {"copy", licence.copy},
            {"media_type", licence.media_type},
            {"bytes", licence.bytes},
            {"reading", licence.reading},
            {"call", licence.call},
            {"result", licence.result},
            {"differences", licence.differences}};
}

/// The healthiest account that reads; '' when there is none.
std::string readerOf(const hub::Unit& unit)
{
    std::string rested;
    for (const Json& account : Json::parse(unit.accounts(kContract))) {
        const Json operations = account.value("operations", Json::array());
        const bool reads =
            std::find(operations.begin(), operations.end(), kRead) != operations.end();
        if (reads && account.value("state", "") == "enabled") {
            const std::string name = requests::textOf(account, "account");
            if (account.value("breaker", "") == "closed") {
                return name;
            }
            rested = name;
        }
    }
    return rested;
}

/// What the form leaves empty is filled in; it counts once somebody saved it, like what comes from
/// a past edition.
void fillIn(const Work& work, const Organization& organization, const Licence& licence)
{
    const Page page = pageOf(work.unit(), organization.organization_id, kOrganizationPage);
    if (page.revision > 0 || !page.document.empty()) {
        return;
    }
    const Json fields = licence.result.value("fields", Json::object());
    Json document = Json::object();
    for (const char* name : {"name", "social_credit_code"}) {
        const std::string value = requests::textOf(fields, name);
        const bool is_asked = organization.region == "mainland" || std::string_view(name) == "name";
        if (!value.empty() && is_asked) {
            document[name] = value;
        }
    }
    if (!document.empty()) {
        work.rows().put(organization.organization_id,
                        {kOrganizationPage, 0, std::move(document), work.nowMs()});
    }
}

void judge(const Work& work, Organization& organization, Licence& licence)
{
    LicenceJudgement judgement;
    // Before both were typed there is nothing to compare.
    if (!organization.name.empty() && !organization.social_credit_code.empty()) {
        judgement = judgeLicence(licence.result,
                                 organization.name,
                                 organization.social_credit_code,
                                 dayOf(work.nowMs()));
    }
    licence.differences = judgement.differences;
    organization.licence = judgement.licence;
    ++organization.revision;
    work.rows().update(organization);
}

void takeResult(const Work& work, Organization& organization, Licence& licence)
{
    licence.result = Json::parse(work.event().payload());
    licence.reading = requests::textOf(licence.result, "state");
    fillIn(work, organization, licence);
    judge(work, organization, licence);
}

} // namespace

Licence licenceOf(const hub::Snapshot& snapshot, std::string_view organization_id)
{
    const Json document = pageOf(snapshot, organization_id, kLicencePage).document;
    Licence licence;
    licence.file = requests::textOf(document, "file");
    licence.key = requests::textOf(document, "key");
    licence.copy = requests::textOf(document, "copy");
    licence.media_type = requests::textOf(document, "media_type");
    licence.bytes = document.value("bytes", std::int64_t{0});
    licence.reading = document.value("reading", "none");
    licence.call = document.value("call", std::int64_t{0});
    licence.result = document.value("result", Json::object());
    licence.differences = document.value("differences", std::vector<std::string>{});
    return licence;
}

void putLicence(const Work& work, std::string_view organization_id, const Licence& licence)
{
    const Page before = pageOf(work.unit(), organization_id, kLicencePage);
    work.rows().put(organization_id,
                    {kLicencePage, before.revision + 1, toJson(licence), work.nowMs()});
}

bool hasReader(const hub::Unit& unit, const Edition& edition)
{
    return edition.holds("R-076") && !readerOf(unit).empty();
}

void beginReading(const Work& work,
                  Organization& organization,
                  const Edition& edition,
                  Licence& licence)
{
    organization.licence = "uploaded";
    licence.reading = "unavailable";
    if (!licence.copy.empty() && hasReader(work.unit(), edition)) {
        hub::CallRequest request;
        request.contract = kContract;
        request.operation = kRead;
        request.key = organization.organization_id;
        request.account = readerOf(work.unit());
        // Each upload is read by itself, the same picture once more, too.
        request.idempotency_key = organization.organization_id + ":" + licence.copy + ":" +
                                  std::to_string(organization.revision);
        request.payload = Json{{"document",
                                {{"blob", licence.copy},
                                 {"media_type", licence.media_type},
                                 {"bytes", licence.bytes}}},
                               {"kind", licenceKindOf(organization.organization_class)}}
                              .dump();
        request.edition = organization.edition;
        if (const auto call = work.unit().call(request); call.ok()) {
            licence.call = static_cast<std::int64_t>(call.value());
            licence.reading = "waiting";
        }
    }
    ++organization.revision;
    work.rows().update(organization);
}

hub::Answer takeReading(const Work& work)
{
    const std::string id{work.event().key()};
    auto organization = work.rows().organization(id);
    Licence licence = licenceOf(work.unit(), id);
    if (!organization || licence.call != static_cast<std::int64_t>(work.event().subject())) {
        return {HUB_ALREADY_DONE, "", "", 0};
    }
    switch (work.event().outcome()) {
    case HUB_OUTCOME_SUCCEEDED:
        takeResult(work, *organization, licence);
        break;
    case HUB_OUTCOME_REJECTED:
    case HUB_OUTCOME_NOT_SENT:
        licence.reading = "unavailable";
        break;
    default: // the hub asks again
        return {};
    }
    putLicence(work, id, licence);
    if (const auto edition = work.edition(organization->edition)) {
        passAutomatically(work, *organization, *edition);
    }
    return {};
}

void judgeAgain(const Work& work, Organization& organization)
{
    Licence licence = licenceOf(work.unit(), organization.organization_id);
    if (licence.reading == "read") {
        judge(work, organization, licence);
        putLicence(work, organization.organization_id, licence);
    }
}

} // namespace registration
