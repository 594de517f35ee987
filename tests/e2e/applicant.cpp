#include "applicant.hpp"

#include "organizer.hpp"
#include "pictures.hpp"
#include "telling.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace demo {

namespace {

constexpr const char* kPassword = "Sample-contact-2026";
constexpr std::size_t kCodeDigits = 6;

std::map<std::string, std::string> ifMatch(int revision)
{
    return {{"If-Match", fmt::format("\"{}\"", revision)}};
}

std::map<std::string, std::string> key(const std::string& text)
{
    return {{"Idempotency-Key", text}};
}

Json choicesOf(const Json& form, const std::string& field)
{
    for (const Json& one : form.at("fields")) {
        if (one.at("name") == field) {
            return one.at("choices");
        }
    }
    return Json::array();
}

} // namespace

Applicant::Applicant(const Installation& installation,
                     const std::string& edition,
                     const Enterprise& enterprise)
    : enterprise_(enterprise)
    , hub_(installation.hub_url, installation.ca_file, "")
    , simulator_(installation.simulator_url, installation.ca_file, "")
{
    hub_.setHeader("Edition", edition);
    hub_.setHeader("Accept-Language", "zh");
}

std::string Applicant::path(const std::string& rest) const
{
    return "/api/v1/organizations/" + organization_ + rest;
}

/// All that the phone has got, the newest first.
std::string Applicant::inbox(const std::string& phone) const
{
    const Json body = simulator_.get("/control/messages?phone=%2B" + phone.substr(1)).json();
    std::string texts;
    for (const Json& message : body.at("messages")) {
        texts += message.at("text").get<std::string>() + "\n";
    }
    return texts;
}

void Applicant::awaitNotice(const std::string& words) const
{
    await("the short message " + words,
          [&] { return inbox(enterprise_.phone(0)).find(words) != std::string::npos; });
    step("phone", "short message: …" + words + "…");
}

Json Applicant::proveByCode(const std::string& phone, const char* purpose) const
{
    const WebAnswer asked = hub_.post(
        "/api/v1/verifications",
        {{"channel", "sms"}, {"recipient", phone}, {"purpose", purpose}, {"language", "zh"}});
    expect(asked.status == 201, "no code is sent: " + asked.body);
    const std::string verification = asked.json().at("verification_id");
    step("contact", "asked for a code to " + phone);
    std::string text;
    await("the code", [&] { return !(text = inbox(phone)).empty(); });
    const auto at = text.find_first_of("0123456789");
    expect(at != std::string::npos, "the short message holds no code: " + text);
    const WebAnswer confirmed =
        hub_.post("/api/v1/verifications/" + verification + "/confirmations",
                  {{"code", text.substr(at, kCodeDigits)}});
    expect(confirmed.status == 200, "the code is not taken: " + confirmed.body);
    step("phone", "got the code; the portal has confirmed it");
    return {{"id", verification}, {"proof", confirmed.json().at("proof")}};
}

void Applicant::provePast(unsigned past_phone)
{
    const Json proof = proveByCode(enterprise_.phone(past_phone), "past_visitor");
    const WebAnswer answer =
        hub_.post("/api/v1/past-verifications",
                  {{"account", enterprise_.socialCreditCode()}, {"verification", proof}});
    expect(answer.status == 201, "the past registration is not proven: " + answer.body);
    const Json proven = answer.json();
    past_ = {{"id", proven.at("past_verification_id")}, {"token", proven.at("token")}};
    step("hub",
         "this is the visitor of " + proven.at("past").at("edition").get<std::string>() +
             ": one account may be linked with it, within an hour");
}

void Applicant::registerAccount()
{
    const Json choices = hub_.get("/api/v1/registration-choices").json();
    Json wish = {{"region", "mainland"},
                 {"class", "enterprise"},
                 {"social_credit_code", enterprise_.socialCreditCode()},
                 {"verification", proveByCode(enterprise_.phone(0), "organization_registration")},
                 {"password", kPassword},
                 {"language", "zh"},
                 {"privacy_version", choices.at("privacy_version")}};
    if (!past_.is_null()) {
        wish["past_verification"] = past_;
    }
    const WebAnswer opened = hub_.post("/api/v1/organizations", wish);
    expect(opened.status == 201, "the account is not opened: " + opened.body);
    hub_.keepSession(opened);
    organization_ = opened.json().at("organization_id");
    step("contact", "opened the account " + enterprise_.socialCreditCode() + " and is logged in");
    await("the application", [&] { return hub_.get(path("")).status == 200; });
    step("hub", "registration has heard of it and begun an application");
    if (!past_.is_null()) {
        readBroughtPages();
    }
}

void Applicant::readBroughtPages() const
{
    const Json organization = page("organization").at("document");
    expect(organization.value("name", "") == enterprise_.name() &&
               organization.value("delegation_id", "") == kDelegation &&
               !page("contacts").at("document").empty(),
           "the pages of then are not brought in: " + organization.dump());
    step("hub",
         "brought in what was typed then: name, code, delegation, contact; to be looked "
         "through");
}

void Applicant::agreeToPrivacy() const
{
    const WebAnswer early = savePage("contacts", Json::object(), 0);
    expect(early.status == 409, "a page is saved without any consent: " + early.body);
    const WebAnswer agreed = hub_.put(path("/consents/privacy"), {{"version", "1"}});
    expect(agreed.status == 200, "the consent is not taken: " + agreed.body);
    step("contact", "read the privacy clause and agreed to version 1; only then pages are saved");
}

void Applicant::uploadLicence() const
{
    const WebAnswer registered = simulator_.post("/control/provider/licence/register",
                                                 {{"code", enterprise_.socialCreditCode()},
                                                  {"name", enterprise_.name()},
                                                  {"state", "registered"}});
    expect(registered.status == 200, "the public register takes nobody: " + registered.body);
    const WebAnswer answer =
        hub_.upload(path("/licence"), "image/png", sampleLicence(simulator_, enterprise_));
    expect(answer.status == 200, "the licence is not taken: " + answer.body);
    step("contact", "uploaded the licence, a PNG; it is kept encrypted");
    await("the reading of the licence", [&] { return page("licence").at("reading") == "read"; });
    const Json filled = page("organization").at("document");
    expect(filled.value("name", "") == enterprise_.name(),
           "the form does not know what the licence says: " + filled.dump());
    step("licence_reader_demo", "in its own process: had it read, and found in the register");
    step("hub", "the form has name and social credit code of the licence: " + enterprise_.name());
}

Json Applicant::page(const std::string& name) const
{
    const WebAnswer answer = hub_.get(path("/pages/" + name));
    expect(answer.status == 200, "the page " + name + " can't be read: " + answer.body);
    return answer.json();
}

WebAnswer Applicant::savePage(const std::string& name, const Json& document, int revision) const
{
    return hub_.put(path("/pages/" + name), document, ifMatch(revision));
}

void Applicant::saveWholePage(const std::string& name, const Json& document) const
{
    const int before = page(name).at("revision");
    const WebAnswer answer = savePage(name, document, before);
    expect(answer.status == 200, "the page " + name + " is not saved: " + answer.body);
    const Json saved = answer.json();
    expect(saved.at("missing").empty() && saved.at("violations").empty(),
           "the page " + name + " is not complete: " + answer.body);
    step("contact",
         fmt::format(
             "saved the page {}, revision {}: complete", name, saved.at("revision").get<int>()));
}

void Applicant::fillInPages() const
{
    saveWholePage("organization",
                  {{"name", enterprise_.name()},
                   {"social_credit_code", enterprise_.socialCreditCode()},
                   {"delegation_id", kDelegation},
                   {"purposes", {"purchase"}}});
    const Json licence = page("licence");
    expect(licence.at("licence") == "verified", "the licence is not verified: " + licence.dump());
    step("hub", "what was typed is what the licence and the register say: verified");
    saveContactsInTwoWindows();
    saveWholePage("intention",
                  {{"purchase_one_year", {{"from", 100}, {"to", 500}}},
                   {"purchase_five_years", {{"from", 1000}, {"to", 2000}}},
                   {"industries", {"sample-tea"}}});
}

/// Auto-save sends what is there every few seconds, complete or not.
void Applicant::saveContactsInTwoWindows() const
{
    const Json half = {{{"name", "样本甲"}}};
    const WebAnswer saved = savePage("contacts", {{"contacts", half}}, 0);
    expect(saved.status == 200 && !saved.json().at("missing").empty(),
           "a half-filled page is not saved: " + saved.body);
    step("contact",
         fmt::format("typed half of the contacts; auto-saved every {} s: {} entries are missing",
                     saved.json().at("draft_save_s").get<int>(),
                     saved.json().at("missing").size()));
    const Json whole = {
        {{"name", "样本甲"}, {"phone", enterprise_.phone(0)}, {"mail", "sample@example.com"}}};
    saveWholePage("contacts", {{"contacts", whole}});
    const WebAnswer late = savePage("contacts", {{"contacts", half}}, 1);
    expect(late.status == 412, "an old window overwrote the page: " + late.body);
    step("hub", "a window that was left open saved over it: refused, nothing was lost");
}

void Applicant::addAddress()
{
    const WebAnswer answer = hub_.post(path("/addresses"),
                                       {{"province", "31"},
                                        {"city", "上海市"},
                                        {"district", "样本区"},
                                        {"street", "样本路1号"},
                                        {"recipient", "样本甲"},
                                        {"phone", enterprise_.phone(0)},
                                        {"is_default", true}},
                                       key("address-" + organization_));
    expect(answer.status == 201, "the address is not taken: " + answer.body);
    address_ = answer.json().at("address_id");
    step("contact", "added an address for couriers");
}

void Applicant::readPersonForm(bool chooses_category)
{
    const WebAnswer answer = hub_.get(path("/person-form?kind=mainland"));
    expect(answer.status == 200, "the form of persons is not shown: " + answer.body);
    const Json form = answer.json();
    const Json categories = choicesOf(form, "category");
    const Json deliveries = choicesOf(form, "delivery_method");
    expect(categories.empty() != chooses_category,
           "the form offers other categories: " + categories.dump());
    step("contact",
         fmt::format("read the form of persons: {} categories to choose, {} ways to get a badge",
                     categories.size(),
                     deliveries.size()));
    for (const Json& one : form.at("consents")) {
        if (one.at("required") == true) {
            consents_[one.at("kind").get<std::string>()] = one.at("version");
        }
    }
    expect(consents_.size() == 1, "the form asks for other consents: " + answer.body);
    step("contact",
         "asked the persons to agree separately to the use of document and photo, version " +
             consents_.at("sensitive").get<std::string>());
}

Json Applicant::personOf(const Visitor& visitor) const
{
    Json form = {{"name", visitor.name},
                 {"sex", visitor.sex == Sex::Male ? "male" : "female"},
                 {"document_kind", "resident_card"},
                 {"document_number", enterprise_.residentCard(visitor.number, visitor.sex)},
                 {"position", "样本经理"},
                 {"phone", enterprise_.phone(visitor.number)},
                 {"admission_period", "all_days"},
                 {"delivery_method", "courier"},
                 {"address_id", address_}};
    if (!visitor.category.empty()) {
        form["category"] = visitor.category;
    }
    return {{"kind", "mainland"}, {"form", std::move(form)}};
}

void Applicant::tryToAddUnasked(const Visitor& visitor) const
{
    const WebAnswer answer =
        hub_.post(path("/persons"), personOf(visitor), key("unasked-" + organization_));
    expect(answer.status == 409 && answer.json().at("parameters").at("rule") == "D-09",
           "a document is taken before anybody agreed: " + answer.body);
    step("hub", "takes no document and no photo before the person has agreed to it: D-09");
}

std::string Applicant::addPerson(const Visitor& visitor) const
{
    Json wish = personOf(visitor);
    wish["consents"] = consents_;
    const WebAnswer added =
        hub_.post(path("/persons"), wish, key(fmt::format("{}-{}", organization_, visitor.number)));
    expect(added.status == 201, visitor.name + " is not added: " + added.body);
    const std::string person = added.json().at("person_id");
    const WebAnswer photo =
        hub_.upload(path("/persons/" + person + "/photo"), "image/png", samplePhoto());
    expect(photo.status == 200, "the photo is not taken: " + photo.body);
    const Json shown = hub_.get(path("/persons/" + person)).json();
    expect(shown.at("problems").empty(), visitor.name + " has problems: " + shown.dump());
    step("contact",
         fmt::format("added {}{}, with a photo; nothing is missing",
                     visitor.name,
                     visitor.category.empty() ? "" : " as " + visitor.category));
    return person;
}

WebAnswer Applicant::trySubmitPerson(const std::string& person) const
{
    return hub_.post(path("/persons/" + person + "/submission"),
                     {{"confirmed", true}, {"declaration", true}},
                     key("try-" + person));
}

void Applicant::submitPersons(const std::vector<std::string>& persons) const
{
    const WebAnswer answer =
        hub_.post(path("/persons/submissions"),
                  {{"person_ids", persons}, {"confirmed", true}, {"declaration", true}},
                  key("submit-" + persons.front()));
    expect(answer.status == 200 && answer.json().at("done") == persons.size(),
           "not all persons are submitted: " + answer.body);
    step("contact",
         fmt::format("declared that all is true, and submitted {} persons", persons.size()));
}

void Applicant::previewAndSubmit(const std::string& state) const
{
    const WebAnswer preview = hub_.get(path("/preview"));
    expect(preview.status == 200 && preview.json().at("may_submit") == true,
           "the preview says that something is missing: " + preview.body);
    step("contact", "looked at the preview: nothing is missing");
    const WebAnswer answer =
        hub_.post(path("/submission"), Json::object(), key("submit-" + organization_));
    expect(answer.status == 200 && answer.json().at("state") == state,
           "the application is not " + state + ": " + answer.body);
    step("contact", "confirmed and submitted");
    // Null where no edition's rule could have let it pass.
    const Json why = hub_.get(path("")).json().at("why");
    step("hub", why.is_null() ? "the delegation reviews it" : why.at("en").get<std::string>());
}

void Applicant::showProgress() const
{
    const WebAnswer answer = hub_.get(path("/progress"));
    expect(answer.status == 200, "the chart of steps is not shown: " + answer.body);
    fmt::print("\n");
    const Json body = answer.json();
    for (const Json& one : body.at("steps")) {
        const Json done = one.value("done", Json());
        const std::string title = one.at("title").at("en");
        fmt::print("    {:<28} {:>2} of {}  {}\n",
                   title,
                   done.is_null() ? "–" : done.dump(),
                   one.value("total", Json()).dump(),
                   one.at("title").at("zh").get<std::string>());
    }
}

std::string Applicant::stateOfPerson(const std::string& person) const
{
    return hub_.get(path("/persons/" + person)).json().at("state");
}

} // namespace demo
