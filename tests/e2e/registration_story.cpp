#include "registration_story.hpp"

#include "code_picture.hpp"
#include "phone.hpp"
#include "telling.hpp"

#include <fmt/format.h>

#include <chrono>
#include <utility>

namespace demo {

namespace {

constexpr const char* kFree = "staff"; // a limited category without a fee
constexpr std::int64_t kFeeMinor = 20000;

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
{}

void RegistrationStory::tell()
{
    chapter("The organizer opens the edition, a clerk joins · 组委会开启本届，交易团工作人员加入");
    openEdition();

    chapter("An enterprise registers · 企业注册");
    applicant_.registerAccount();

    chapter("It fills in its data, saved by itself · 填写单位资料，自动保存");
    applicant_.agreeToPrivacy();
    applicant_.uploadLicence();
    applicant_.fillInPages();
    applicant_.addAddress();

    chapter("It adds persons · 添加人员");
    addPersons();

    chapter("Preview and submission · 预览与提交");
    applicant_.previewAndSubmit();

    chapter("The delegation reviews · 交易团审核");
    clerk_.approve(applicant_.organization());
    applicant_.awaitNotice("审核通过");
    if (!choosesItself()) {
        categorizeWithinQuota();
    }
    awaitPersons("to_be_paid", payers_);
    applicant_.awaitNotice("待支付证件费");
    awaitPersons("to_be_reviewed", {guest_});

    chapter("The fee is ordered and paid by scan · 证件订单与扫码支付");
    orderAndPay();

    chapter("Where everything stands · 办理进度");
    applicant_.showProgress();
}

void RegistrationStory::openEdition()
{
    organizer_.openEdition();
    organizer_.addPlaces(kFree, 1);
    const std::string mail = fmt::format("clerk-{}@example.com", run_);
    clerk_.join(organizer_.inviteClerk(mail), mail);
}

void RegistrationStory::addPersons()
{
    applicant_.readPersonForm(choosesItself());
    const std::string chosen = choosesItself() ? kFree : "";
    payers_.push_back(applicant_.addPerson({"样本甲", Sex::Male, 1, ""}));
    payers_.push_back(applicant_.addPerson({"样本丙", Sex::Female, 2, ""}));
    guest_ = applicant_.addPerson({"样本丁", Sex::Female, 3, chosen});
    if (choosesItself()) {
        chooseWithinQuota();
    }
    applicant_.submitPersons({payers_.front(), payers_.back(), guest_});
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
    const WebAnswer all = clerk_.categorize({guest_, payers_.front()}, kFree);
    expect(all.status == 200 && all.json().at("done") == 1 &&
               all.body.find("quota_exhausted") != std::string::npos,
           "two persons got one place: " + all.body);
    step("clerk", "made one person staff; for a second one no place is left: quota_exhausted");
    const WebAnswer visitors = clerk_.categorize(payers_, "visitor");
    expect(visitors.status == 200 && visitors.json().at("done") == payers_.size(),
           "the others are not categorized: " + visitors.body);
    step("clerk", "made the others visitors; quota of staff: " + clerk_.quotaUse(kFree));
    clerk_.lock({payers_.front(), payers_.back(), guest_});
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
    awaitPersons("to_be_reviewed", payers_);
    applicant_.awaitNotice("已支付成功");
}

std::string RegistrationStory::createOrder() const
{
    const Json wish = {{"person_ids", payers_}};
    const Json quote = applicant_.hub().post("/api/v1/order-quotes", wish).json();
    const std::int64_t sum = kFeeMinor * static_cast<std::int64_t>(payers_.size());
    expect(quote.value("amount_minor", 0) == sum, "the quote is another: " + quote.dump());
    const WebAnswer created = applicant_.hub().post(
        "/api/v1/orders", wish, {{"Idempotency-Key", "order-" + applicant_.organization()}});
    expect(created.status == 201 && created.json().at("amount_minor") == sum,
           "the order is not created: " + created.body);
    const std::string number = created.json().at("number");
    step("contact", fmt::format("ordered badges for {} persons, {}", payers_.size(), yuan(sum)));
    step("hub", "order " + number);
    return number;
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
