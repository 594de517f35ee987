#include "registration_story.hpp"

#include "code_picture.hpp"
#include "past_people.hpp"
#include "phone.hpp"
#include "telling.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <utility>

namespace demo {

namespace {

constexpr const char* kFree = "staff"; // a limited category without a fee
constexpr std::int64_t kFeeMinor = 20000;
constexpr std::int64_t kReuseFeeMinor = 10000;

// Of the past edition.
const PastPerson kReused{"样本丙", Sex::Female, 2};
const PastPerson kAnew{"样本戊", Sex::Male, 4};
const PastPerson kFailed{"样本己", Sex::Female, 5, false};

std::uint64_t nowMs()
{
    using namespace std::chrono;
    return static_cast<std::uint64_t>(
        duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count());
}

} // namespace

RegistrationStory::RegistrationStory(Installation installation, int number)
    : installation_(std::move(installation))
    , number_(number)
    , edition_(fmt::format("ciie-{}", number))
    , run_(nowMs())
    , enterprise_(run_)
    , organizer_(installation_, edition_)
    , clerk_(installation_, edition_)
    , applicant_(installation_, edition_, enterprise_)
    , past_(installation_, number == 7 ? "ciie-6" : "ciie-3", enterprise_)
{}

void RegistrationStory::tell()
{
    chapter("The organizer opens the edition, a clerk joins · 组委会开启本届，交易团工作人员加入");
    openEdition();

    chapter("The organizer brings in the past edition · 导入往届数据");
    past_.bringIn({kReused, kAnew, kFailed});

    chapter("An enterprise registers as a past visitor · 往届企业注册");
    applicant_.provePast(kPastPhone);
    applicant_.registerAccount();

    chapter("It fills in its data, saved by itself · 填写单位资料，自动保存");
    applicant_.agreeToPrivacy();
    applicant_.uploadLicence();
    applicant_.fillInPages();
    applicant_.addAddress();

    chapter("It brings in persons of the past edition · 带出往届人员");
    bringPastPersons();

    chapter("It adds persons · 添加人员");
    addPersons();

    chapter("Preview and submission · 预览与提交");
    applicant_.previewAndSubmit(choosesItself() ? "approved" : "submitted");

    chapter("The delegation reviews · 交易团审核");
    review();
    awaitPersons("to_be_paid", payers());
    applicant_.awaitNotice("待支付证件费");
    awaitPersons("to_be_reviewed", {guest_});

    chapter("The fee is ordered and paid by scan · 证件订单与扫码支付");
    orderAndPay();

    chapter("Where everything stands · 办理进度");
    applicant_.showProgress();
    showConsent();
}

void RegistrationStory::openEdition()
{
    organizer_.openEdition();
    organizer_.addPlaces(kFree, 1);
    const std::string mail = fmt::format("clerk-{}@example.com", run_);
    clerk_.join(organizer_.inviteClerk(mail), mail);
}

void RegistrationStory::bringPastPersons()
{
    applicant_.readPersonForm(choosesItself());
    PastPeople people(applicant_);
    people.look(3);
    people.tryToReuse(kFailed.name);
    reused_ = people.reuse(kReused.name);
    if (!choosesItself()) {
        people.tryPickupOnSite(reused_);
    }
    people.tryAnotherPhoto(reused_);
    visitors_.push_back(people.applyAnew(kAnew.name));
}

void RegistrationStory::addPersons()
{
    const Visitor visitor{"样本甲", Sex::Male, 1, ""};
    applicant_.tryToAddUnasked(visitor);
    visitors_.push_back(applicant_.addPerson(visitor));
    guest_ = applicant_.addPerson({"样本丁", Sex::Female, 3, choosesItself() ? kFree : ""});
    if (choosesItself()) {
        chooseWithinQuota();
    }
    applicant_.submitPersons(everybody());
}

std::vector<std::string> RegistrationStory::payers() const
{
    std::vector<std::string> payers = visitors_;
    payers.push_back(reused_);
    return payers;
}

std::vector<std::string> RegistrationStory::everybody() const
{
    std::vector<std::string> all = payers();
    all.push_back(guest_);
    return all;
}

/// Of the seventh edition a rule reviews who was there before; of the fourth, the delegation does.
void RegistrationStory::review() const
{
    if (choosesItself()) {
        clerk_.lookAtPassed(applicant_.organization());
        applicant_.awaitNotice("审核通过");
        return;
    }
    clerk_.approve(applicant_.organization());
    applicant_.awaitNotice("审核通过");
    categorizeWithinQuota();
}

/// Of the seventh edition: the place is taken when the person is submitted.
void RegistrationStory::chooseWithinQuota()
{
    const WebAnswer refused = applicant_.trySubmitPerson(guest_);
    expect(refused.status == 409 && refused.json().at("code") == "quota_exhausted",
           "a free category was taken without a quota: " + refused.body);
    step("hub", "no place of the category staff is the organization's: quota_exhausted");
    clerk_.giveQuota(applicant_.organization(), kFree, 1);
}

/// Of the fourth edition.
void RegistrationStory::categorizeWithinQuota() const
{
    const WebAnswer all = clerk_.categorize({guest_, visitors_.front()}, kFree);
    expect(all.status == 200 && all.json().at("done") == 1 &&
               all.body.find("quota_exhausted") != std::string::npos,
           "two persons got one place: " + all.body);
    step("clerk", "made one person staff; for a second one no place is left: quota_exhausted");
    const WebAnswer visitors = clerk_.categorize(visitors_, "visitor");
    expect(visitors.status == 200 && visitors.json().at("done") == visitors_.size(),
           "the others are not categorized: " + visitors.body);
    step("clerk", "made the others visitors; quota of staff: " + clerk_.quotaUse(kFree));
    step("hub", "the reused badge brings its category; it waited for the lock alone");
    clerk_.lock(everybody());
}

void RegistrationStory::awaitPersons(const std::string& state,
                                     const std::vector<std::string>& persons) const
{
    for (const std::string& person : persons) {
        await("the state " + state, [&] { return applicant_.stateOfPerson(person) == state; });
    }
    step("hub", fmt::format("{} of them: {}", persons.size(), state));
}

void RegistrationStory::orderAndPay() const
{
    const std::string order = createOrder();
    const std::string url = openCheckout(order);
    fmt::print("\n{}      {}\n\n", codePicture(url), url);
    pay(url);
    await("the order being paid", [&] {
        return applicant_.hub().get("/api/v1/orders/" + order).json().at("state") == "paid";
    });
    step("hub", "the provider's signed notice is verified and booked; the order is paid");
    awaitPersons("to_be_reviewed", payers());
    applicant_.awaitNotice("已支付成功");
}

std::string RegistrationStory::createOrder() const
{
    const Json wish = {{"person_ids", payers()}};
    const Json quote = applicant_.hub().post("/api/v1/order-quotes", wish).json();
    const std::int64_t sum =
        kFeeMinor * static_cast<std::int64_t>(visitors_.size()) + kReuseFeeMinor;
    expect(quote.value("amount_minor", 0) == sum, "the quote is another: " + quote.dump());
    const WebAnswer created = applicant_.hub().post(
        "/api/v1/orders", wish, {{"Idempotency-Key", "order-" + applicant_.organization()}});
    expect(created.status == 201 && created.json().at("amount_minor") == sum,
           "the order is not created: " + created.body);
    const std::string number = created.json().at("number");
    step("contact", fmt::format("ordered badges for {} persons, {}", payers().size(), yuan(sum)));
    step("hub", "order " + number);
    showLines(number);
    return number;
}

void RegistrationStory::showLines(const std::string& order) const
{
    const Json shown = applicant_.hub().get("/api/v1/orders/" + order).json();
    for (const Json& line : shown.at("lines")) {
        const bool is_reused = line.at("person_id") == reused_;
        const std::int64_t fee = line.at("amount_minor");
        expect(line.at("reuse") == is_reused && fee == (is_reused ? kReuseFeeMinor : kFeeMinor),
               "the fee is another: " + line.dump());
        fmt::print("    {}  {:>10}  {}\n",
                   line.at("name").get<std::string>(),
                   yuan(fee),
                   is_reused ? "old badge, used again · 复用" : "new badge · 新证");
    }
}

void RegistrationStory::showConsent() const
{
    const Json data = installation_.command("person export " + reused_);
    const Json consent = data.at("consents").at(0);
    expect(consent.at("kind") == "sensitive" && consent.at("version") == "1" &&
               consent.at("withdrawn_ms") == 0,
           "the consent is not kept: " + data.dump());
    fmt::print("\n");
    step("organizer",
         fmt::format(
             "expohub person export tells what {} agreed to: {}, version {}, at {:%F %T} UTC",
             kReused.name,
             consent.at("kind").get<std::string>(),
             consent.at("version").get<std::string>(),
             fmt::gmtime(consent.at("given_ms").get<std::int64_t>() / 1000)));
}

std::string RegistrationStory::openCheckout(const std::string& order) const
{
    const WebAnswer asked = applicant_.hub().post("/api/v1/orders/" + order + "/checkouts",
                                                  Json::object(),
                                                  {{"Idempotency-Key", "checkout-" + order}});
    expect(asked.status == 202, "no checkout is opened: " + asked.body);
    std::string url;
    await("the checkout", [&] {
        const Json shown = applicant_.hub().get("/api/v1/orders/" + order).json();
        const Json checkout = shown.value("checkout", Json());
        url = checkout.is_object() ? checkout.at("url").get<std::string>() : "";
        return !url.empty();
    });
    step("contact", "opened a scan checkout: one code for Alipay, WeChat Pay and UnionPay");
    return url;
}

void RegistrationStory::pay(const std::string& url) const
{
    Phone phone(installation_, wechatApp());
    phone.open(url);
    step(phone.name(), "scanned it; the page knows the app and goes on to its payment");
    phone.goToWallet();
    phone.pay();
    step(phone.name(), "pressed pay on the wallet's page");
}

} // namespace demo
