#include "api/submissions.hpp"

#include "api/organizations.hpp"
#include "flow/deadlines.hpp"
#include "flow/opening.hpp"
#include "flow/page_work.hpp"
#include "flow/reviewing.hpp"
#include "flow/submission.hpp"

namespace registration {

namespace {

using requests::Refusal;

Refusal incomplete(Json guards)
{
    Refusal refusal =
        broken(409,
               "application_incomplete",
               guards.front().at("rule").get<std::string>(),
               {"Something is missing before this can be submitted; see each entry for "
                "what and where.",
                "尚有未完成事项，暂不能提交，请按提示逐项完成。"});
    refusal.parameters["guards"] = std::move(guards);
    return refusal;
}

Json pagesOf(const hub::Snapshot& snapshot, const Organization& organization)
{
    Json pages = Json::object();
    for (const std::string_view name : typedPages()) {
        pages[std::string(name)] = pageOf(snapshot, organization.organization_id, name).document;
    }
    return pages;
}

} // namespace

hub::Answer previewApplication(const hub::Snapshot& snapshot, const hub::Event& event)
{
    return withOrganization(snapshot, event, [&](const Opened& opened) {
        const Organization& organization = opened.organization;
        const Edition& edition = opened.edition;
        Json guards = submissionGuards(snapshot, organization, edition);
        Json body = {{"organization", organizationBody(organization)},
                     {"may_submit", guards.empty()},
                     {"guards", std::move(guards)}};
        if (edition.holds("R-120")) {
            body["pages"] = pagesOf(snapshot, organization);
        }
        if (edition.holds("R-124")) {
            body["persons_to_submit"] = unsubmittedPersons(snapshot, organization);
        }
        if (edition.holds("R-125")) {
            body["reminder"] = requests::toJson(
                {"Make sure that the organization and its persons are both submitted, so that they "
                 "can be reviewed.",
                 "请确保单位信息及人员信息均完成“提交”操作，以便后续审核。"});
        }
        return requests::answered(200, std::move(body));
    });
}

hub::Answer submitApplication(const Work& work)
{
    return withOrganization(work.unit(), work.event(), [&](Opened& opened) {
        Organization& organization = opened.organization;
        if (!next(organization.state, OrganizationEvent::Submit, opened.edition.mode)) {
            return requests::refuse(stateForbids(organization));
        }
        Json guards = submissionGuards(work.unit(), organization, opened.edition);
        if (!guards.empty()) {
            return requests::refuse(incomplete(std::move(guards)));
        }
        submit(work, organization, opened.edition);
        return requests::answered(200, organizationBody(organization));
    });
}

} // namespace registration
