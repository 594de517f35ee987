#include "privacy_fixture.hpp"

#include "../../e2e/authenticator.hpp"
#include "sample_numbers.hpp"

#include <Poco/Base64Decoder.h>
#include <Poco/StreamCopier.h>
#include <Poco/URI.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <random>
#include <sstream>

#include <uploads/picture_codec.hpp>
#include <uploads/xlsx_writer.hpp>

namespace hub::test {

namespace {

constexpr std::size_t kCodeDigits = 6;
constexpr std::chrono::seconds kLongWork{120};
const std::string kXlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const std::string kOrganizationName = "上海样本鸣禽贸易有限公司";
const std::string kCode = sample::socialCreditCode(7391);
const std::string kContactPhone = "+8619973916482";
const std::string kRefusedPhone = "+8619900000403";     // the simulated provider blocks it
const std::string kUnreachablePhone = "+8619973916548"; // takes nothing that was sent to it
const std::string kSilentPhone = "+8619973916493";
const std::string kClerkMail = "siskin.spinus@example.com";
const std::string kClerkPassword = "Siskin-password-7391";
const std::string kContactPassword = "Canary-password-7391";
const std::string kMistypedPassword = "Typed-by-mistake-7391";

std::string fromBase64(const std::string& text)
{
    std::istringstream stream(text);
    Poco::Base64Decoder decoder(stream);
    std::string bytes;
    Poco::StreamCopier::copyToString(decoder, bytes);
    return bytes;
}

std::string urlEncoded(const std::string& text)
{
    std::string encoded;
    Poco::URI::encode(text, "+&=", encoded);
    return encoded;
}

std::string digitsOf(const std::string& phone)
{
    return phone.substr(std::string("+86").size());
}

/// Upright and of no two equal pieces: a slice of it is nowhere by chance.
std::string noisePicture(unsigned seed)
{
    std::mt19937 generator(seed);
    uploads::Pixels pixels{300, 400, {}};
    pixels.rgb.resize(std::size_t{300} * 400 * 3);
    std::generate(pixels.rgb.begin(), pixels.rgb.end(), [&] {
        return static_cast<unsigned char>(generator() & 0xFFU);
    });
    return uploads::encodePixels(pixels, uploads::PictureFormat::Png, 100);
}

/// The shipped rules in a year in which nobody is late.
Json rulesOf(const std::string& source)
{
    std::string text = readFile(source + "/plugins/registration/editions/ciie-7.json");
    const std::string year = text.substr(text.find("first_day\": \"") + 13, 4);
    for (std::size_t at = 0; (at = text.find(year + "-", at)) != std::string::npos;) {
        text.replace(at, year.size(), "2099");
    }
    return Json::parse(text);
}

} // namespace

const std::string PrivacyFixture::kPersonNumber = sample::residentCard(7391);
const std::string PrivacyFixture::kPersonWords =
    std::string(kPersonName) + " " + kPersonNumber + " 已离巢";

void PrivacyFixture::configure() const
{
    const auto file = hub().folder() / "hub/plugins.d/sms_aliyun.json";
    Json provider = Json::parse(readFile(file));
    provider["accounts"]["sms-demo"]["config"]["http_timeout_ms"] = 1000;
    writeFile(file, provider.dump());
    hub().configure(
        "hub_test_trap",
        {{"library", "hub_test_trap"}, {"enabled", true}, {"config", {{"how", "refuse"}}}});
}

ApiAnswer
PrivacyFixture::asStaff(const std::string& method, const std::string& path, const Json& body) const
{
    static std::atomic<int> number{0}; // several clients may ask at once
    std::map<std::string, std::string> headers = {
        {"Authorization", "Bearer " + staff_},
        {"Edition", kEdition},
        {"Idempotency-Key", "staff-" + std::to_string(++number)}};
    if (!body.is_null()) {
        headers["Content-Type"] = "application/json";
    }
    return hub().request(method, "/api/v1" + path, body.is_null() ? "" : body.dump(), headers);
}

std::string PrivacyFixture::pathOf(const std::string& rest) const
{
    return "/organizations/" + organization_ + rest;
}

void PrivacyFixture::openEdition()
{
    staff_ = keyOf("organizer",
                   {"editions:write",
                    "staff:write",
                    "messages:read",
                    "persons:read",
                    "persons:list",
                    "persons:write",
                    "registration:read"});
    canaries_.addText("token of an API key", staff_);
    const std::string edition = std::string("/editions/") + kEdition;
    expected(200, asStaff("PUT", edition, rulesOf(variable("HUB_SOURCE_DIR"))));
    const Json name = {{"en", "Sample delegation of Shanghai"}, {"zh", "上海样本交易团"}};
    expected(200,
             asStaff("PUT",
                     edition + "/delegations",
                     {{"delegations",
                       {{{"delegation_id", "shanghai"}, {"name", name}, {"area", "31"}}}}}));
    expected(200,
             asStaff("PUT",
                     edition + "/policies/privacy",
                     {{"version", "1"}, {"address", "/policies/privacy-1"}}));
    expected(200,
             asStaff("PUT",
                     edition + "/policies/sensitive",
                     {{"version", "1"}, {"address", "/policies/sensitive-1"}}));
    told_.addText("name of a delegation", name.at("zh").get<std::string>());
}

void PrivacyFixture::inviteClerk()
{
    const Json role = {{"role", "delegation"}, {"scope_id", "shanghai"}};
    const Json invitation = expected(
        201,
        asStaff("POST",
                "/staff/invitations",
                {{"mail", kClerkMail}, {"language", "zh"}, {"roles", Json::array({role})}}));
    const std::string link = invitation.at("link");
    const std::string token = link.substr(link.find('#') + 1);
    canaries_.addText("secret of an invitation", token);
    canaries_.addText("mail of a clerk", kClerkMail);
    canaries_.addText("name of a clerk", "Siskin Spinus");
    canaries_.addText("password of a clerk", kClerkPassword);

    clerk_ = std::make_unique<Portal>(hub(), kEdition);
    const ApiAnswer accepted =
        clerk_->post("/staff/invitation-acceptances",
                     {{"token", token}, {"name", "Siskin Spinus"}, {"password", kClerkPassword}});
    expected(201, accepted);
    clerk_->keepSession(accepted);
    const std::string secret = expected(201, clerk_->post("/me/totp", nullptr)).at("secret");
    canaries_.addText("secret of an authenticator", secret);
    canaries_.addBytes("secret of an authenticator", demo::fromBase32(secret));
    const ApiAnswer confirmed =
        clerk_->post("/me/totp/confirmations", {{"code", demo::authenticatorCode(secret)}});
    for (const Json& code : expected(200, confirmed).at("recovery_codes")) {
        canaries_.addText("recovery code", code.get<std::string>());
    }
    clerk_->keepSession(confirmed);
    canaries_.addText("session of a clerk",
                      clerk_->cookie().substr(clerk_->cookie().find('=') + 1));
}

ApiAnswer PrivacyFixture::askFor(const std::string& phone, const std::string& purpose) const
{
    return Portal(hub(), kEdition)
        .post("/verifications",
              {{"channel", "sms"}, {"recipient", phone}, {"purpose", purpose}, {"language", "zh"}});
}

std::string PrivacyFixture::codeAt(const std::string& phone) const
{
    std::string text;
    const bool came = becomesTrue([&] {
        const Json list =
            hub().simulator("GET", "/control/messages?phone=%2B" + phone.substr(1)).at("messages");
        text = list.empty() ? "" : list.at(0).at("text").get<std::string>();
        return !text.empty();
    });
    CPPUNIT_ASSERT_MESSAGE(hub().log(), came);
    return text.substr(text.find_first_of("0123456789"), kCodeDigits);
}

Json PrivacyFixture::proveMyPhone(const std::string& phone, const std::string& purpose)
{
    const std::string id = expected(201, askFor(phone, purpose)).at("verification_id");
    const std::string code = codeAt(phone);
    canaries_.addCode("verification code", code);
    const Json confirmed = expected(
        200,
        Portal(hub(), kEdition).post("/verifications/" + id + "/confirmations", {{"code", code}}));
    canaries_.addText("proof of a phone", confirmed.at("proof").get<std::string>());
    return {{"id", id}, {"proof", confirmed.at("proof")}};
}

void PrivacyFixture::registerOrganization()
{
    contact_ = std::make_unique<Portal>(hub(), kEdition);
    canaries_.addNumber("phone of a contact", digitsOf(kContactPhone), {3, 4, 4});
    canaries_.addText("password of a contact", kContactPassword);
    const Json choices = expected(200, contact_->get("/registration-choices"));
    const ApiAnswer opened =
        contact_->post("/organizations",
                       {{"region", "mainland"},
                        {"class", "enterprise"},
                        {"social_credit_code", kCode},
                        {"verification", proveMyPhone(kContactPhone, "organization_registration")},
                        {"password", kContactPassword},
                        {"language", "zh"},
                        {"privacy_version", choices.at("privacy_version")}});
    organization_ = expected(201, opened).at("organization_id");
    contact_->keepSession(opened);
    canaries_.addText("session of a contact",
                      contact_->cookie().substr(contact_->cookie().find('=') + 1));
    canaries_.addText("token against forgery", contact_->csrfToken());
    CPPUNIT_ASSERT_MESSAGE(hub().log(),
                           becomesTrue([&] { return contact_->get(pathOf("")).status == 200; }));
}

void PrivacyFixture::savePage(const std::string& name, const Json& document) const
{
    const Json before = expected(200, contact_->get(pathOf("/pages/" + name)));
    const std::string revision = before.at("revision").dump();
    expected(
        200,
        contact_->put(pathOf("/pages/" + name), document, {{"If-Match", "\"" + revision + "\""}}));
}

void PrivacyFixture::fillInPages()
{
    expected(200, contact_->put(pathOf("/consents/privacy"), {{"version", "1"}}));
    savePage("organization",
             {{"name", kOrganizationName},
              {"social_credit_code", kCode},
              {"delegation_id", "shanghai"},
              {"purposes", {"purchase"}}});
    savePage("contacts",
             {{"contacts",
               {{{"name", "鸫鸲鹀"},
                 {"phone", kContactPhone},
                 {"mail", "robin.erithacus@example.com"}}}}});
    expected(201,
             contact_->post(pathOf("/addresses"),
                            {{"province", "31"},
                             {"city", "上海市"},
                             {"district", "鹂鸣区"},
                             {"street", "金丝雀路七十三弄91号"},
                             {"recipient", "鸺鹠鸱"},
                             {"phone", "+8619973916504"},
                             {"is_default", true}}));
    canaries_.addText("name of a contact", "鸫鸲鹀");
    canaries_.addText("mail of a contact", "robin.erithacus@example.com");
    canaries_.addText("street", "金丝雀路七十三弄91号");
    canaries_.addText("district", "鹂鸣区");
    canaries_.addText("recipient of parcels", "鸺鹠鸱");
    canaries_.addNumber("phone of a recipient", "19973916504", {3, 4, 4});
    told_.addText("name of an organization", kOrganizationName);
}

void PrivacyFixture::uploadLicence()
{
    canaries_.addText("representative on a licence", "鹟莺鹡");
    canaries_.addText("address on a licence", "画眉路八十二弄73号");
    hub().simulator("POST",
                    "/control/provider/licence/register",
                    {{"code", kCode}, {"name", kOrganizationName}, {"state", "registered"}});
    const Json drawn = hub().simulator("POST",
                                       "/control/provider/licence/sample",
                                       {{"name", kOrganizationName},
                                        {"social_credit_code", kCode},
                                        {"representative", "鹟莺鹡"},
                                        {"address", "画眉路八十二弄73号"},
                                        {"valid_until", "2099-12-31"}});
    const std::string picture = fromBase64(drawn.at("picture_base64").get<std::string>());
    licence_.addFile("picture of a licence", picture);
    expected(200, contact_->upload(pathOf("/licence"), "image/png", picture));
    Json page;
    const bool is_read = becomesTrue([&] {
        page = contact_->get(pathOf("/pages/licence")).body;
        return page.value("reading", "") == "read";
    });
    CPPUNIT_ASSERT_MESSAGE(page.dump() + hub().log(), is_read);
    CPPUNIT_ASSERT_EQUAL_MESSAGE("the reader does not tell what the picture says",
                                 Json("鹟莺鹡"),
                                 page.at("read").value("representative", Json()));
}

std::string PrivacyFixture::putPhoto(const std::string& person, unsigned seed)
{
    const std::string picture = noisePicture(seed);
    canaries_.addFile("photo as it was uploaded", picture);
    expected(200, contact_->upload(pathOf("/persons/" + person + "/photo"), "image/png", picture));
    const Json shown =
        expected(200, contact_->post(pathOf("/persons/" + person + "/photo/views"), nullptr));
    const std::string kept = fromBase64(shown.at("content_base64").get<std::string>());
    canaries_.addFile("photo as the hub keeps it", kept);
    return kept;
}

std::string PrivacyFixture::addPerson(const std::string& kind, const Json& form)
{
    const Json added = expected(
        201,
        contact_->post(pathOf("/persons"),
                       {{"kind", kind}, {"form", form}, {"consents", {{"sensitive", "1"}}}}));
    const std::string id = added.at("person_id");
    entered_[id] = form;
    return id;
}

Json PrivacyFixture::personForm()
{
    return {{"name", kPersonName},
            {"sex", sample::isMale(kPersonNumber) ? "male" : "female"},
            {"document_kind", "resident_card"},
            {"document_number", kPersonNumber},
            {"position", "鸣禽主管"},
            {"phone", kPersonPhone},
            {"mail", "oriole.oriolus@example.com"},
            {"admission_period", "all_days"},
            {"delivery_method", "delegation_pickup"}};
}

/// Somebody writes freely why, and names the person.
void PrivacyFixture::cancelPerson()
{
    canceled_ = addPerson("mainland", personForm());
    putPhoto(canceled_, 3);
    submitPersons({canceled_});
    const std::string path = pathOf("/persons/" + canceled_);
    const Json canceled =
        expected(200, contact_->post(path + "/cancel", {{"reason", kPersonWords}}));
    CPPUNIT_ASSERT_EQUAL(Json("done"), canceled.at("cancellation"));
    CPPUNIT_ASSERT_EQUAL(Json(kPersonWords), expected(200, contact_->get(path)).at("reason"));
    canaries_.addText("words about a person", kPersonWords);
}

void PrivacyFixture::addPersons()
{
    person_ = addPerson("mainland", personForm());
    person_photo_ = putPhoto(person_, 1);
    visitor_ = addPerson("overseas",
                         {{"name", "SERINUS CANARIA"},
                          {"sex", "male"},
                          {"document_kind", "passport"},
                          {"document_number", "X7391642"},
                          {"document_expires", "2107-03-19"},
                          {"nationality", "UTO"},
                          {"birth", "1987-03-29"},
                          {"position", "Warbling inspector"},
                          {"mail", "serinus.canaria@example.com"},
                          {"admission_period", "all_days"},
                          {"delivery_method", "delegation_pickup"}});
    putPhoto(visitor_, 2);
    canaries_.addText("name of a person", kPersonName);
    canaries_.addNumber("document of a person", kPersonNumber, {6, 8, 4});
    canaries_.addText("position of a person", "鸣禽主管");
    canaries_.addNumber("phone of a person", digitsOf(kPersonPhone), {3, 4, 4});
    canaries_.addText("mail of a person", "oriole.oriolus@example.com");
    canaries_.addText("name of a visitor", "SERINUS CANARIA");
    canaries_.addText("document of a visitor", "X7391642");
    canaries_.addText("birth of a visitor", "1987-03-29");
    canaries_.addText("expiry of a visitor's document", "2107-03-19");
    canaries_.addText("position of a visitor", "Warbling inspector");
    canaries_.addText("mail of a visitor", "serinus.canaria@example.com");
}

void PrivacyFixture::submitPersons(const std::vector<std::string>& persons) const
{
    const Json sent = expected(
        200,
        contact_->post(pathOf("/persons/submissions"),
                       {{"person_ids", persons}, {"confirmed", true}, {"declaration", true}}));
    CPPUNIT_ASSERT_EQUAL_MESSAGE(sent.dump(), Json(persons.size()), sent.at("done"));
}

void PrivacyFixture::awaitMessage(const std::string& phone, const std::string& state) const
{
    Json list;
    const bool came = becomesTrue([&] {
        list = asStaff("GET", "/messages?recipient=" + urlEncoded(phone))
                   .body.value("items", Json::array());
        return !list.empty() && list.at(0).at("state") == state;
    });
    CPPUNIT_ASSERT_MESSAGE(state + ": " + list.dump() + hub().log(), came);
}

/// So that a message fails after the provider has taken it.
void PrivacyFixture::takeReports() const
{
    const Json account = Json::parse(readFile(hub().folder() / "hub/plugins.d/sms_aliyun.json"))
                             .at("accounts")
                             .at("sms-demo");
    const std::string properties = readFile(hub().properties());
    const std::string name = "public_url = ";
    const std::size_t begin = properties.find(name) + name.size();
    const std::string url = properties.substr(begin, properties.find('\n', begin) - begin) +
                            "/callback/sms_aliyun/sms-demo/" +
                            account.at("callback_token").get<std::string>();
    hub().simulator("POST",
                    "/control/provider/aliyun/report_url",
                    {{"access_key_id", account.at("config").at("access_key_id")}, {"url", url}});
}

/// One has arrived by now; one is refused, one fails on its way, and one stays in doubt. The
/// provider has the codes of the last two.
void PrivacyFixture::sendMessages()
{
    canaries_.addNumber("phone that the provider blocks", digitsOf(kRefusedPhone), {3, 4, 4});
    canaries_.addNumber("phone in doubt", digitsOf(kSilentPhone), {3, 4, 4});
    expected(201, askFor(kRefusedPhone, "login"));
    awaitMessage(kRefusedPhone, "failed");
    takeReports();
    canaries_.addNumber("phone that nobody answers", digitsOf(kUnreachablePhone), {3, 4, 4});
    hub().simulator(
        "POST",
        "/control/provider/aliyun/fate",
        {{"phone", digitsOf(kUnreachablePhone)}, {"err_code", "MOBILE_NOT_ON_SERVICE"}});
    expected(201, askFor(kUnreachablePhone, "login"));
    awaitMessage(kUnreachablePhone, "failed");
    canaries_.addCode("code of a failed message", codeAt(kUnreachablePhone));
    for (const Json& fault :
         {Json{{"fault", "drop_after_booking"}, {"match", {{"method", "SendSms"}}}},
          Json{{"fault", "http_status"},
               {"status", 503},
               {"booked", false},
               {"match", {{"method", "QuerySendDetails"}, {"times", 0}}}}}) {
        hub().simulator("POST", "/control/faults", fault);
    }
    expected(201, askFor(kSilentPhone, "login"));
    awaitMessage(kSilentPhone, "in_doubt");
    canaries_.addCode("code of a message in doubt", codeAt(kSilentPhone));
}

/// What is looked for, mistyped and refused has been in the hub's hands, too.
void PrivacyFixture::makeMistakes()
{
    canaries_.addText("mistyped password", kMistypedPassword);
    expected(200, contact_->get(pathOf("/persons?name=" + urlEncoded("鹂鸰"))));
    expected(200, contact_->get(pathOf("/persons?document_number=" + kPersonNumber)));
    expected(200, asStaff("GET", "/persons?q=" + urlEncoded(kPersonPhone)));
    const Json login = {{"account", kContactPhone}, {"password", kMistypedPassword}};
    CPPUNIT_ASSERT(Portal(hub(), kEdition).post("/logins/password", login).status / 100 == 4);
    const Json nickname = {{"kind", "mainland"}, {"form", {{"nickname", kPersonName}}}};
    expected(400, contact_->post(pathOf("/persons"), nickname));
    const std::string cut = Json{{"form", {{"name", kPersonName}}}}.dump().substr(0, 25);
    const ApiAnswer unreadable = hub().request("POST",
                                               "/api/v1" + pathOf("/persons"),
                                               cut,
                                               {{"Authorization", "Bearer " + staff_},
                                                {"Idempotency-Key", "unreadable"},
                                                {"Content-Type", "application/json"}});
    expected(400, unreadable);
}

void PrivacyFixture::importPersons()
{
    const std::string number = sample::residentCard(7395);
    uploads::XlsxWriter writer("人员", 0);
    const std::vector<std::vector<std::string>> rows = {
        {"姓名", "性别", "证件号码", "职务", "手机号码", "入场日期"},
        {"鹌鹑鸻",
         sample::isMale(number) ? "男" : "女",
         number,
         "鸣禽专员",
         "+8619973916515",
         "5日-10日"}};
    for (const auto& row : rows) {
        CPPUNIT_ASSERT(writer.add(row).ok());
    }
    canaries_.addText("name in a spreadsheet", "鹌鹑鸻");
    canaries_.addNumber("document in a spreadsheet", number, {6, 8, 4});
    canaries_.addText("position in a spreadsheet", "鸣禽专员");
    canaries_.addNumber("phone in a spreadsheet", "19973916515", {3, 4, 4});
    const ApiAnswer begun = hub().request(
        "POST",
        "/api/v1" + pathOf("/person-imports?sensitive_consent=1"),
        writer.finish(),
        {{"Authorization", "Bearer " + staff_}, {"Edition", kEdition}, {"Content-Type", kXlsx}});
    const std::string id = expected(202, begun).at("import_id");
    Json now;
    const bool ended = becomesTrue(
        [&] {
            now = asStaff("GET", pathOf("/imports/" + id)).body;
            return now.value("state", "") == "done";
        },
        kLongWork);
    CPPUNIT_ASSERT_MESSAGE(now.dump() + hub().log(), ended);
}

std::string PrivacyFixture::pastPersonsFile(const std::string& name,
                                            const std::string& number,
                                            const std::string& phone)
{
    return "单位,姓名,性别,证件号码,职务,手机号码,标签\r\n" + kCode + "," + name + "," +
           (sample::isMale(number) ? "男" : "女") + "," + number + ",鸣禽顾问," + phone +
           ",visitor\r\n";
}

Json PrivacyFixture::imported(const std::string& kind, const std::string& csv) const
{
    const auto file = hub().folder() / (kind + ".csv");
    writeFile(file, csv);
    const Json begun = hub().ask({"import", kind, kPastEdition, "--file", file.string()});
    Json end;
    const bool ended = becomesTrue(
        [&] {
            end = hub().ask({"import", "show", begun.at("import_id")});
            return end.at("state") != "running";
        },
        kLongWork);
    CPPUNIT_ASSERT_MESSAGE(end.dump() + hub().log(), ended);
    CPPUNIT_ASSERT_EQUAL_MESSAGE(end.dump(), Json("done"), end.at("state"));
    return end;
}

void PrivacyFixture::importPastPersons()
{
    imported("organizations",
             "单位名称,统一社会信用代码,单位类型,交易团,交易分团,联系人,联系人手机,联系人邮箱\r\n"
             "样本往届单位," +
                 kCode + ",enterprise,,,鹈鹕鹱,+8619973916526,pelican.pelecanus@example.com\r\n");
    canaries_.addText("name of a past contact", "鹈鹕鹱");
    canaries_.addNumber("phone of a past contact", "19973916526", {3, 4, 4});
    canaries_.addText("mail of a past contact", "pelican.pelecanus@example.com");
    const std::string number = sample::residentCard(7393);
    imported("persons", pastPersonsFile("鹪鹩鸲", number, "+8619973916537"));
    canaries_.addText("name of a past person", "鹪鹩鸲");
    canaries_.addNumber("document of a past person", number, {6, 8, 4});
    canaries_.addText("position of a past person", "鸣禽顾问");
    canaries_.addNumber("phone of a past person", "19973916537", {3, 4, 4});
}

void PrivacyFixture::enterEverything()
{
    openEdition();
    inviteClerk();
    registerOrganization();
    fillInPages();
    uploadLicence();
    cancelPerson();
    addPersons();
    submitPersons({person_, visitor_});
    sendMessages();
    makeMistakes();
    importPersons();
    importPastPersons();
    CPPUNIT_ASSERT_MESSAGE(hub().log(),
                           becomesTrue(
                               [&] {
                                   return !hub().ask({"dead-letter", "list"}).empty();
                               },
                               kLongWork));
}

std::vector<std::string> PrivacyFixture::found(const Canaries& canaries, const KeptBytes& kept)
{
    std::vector<std::string> found;
    for (const auto& [place, bytes] : kept) {
        for (const std::string& one : canaries.findIn(bytes)) {
            found.push_back(place + ": " + one);
        }
    }
    return found;
}

} // namespace hub::test
