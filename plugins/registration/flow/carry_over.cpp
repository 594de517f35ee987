#include "flow/carry_over.hpp"

#include "flow/form_facts.hpp"
#include "flow/licence_reading.hpp"
#include "flow/page_work.hpp"

#include <algorithm>

namespace registration {

namespace {

/// Only what this edition asks for, and only choices that it still has: the rest is to be made
/// anew.
Json fittingPart(const Work& work,
                 std::string_view page,
                 const Json& past,
                 const Organization& organization,
                 const Edition& edition)
{
    const FormFacts facts = factsOf(work.unit(), page, past, edition, organization);
    Json document = Json::object();
    for (const Field& field : fieldsOf(page, facts)) {
        const auto value = past.find(field.name);
        // Whoever recommended it then need not do so now.
        if (value != past.end() && field.rule != "R-030") {
            document[std::string(field.name)] = *value;
        }
    }
    const PageReview review = reviewPage(page, document, facts);
    for (const auto* remarks : {&review.misshapen, &review.violations}) {
        for (const Remark& remark : *remarks) {
            const auto end = std::find(remark.pointer.begin() + 1, remark.pointer.end(), '/');
            document.erase(std::string(remark.pointer.begin() + 1, end));
        }
    }
    return document;
}

void carryLicence(const Work& work,
                  Organization& organization,
                  const Organization& past,
                  const Edition& edition)
{
    Licence licence = licenceOf(work.unit(), past.organization_id);
    const bool is_carried = edition.holds("R-050") && !licence.file.empty() &&
                            organization.organization_class == "enterprise";
    if (!is_carried) {
        return;
    }
    licence.result = Json::object();
    licence.differences.clear();
    licence.call = 0;
    beginReading(work, organization, edition, licence);
    putLicence(work, organization.organization_id, licence);
}

} // namespace

void carryOver(const Work& work, Organization& organization, const Edition& edition)
{
    const auto past = work.rows().organization(organization.past_organization_id);
    const bool is_past = past && past->state == OrganizationState::Archived;
    if (!is_past || !edition.holds("R-020") || !edition.holds("R-045")) {
        return;
    }
    for (const std::string_view name : typedPages()) {
        const Page page = pageOf(work.unit(), past->organization_id, name);
        Json document = fittingPart(work, name, page.document, organization, edition);
        if (document.empty()) {
            continue;
        }
        // Revision 0: nobody has looked through it yet.
        work.rows().put(organization.organization_id,
                        {std::string(name), 0, document, work.nowMs()});
        if (name == kOrganizationPage) {
            // It is new: nobody holds a place that could be refused.
            (void)adopt(work, organization, document, edition);
        }
    }
    carryLicence(work, organization, *past, edition);
}

} // namespace registration
