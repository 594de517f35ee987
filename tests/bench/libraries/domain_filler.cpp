// The plugin registration with one command more: `bench fill PLAN` makes applications of the
// running edition out of the generator's rows, by the plugin's own forms, checks, sealing, search
// terms and counts, in the lane of the hub. An import brings past editions, or one organization's
// drafts; what lists show at the height of a fair, sixty thousand organizations would have to send.
//
// PLAN is a JSON object: `what` ("organizations" or "persons"), `first`, `count`, and `persons`,
// how many the fair has. Who is there already stays: a plan may be repeated.

#include "domain_data.hpp"
#include "flow/page_work.hpp"
#include "flow/person_consents.hpp"
#include "flow/person_drafts.hpp"
#include "registration.hpp"
#include "store/quota_rows.hpp"

#include <stdexcept>

namespace bench {

namespace {

using nlohmann::json;

/// Places of each limited category: more than an organization has persons.
constexpr std::int64_t kPlaces = 1'000;

/// A name as blobs have them; a submission asks no more of a photo than that there is one.
const std::string kPhoto(64, 'b');

void require(const std::optional<requests::Refusal>& refusal, std::uint64_t n)
{
    if (refusal) {
        throw hub::UnitFailure(HUB_REJECTED, std::to_string(n) + ": " + refusal->detail.en);
    }
}

/// Whoever is submitted in a limited category takes one of its organization's places.
void givePlaces(const registration::Work& work, const std::string& organization_id)
{
    for (const char* category : {"staff", "vip"}) {
        registration::setTotal(
            work.unit(), kEdition, {"organization", organization_id}, category, kPlaces);
    }
}

void addOrganization(const registration::Work& work, const sample::Sizes& sizes, std::uint64_t n)
{
    const sample::Organization row = sample::organization(sizes, n);
    registration::Organization made;
    made.organization_id = organizationId(n);
    if (work.rows().organization(made.organization_id)) {
        return;
    }
    made.edition = kEdition;
    made.region = "mainland";
    made.organization_class = "enterprise";
    made.name = row.name;
    made.social_credit_code = row.social_credit_code;
    made.delegation_id = row.delegation_id;
    made.sub_delegation_id = row.sub_delegation_id;
    made.purposes = {"purchase"};
    made.licence = "uploaded";
    made.state = registration::OrganizationState::Approved;
    made.created_ms = work.nowMs();
    made.submitted_ms = work.nowMs();
    made.decided_ms = work.nowMs();
    work.add(made);
    const auto put = [&](const char* name, json document) {
        work.rows().put(made.organization_id, {name, 1, std::move(document), work.nowMs()});
    };
    put("organization",
        {{"name", row.name},
         {"social_credit_code", row.social_credit_code},
         {"delegation_id", row.delegation_id},
         {"sub_delegation_id", row.sub_delegation_id},
         {"purposes", made.purposes}});
    put("contacts",
        {{"contacts",
          json::array({{{"name", row.contact},
                        {"position", "样本职务"},
                        {"phone", row.phone},
                        {"mail", row.mail}}})}});
    givePlaces(work, made.organization_id);
}

void addPerson(const registration::Work& work,
               const registration::Edition& edition,
               const sample::Sizes& sizes,
               std::uint64_t n)
{
    const std::string id = personId(n);
    if (work.rows().person(id)) {
        return;
    }
    const auto organization =
        work.rows().organization(organizationId(sample::person(sizes, n).organization));
    if (!organization) {
        throw hub::UnitFailure(HUB_REJECTED, "organizations come before persons");
    }
    registration::Person person =
        registration::newPerson(work, *organization, identifiers::PersonKind::Mainland);
    person.person_id = id;
    require(registration::fillDraft(work, person, formOf(sizes, n), edition), n);
    const Standing standing = standingOf(sizes, n);
    person.state = registration::parsePersonState(std::string(standing.state));
    person.reuse = standing.reuse;
    person.submitted_ms = standing.submitted_ms;
    person.photo = kPhoto;
    person.photo_key = kPhoto.substr(0, 32);
    registration::addDraft(work, person, "add");
    registration::keepConsents(work, edition, id, {{"sensitive", kSensitiveVersion}});
}

hub::Answer fill(const registration::Work& work)
{
    const json arguments = json::parse(work.event().payload()).at("arguments");
    const json plan = json::parse(arguments.at(0).get<std::string>());
    const sample::Sizes sizes = fairOf(plan.at("persons").get<std::uint64_t>());
    const std::uint64_t first = plan.at("first");
    const std::uint64_t end = first + plan.at("count").get<std::uint64_t>();
    const auto edition = work.edition(kEdition);
    if (!edition) {
        return {HUB_REJECTED, "the edition has no rules yet", "", 0};
    }
    for (std::uint64_t n = first; n < end; ++n) {
        if (plan.at("what") == "organizations") {
            addOrganization(work, sizes, n);
        } else {
            addPerson(work, *edition, sizes, n);
        }
    }
    return requests::answered(200, {{"end", end}});
}

class Filler : public registration::Registration {
public:
    using Registration::Registration;

    hub::Answer unit(hub::Unit& unit, const hub::Event& event) override
    {
        return event.operation() == "bench.fill" ? fill(registration::Work{unit, event})
                                                 : Registration::unit(unit, event);
    }
};

} // namespace

} // namespace bench

HUB_PLUGIN(bench::Filler, "registration", "0.1.0")
