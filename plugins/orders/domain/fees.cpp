#include "domain/fees.hpp"

#include "domain/rules.hpp"

#include <optional>

namespace orders {

namespace {

constexpr std::int64_t kPercent = 100;
// A fee above ten million yuan is a slip of the pen.
constexpr std::int64_t kFeeMaxMinor = 1'000'000'000;

const Json* findById(const Json& list, const std::string& id)
{
    for (const Json& item : list) {
        if (textOf(item, "id") == id) {
            return &item;
        }
    }
    return nullptr;
}

Objection noCategory()
{
    return {"category_missing",
            {"No category of this edition is set for the person; wait until it is.",
             "该人员尚未设定本届的观众标签，请等待设定后再提交。"}};
}

Objection freeCategory()
{
    return {"category_free",
            {"The person's category is free of charge; leave the person out.",
             "该人员的标签免费，无需付款，请勿选择。"}};
}

Objection noFee(const Payable& person)
{
    const std::string which = person.category + " × " + person.admission_period;
    return {"fee_missing",
            {"The edition's rule `fees` has no single fee for " + which + "; ask the organizer.",
             "本届规则 `fees` 未唯一规定 " + which + " 的费用，请联系主办方。"}};
}

Objection noReuseFee()
{
    return {"reuse_fee_missing",
            {"The edition's rule `reuse.fee_percent` is missing or wrong; ask the organizer.",
             "本届规则 `reuse.fee_percent` 缺失或有误，请联系主办方。"}};
}

Objection noReuse(const Payable& person)
{
    return {
        "reuse_not_allowed",
        {"The entry dates " + person.admission_period +
             " allow no reuse of a badge; change the dates or apply for a new badge.",
         "入场日期 " + person.admission_period + " 不支持证件复用，请修改入场日期或申办新证。"}};
}

/// Nothing when there is none, or more than one.
std::optional<std::int64_t> findFee(const Json& pack, const Payable& person)
{
    std::optional<std::int64_t> amount;
    for (const Json& fee : itemsOf(pack, "fees")) {
        if (textOf(fee, "category") != person.category ||
            textOf(fee, "admission_period") != person.admission_period) {
            continue;
        }
        const auto found = integerOf(fee, "amount_minor");
        if (amount || !found || *found < 1 || *found > kFeeMaxMinor) {
            return std::nullopt;
        }
        amount = found;
    }
    return amount;
}

std::variant<std::int64_t, Objection>
reuseFee(const Json& pack, const Payable& person, std::int64_t full_minor)
{
    const Json* period = findById(itemsOf(pack, "admission_periods"), person.admission_period);
    if (period == nullptr || !isTrue(*period, "reuse_allowed")) {
        return noReuse(person);
    }
    const auto percent = integerOf(partOf(pack, "reuse"), "fee_percent");
    if (!percent || *percent < 1 || *percent > kPercent) {
        return noReuseFee();
    }
    // Half a fen counts as one.
    const std::int64_t amount = (full_minor * *percent + kPercent / 2) / kPercent;
    return amount >= 1 ? std::variant<std::int64_t, Objection>{amount} : noReuseFee();
}

} // namespace

std::variant<std::int64_t, Objection> feeOf(const Json& pack, const Payable& person)
{
    const Json* category = findById(itemsOf(pack, "categories"), person.category);
    if (person.category.empty() || category == nullptr) {
        return noCategory();
    }
    if (isTrue(*category, "free") && holds(pack, "R-011") && holds(pack, "R-195")) {
        return freeCategory();
    }
    const auto full = findFee(pack, person);
    if (!full) {
        return noFee(person);
    }
    if (person.reuse && !person.upgraded) {
        return reuseFee(pack, person, *full);
    }
    return *full;
}

} // namespace orders
