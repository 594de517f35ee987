#include "domain/edition.hpp"

#include "domain/times.hpp"

#include <algorithm>

namespace registration {

namespace {

Words readWords(const Json& json)
{
    return {json.at("en").get<std::string>(), json.at("zh").get<std::string>()};
}

Category readCategory(const Json& json)
{
    return {json.at("id").get<std::string>(),
            readWords(json.at("title")),
            json.at("color").get<std::string>(),
            json.at("limited").get<bool>(),
            json.at("free").get<bool>(),
            json.at("rank").get<int>()};
}

AdmissionPeriod readPeriod(const Json& json)
{
    return {json.at("id").get<std::string>(),
            readWords(json.at("title")),
            json.at("first_day").get<std::string>(),
            json.at("last_day").get<std::string>(),
            json.at("reuse_allowed").get<bool>()};
}

template <typename Item, typename Read>
std::vector<Item> readList(const Json& array, Read read)
{
    std::vector<Item> items;
    for (const Json& json : array) {
        items.push_back(read(json));
    }
    return items;
}

/// What the form can't say: names that must exist, and an order of days.
class Checks {
public:
    Checks(const Edition& edition, std::vector<requests::Violation>& problems)
        : edition_(edition)
        , problems_(problems)
    {}

    void run(const Json& deadlines) const
    {
        for (const auto& [name, instant] : deadlines.items()) {
            if (!parseInstant(instant.get<std::string>())) {
                refuse("/deadlines/" + name,
                       {"An instant looks like 2026-10-20T24:00:00+08:00; correct it.",
                        "时间格式应为 2026-10-20T24:00:00+08:00，请更正。"});
            }
        }
        for (std::size_t i = 0; i < edition_.admission_periods.size(); ++i) {
            checkPeriod(i, edition_.admission_periods[i]);
        }
        for (std::size_t i = 0; i < edition_.fees.size(); ++i) {
            checkFee("/fees/" + std::to_string(i), edition_.fees[i]);
        }
        // Whoever can be admitted and must pay needs a price, or nobody could pay it.
        for (const Category& category : edition_.categories) {
            for (const AdmissionPeriod& period : edition_.admission_periods) {
                if (!category.free && !edition_.feeOf(category.id, period.id)) {
                    refuse("/fees",
                           {"The fee of " + category.id + " for " + period.id +
                                " is missing; add it, or make the category free.",
                            "缺少费用：" + category.title.zh + " / " + period.title.zh +
                                "，请补充，或将该标签设为免费。"});
                }
            }
        }
    }

private:
    void refuse(std::string pointer, Words words) const
    {
        problems_.push_back({std::move(pointer), std::move(words)});
    }

    void checkPeriod(std::size_t i, const AdmissionPeriod& period) const
    {
        if (period.first_day > period.last_day || period.last_day > edition_.fair_last_day) {
            refuse("/admission_periods/" + std::to_string(i),
                   {"The days must be in order and end with the fair; correct them.",
                    "入场日期须先后有序且不晚于展会最后一天，请更正。"});
        }
    }

    void checkFee(const std::string& pointer, const Fee& fee) const
    {
        if (edition_.findCategory(fee.category) == nullptr ||
            edition_.findPeriod(fee.admission_period) == nullptr) {
            refuse(pointer,
                   {"A fee names a category and an admission period of this pack; correct it.",
                    "费用须对应本届已有的标签和入场日期，请更正。"});
        }
    }

    const Edition& edition_;
    std::vector<requests::Violation>& problems_;
};

Edition readPack(const Json& pack)
{
    Edition edition;
    edition.id = pack.at("edition");
    edition.title = readWords(pack.at("title"));
    edition.fair_first_day = pack.at("fair").at("first_day");
    edition.fair_last_day = pack.at("fair").at("last_day");
    const Json deadlines = pack.at("deadlines");
    edition.registration_deadline_ms = parseInstant(requests::textOf(deadlines, "registration"));
    edition.payment_deadline_ms = parseInstant(requests::textOf(deadlines, "payment"));
    edition.hotline = pack.at("hotline");
    edition.classes = pack.at("classes").get<decltype(edition.classes)>();
    edition.automatic = readList<AutomaticReview>(
        pack.at("review").at("automatic"), [](const Json& json) -> AutomaticReview {
            return {json.at("class").get<std::string>(),
                    json.at("past").get<bool>(),
                    json.at("licence").get<std::string>()};
        });
    edition.purposes = pack.at("purposes").get<std::vector<std::string>>();
    edition.categories = readList<Category>(pack.at("categories"), &readCategory);
    edition.mode =
        pack.at("categorized_by") == "delegation" ? Mode::ByDelegation : Mode::ByOrganization;
    edition.admission_periods =
        readList<AdmissionPeriod>(pack.at("admission_periods"), &readPeriod);
    edition.fees = readList<Fee>(pack.at("fees"), [](const Json& json) -> Fee {
        return {json.at("category").get<std::string>(),
                json.at("admission_period").get<std::string>(),
                json.at("amount_minor").get<std::int64_t>()};
    });
    edition.reuse_from = pack.at("reuse").at("from").get<std::vector<std::string>>();
    edition.reuse_fee_percent = pack.at("reuse").at("fee_percent");
    edition.reuse_upgrade = pack.at("reuse").at("upgrade");
    edition.delivery_methods = pack.at("delivery_methods").get<std::vector<std::string>>();
    edition.addresses_max = pack.at("addresses_max");
    edition.draft_save_s = pack.at("draft_save_s");
    edition.minimum_age = pack.at("minimum_age");
    edition.rules_off = pack.at("rules_off").get<std::set<std::string>>();
    return edition;
}

} // namespace

const Category* Edition::findCategory(std::string_view category) const noexcept
{
    const auto found = std::find_if(categories.begin(),
                                    categories.end(),
                                    [category](const Category& one) { return one.id == category; });
    return found == categories.end() ? nullptr : &*found;
}

const AdmissionPeriod* Edition::findPeriod(std::string_view period) const noexcept
{
    const auto found =
        std::find_if(admission_periods.begin(),
                     admission_periods.end(),
                     [period](const AdmissionPeriod& one) { return one.id == period; });
    return found == admission_periods.end() ? nullptr : &*found;
}

std::optional<std::int64_t> Edition::feeOf(std::string_view category, std::string_view period) const
{
    for (const Fee& fee : fees) {
        if (fee.category == category && fee.admission_period == period) {
            return fee.amount_minor;
        }
    }
    return std::nullopt;
}

std::optional<std::int64_t>
Edition::amountOf(std::string_view category, std::string_view period, bool reuses_badge) const
{
    const Category* const found = findCategory(category);
    if (found != nullptr && found->free) {
        return 0;
    }
    const auto fee = feeOf(category, period);
    if (!fee || !reuses_badge) {
        return fee;
    }
    constexpr std::int64_t kHundred = 100;
    return (*fee * reuse_fee_percent + kHundred / 2) / kHundred;
}

std::optional<Edition> parsePack(const Json& pack, std::vector<requests::Violation>& problems)
{
    Edition edition = readPack(pack);
    Checks(edition, problems).run(pack.at("deadlines"));
    return problems.empty() ? std::optional(std::move(edition)) : std::nullopt;
}

} // namespace registration
