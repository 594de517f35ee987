#include "flow/page_work.hpp"

#include "flow/form_facts.hpp"
#include "flow/quotas.hpp"

#include <identifiers/referral_code.hpp>
#include <identifiers/text.hpp>

namespace registration {

namespace {

using requests::textOf;

void append(Json& list, const Json& more)
{
    list.insert(list.end(), more.begin(), more.end());
}

Json one(std::string_view rule, std::string_view page, Words message)
{
    return Json::array({{{"rule", rule},
                         {"page", page},
                         {"pointer", ""},
                         {"message", requests::toJson(message)}}});
}

bool isCarried(const Page& page)
{
    return page.revision == 0 && !page.document.empty();
}

} // namespace

Page pageOf(const hub::Snapshot& snapshot, std::string_view organization_id, std::string_view page)
{
    return ReadRows(snapshot)
        .page(organization_id, page)
        .value_or(Page{std::string(page), 0, Json::object(), 0});
}

bool mayChange(const Organization& organization, std::string_view page, const Edition& edition)
{
    using S = OrganizationState;
    switch (organization.state) {
    case S::Draft:
        return true;
    case S::Returned:
    case S::Rejected:
        return edition.holds("R-072");
    case S::Submitted:
    case S::Approved:
        return page == kContactsPage;
    case S::Disabled:
    case S::Archived:
        break;
    }
    return false;
}

std::optional<requests::Refusal>
adopt(const Work& work, Organization& organization, const Json& document, const Edition& edition)
{
    organization.name = textOf(document, "name");
    if (organization.submitted_ms == 0) { // P-08: it never changes afterwards
        organization.social_credit_code =
            identifiers::normalizeCode(textOf(document, "social_credit_code")).value;
    }
    organization.referral_code =
        identifiers::checkReferralCode(textOf(document, "referral_code")).value;
    organization.purposes = document.value("purposes", std::vector<std::string>{});
    const bool is_mainland = organization.region == "mainland";
    const std::string delegation =
        is_mainland ? textOf(document, "delegation_id") : organization.delegation_id;
    const std::string sub =
        is_mainland ? textOf(document, "sub_delegation_id") : organization.sub_delegation_id;
    if (delegation != organization.delegation_id || sub != organization.sub_delegation_id) {
        return relocateWithPlaces(work, organization, delegation, sub, edition);
    }
    ++organization.revision;
    work.rows().update(organization);
    return std::nullopt;
}

Json unfinished(const hub::Snapshot& snapshot,
                const Organization& organization,
                const Edition& edition)
{
    Json list = Json::array();
    for (const std::string_view name : typedPages()) {
        const Page page = pageOf(snapshot, organization.organization_id, name);
        const PageReview review = reviewPage(
            name, page.document, factsOf(snapshot, name, page.document, edition, organization));
        append(list, toJson(review.missing, name));
        if (edition.holds("R-121")) {
            append(list, toJson(review.violations, name));
            append(list, toJson(review.misshapen, name));
        }
        if (edition.holds("R-046") && isCarried(page)) {
            append(
                list,
                one("R-046",
                    name,
                    {"This page comes from a past edition; look through it, complete it and save "
                     "it.",
                     "本页内容来自往届，请核对、补充并保存。"}));
        }
    }
    if (edition.holds("R-060") && organization.licence == "none") {
        append(list,
               one("R-060",
                   kLicencePage,
                   {"Upload the business licence or another proof of qualification.",
                    "请上传营业执照或其他单位资质证明。"}));
    }
    return list;
}

} // namespace registration
