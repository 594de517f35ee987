#include "application_desk.hpp"

#include "generator/sample_numbers.hpp"
#include "installation.hpp"
#include "registration_people.hpp"

#include <stdexcept>

namespace chaos {

namespace {

constexpr std::size_t kPersons = 4;
constexpr Milliseconds kCodeLimit{60'000}; ///< kills of the hub and the connector included
constexpr int kPageSaves = 3;              ///< what a form saves by itself while somebody types
constexpr std::uint64_t kFirstPhone = 70'000'000;
constexpr const char* kPage = "organization";
constexpr const char* kPosition = "样本经理";
constexpr const char* kFree = "staff"; ///< a limited category without a fee
constexpr const char* kPaying = "visitor";

Headers ifMatch(std::int64_t revision)
{
    return {{"If-Match", "\"" + std::to_string(revision) + "\""}};
}

Json formOf(std::size_t person)
{
    const std::string card = sample::residentCard(person);
    return {{"name", sample::name(person)},
            {"sex", sample::isMale(card) ? "male" : "female"},
            {"document_kind", "resident_card"},
            {"document_number", card},
            {"position", "样本职务"},
            {"phone", sample::phone(person)},
            {"admission_period", "all_days"}};
}

} // namespace

ApplicationDesk::ApplicationDesk(const Installation& installation,
                                 std::string edition,
                                 Group group,
                                 Caller clerk,
                                 Memory& memory,
                                 Effort& effort,
                                 Progress& progress)
    : installation_(installation)
    , edition_(std::move(edition))
    , group_(std::move(group))
    , clerk_(std::move(clerk))
    , shop_(installation, memory)
    , effort_(effort)
    , progress_(progress)
{}

void ApplicationDesk::apply(std::size_t n, Application& application)
{
    application_ = &application;
    application.group = group_;
    openAccount(n);
    savePage(n);
    addPersons(n);
    submit();
    approve();
    categorize();
    lock();
    order();
    pay();
}

std::string ApplicationDesk::path(const std::string& rest) const
{
    return "/api/v1/organizations/" + application_->organization_id + rest;
}

void ApplicationDesk::openAccount(std::size_t n)
{
    Contact contact =
        registerOrganization(installation_.hub(),
                             installation_.simulator(),
                             edition_,
                             {sample::socialCreditCode(n), sample::phone(kFirstPhone + n), ""},
                             effort_);
    application_->organization_id = contact.organization_id;
    application_->state = "draft";
    contact_.clear();
    contact_.push_back(std::move(contact.caller));
    ++progress_.accounts;
    expect(200, contact_.front().put(path("/consents/privacy"), {{"version", "1"}}), "the consent");
}

/// Each time with something else in it, so that it shows which save was kept.
void ApplicationDesk::savePage(std::size_t n)
{
    SavedPage& page = application_->pages[kPage];
    page.revision = expect(200, contact_.front().get(path("/pages/organization")), "the page")
                        .body.at("revision");
    for (int save = 1; save <= kPageSaves; ++save) {
        const Json document = {
            {"name", "样本单位" + std::to_string(n + 1) + "-" + std::to_string(save)},
            {"social_credit_code", sample::socialCreditCode(n)},
            {"delegation_id", group_.delegation_id}};
        const HttpAnswer answer = expect(
            200,
            contact_.front().put(path("/pages/organization"), document, ifMatch(page.revision)),
            "a page that nobody else saves");
        page = {answer.body.at("revision"), document};
        ++progress_.drafts;
    }
}

void ApplicationDesk::addPersons(std::size_t n)
{
    for (std::size_t i = 0; i < kPersons; ++i) {
        const std::size_t person = n * kPersons + i;
        const Json form = formOf(person);
        const HttpAnswer added =
            expect(201,
                   contact_.front().post(
                       path("/persons"),
                       {{"kind", "mainland"}, {"form", form}, {"consents", {{"sensitive", "1"}}}},
                       "person-" + std::to_string(person)),
                   "a person");
        const std::string id = added.body.at("person_id");
        EnteredPerson& entered = application_->persons[id];
        entered = {
            added.body.at("revision"), form, added.body.at("state"), i == 0 ? kFree : kPaying};
        ++progress_.persons;
        correct(id, entered);
    }
}

/// The form of a person knows no second save of the same, so the refusal tells whether it was this
/// one whose answer was lost.
void ApplicationDesk::correct(const std::string& person_id, EnteredPerson& person)
{
    Json form = person.form;
    form["position"] = kPosition;
    const HttpAnswer answer = contact_.front().put(
        path("/persons/" + person_id), {{"form", form}}, ifMatch(person.revision));
    if (answer.status == 412) {
        const Json& shown = answer.body.at("parameters");
        if (shown.at("revision") != person.revision + 1 ||
            shown.at("form").at("position") != kPosition) {
            throw std::runtime_error("a person that nobody else saves was changed: " +
                                     answer.body.dump());
        }
    } else {
        expect(200, answer, "a person that nobody else saves");
    }
    ++person.revision;
    person.form = std::move(form);
    ++progress_.drafts;
}

std::vector<std::string> ApplicationDesk::everybody() const
{
    std::vector<std::string> ids;
    for (const auto& [id, person] : application_->persons) {
        ids.push_back(id);
    }
    return ids;
}

std::vector<std::string> ApplicationDesk::visitors() const
{
    std::vector<std::string> ids;
    for (const auto& [id, person] : application_->persons) {
        if (person.category == kPaying) {
            ids.push_back(id);
        }
    }
    return ids;
}

void ApplicationDesk::submit()
{
    const HttpAnswer persons =
        expect(200,
               contact_.front().post(
                   path("/persons/submissions"),
                   {{"person_ids", everybody()}, {"confirmed", true}, {"declaration", true}},
                   "submit-persons-" + application_->organization_id),
               "the submission of persons");
    if (persons.body.at("done") != application_->persons.size()) {
        throw std::runtime_error("not all persons are submitted: " + persons.body.dump());
    }
    for (auto& [id, person] : application_->persons) {
        person.state = "submitted";
    }
    ++progress_.submissions;
    expect(200,
           contact_.front().post(
               path("/submission"), Json::object(), "submit-" + application_->organization_id),
           "the submission");
    application_->state = "submitted";
    ++progress_.submissions;
}

void ApplicationDesk::approve()
{
    expect(200,
           clerk_.post(path("/review"),
                       {{"decision", "approve"}},
                       "approve-" + application_->organization_id),
           "the approval");
    application_->state = "approved";
    ++progress_.decisions;
}

void ApplicationDesk::decide(const std::string& verb,
                             const std::vector<std::string>& persons,
                             Json body)
{
    body["person_ids"] = persons;
    const HttpAnswer answer =
        expect(200,
               clerk_.post("/api/v1/persons/" + verb, body, verb + "-" + persons.front()),
               "the batch " + verb);
    for (const Json& result : answer.body.at("results")) {
        if (!result.at("done").get<bool>()) {
            throw std::runtime_error(verb + " was not done: " + result.dump());
        }
        application_->persons.at(result.at("person_id")).state =
            result.at("person").at("state").get<std::string>();
    }
    ++progress_.decisions;
}

void ApplicationDesk::categorize()
{
    std::vector<std::string> free;
    for (const auto& [id, person] : application_->persons) {
        if (person.category == kFree) {
            free.push_back(id);
        }
    }
    decide("categorize", free, {{"category", kFree}});
    decide("categorize", visitors(), {{"category", kPaying}});
}

void ApplicationDesk::lock()
{
    decide("lock", everybody(), {{"confirmed", true}});
}

void ApplicationDesk::order()
{
    const HttpAnswer answer =
        expect(201,
               contact_.front().post("/api/v1/orders",
                                     {{"person_ids", visitors()}},
                                     "order-" + application_->organization_id),
               "the order");
    application_->order = answer.body.at("number");
    application_->amount_minor = answer.body.at("amount_minor");
    ++progress_.orders;
}

/// By a payment with the order's number, as the portal makes one.
void ApplicationDesk::pay()
{
    Order payment = shop_.create(application_->order, application_->amount_minor);
    if (payment.payment_id.empty() || !shop_.awaitCodeOrNext(payment, kCodeLimit)) {
        throw std::runtime_error("no code came for " + application_->order);
    }
    application_->is_paid = shop_.pay(payment);
    if (!application_->is_paid) {
        throw std::runtime_error("the wallet refuses to pay " + application_->order);
    }
}

} // namespace chaos
