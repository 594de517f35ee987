#include "config/schema_checker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include <valijson/adapters/nlohmann_json_adapter.hpp>

namespace hub::config {

namespace {

using base::Json;
using valijson::Subschema;
using valijson::adapters::NlohmannJsonAdapter;
using JsonType = valijson::constraints::TypeConstraint::JsonType;
using TypeConstraint = valijson::constraints::TypeConstraint;

constexpr const char* kNoDivisor = "can't be judged: \"multipleOf\" of its schema must be above 0";

std::uint64_t characters(const std::string& text)
{
    return static_cast<std::uint64_t>(std::count_if(text.begin(), text.end(), [](char byte) {
        return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
    }));
}

const char* typeWords(JsonType type)
{
    switch (type) {
    case TypeConstraint::kArray:
        return "an array";
    case TypeConstraint::kBoolean:
        return "true or false";
    case TypeConstraint::kInteger:
        return "an integer";
    case TypeConstraint::kNull:
        return "null";
    case TypeConstraint::kNumber:
        return "a number";
    case TypeConstraint::kObject:
        return "an object";
    case TypeConstraint::kString:
        return "a string";
    case TypeConstraint::kAny:
        break;
    }
    return "any value";
}

bool isOfType(const Json& value, JsonType type)
{
    switch (type) {
    case TypeConstraint::kArray:
        return value.is_array();
    case TypeConstraint::kBoolean:
        return value.is_boolean();
    case TypeConstraint::kInteger:
        return value.is_number_integer();
    case TypeConstraint::kNull:
        return value.is_null();
    case TypeConstraint::kNumber:
        return value.is_number();
    case TypeConstraint::kObject:
        return value.is_object();
    case TypeConstraint::kString:
        return value.is_string();
    case TypeConstraint::kAny:
        break;
    }
    return true;
}

std::string plural(std::uint64_t count, const char* one, const char* many)
{
    return fmt::format("{} {}", count, count == 1 ? one : many);
}

/// Exact for integers: a limit such as 2^53 + 1 in an int64 would be rounded as a double.
int compare(const Json& value, double limit)
{
    if (value.is_number_integer() && std::nearbyint(limit) == limit && std::fabs(limit) < 9e15) {
        const auto whole = static_cast<std::int64_t>(limit);
        if (value.is_number_unsigned()) {
            const auto number = value.get<std::uint64_t>();
            if (whole < 0 || number > static_cast<std::uint64_t>(whole)) {
                return 1;
            }
            return number == static_cast<std::uint64_t>(whole) ? 0 : -1;
        }
        const auto number = value.get<std::int64_t>();
        return number == whole ? 0 : (number > whole ? 1 : -1);
    }
    const auto number = value.get<double>();
    return number == limit ? 0 : (number > limit ? 1 : -1);
}

} // namespace

SchemaChecker::SchemaChecker(const Json& value,
                             std::string pointer,
                             const SchemaNotes& notes,
                             std::vector<Violation>& found)
    : value_(value)
    , pointer_(std::move(pointer))
    , notes_(notes)
    , found_(found)
{}

bool SchemaChecker::check(const Subschema& schema)
{
    if (schema.getAlwaysInvalid()) {
        return refuse("is not allowed here");
    }
    Subschema::ApplyFunction apply = [this](const valijson::constraints::Constraint& constraint) {
        return constraint.accept(*this);
    };
    return schema.apply(apply);
}

bool SchemaChecker::refuse(std::string message)
{
    return refuseAt(pointer_, std::move(message));
}

bool SchemaChecker::refuseAt(std::string pointer, std::string message)
{
    found_.push_back({std::move(pointer), std::move(message)});
    return false;
}

bool SchemaChecker::fits(const Subschema& schema, Violations& found) const
{
    return SchemaChecker(value_, pointer_, notes_, found).check(schema);
}

bool SchemaChecker::checkItem(std::size_t index, const Subschema& schema)
{
    return SchemaChecker(
               value_[index], childPointer(pointer_, std::to_string(index)), notes_, found_)
        .check(schema);
}

bool SchemaChecker::checkMember(const std::string& name, const Subschema& schema)
{
    return SchemaChecker(value_[name], childPointer(pointer_, name), notes_, found_).check(schema);
}

bool SchemaChecker::matches(const std::string& text, const std::string& pattern) const
{
    return text.size() <= kPatternTextBytesMax && std::regex_search(text, notes_.pattern(pattern));
}

bool SchemaChecker::refuseBranches(std::vector<Violations>& branches)
{
    const auto reach = [this](const Violations& branch) {
        std::size_t deepest = 0;
        for (const Violation& violation : branch) {
            deepest = std::max(deepest, violation.pointer.size() - pointer_.size());
        }
        return deepest;
    };
    const auto furthest = std::max_element(
        branches.begin(), branches.end(), [&reach](const auto& left, const auto& right) {
            return reach(left) < reach(right);
        });
    if (furthest == branches.end() || reach(*furthest) == 0) {
        return refuse("fits none of the allowed forms");
    }
    found_.insert(found_.end(), furthest->begin(), furthest->end());
    return false;
}

bool SchemaChecker::visit(const AllOfConstraint& constraint)
{
    bool good = true;
    constraint.applyToSubschemas([&](unsigned, const Subschema* schema) {
        good = check(*schema) && good;
        return true;
    });
    return good;
}

bool SchemaChecker::visit(const AnyOfConstraint& constraint)
{
    bool good = false;
    std::vector<Violations> branches;
    constraint.applyToSubschemas([&](unsigned, const Subschema* schema) {
        good = fits(*schema, branches.emplace_back());
        return !good;
    });
    return good || refuseBranches(branches);
}

bool SchemaChecker::visit(const OneOfConstraint& constraint)
{
    int good = 0;
    std::vector<Violations> branches;
    constraint.applyToSubschemas([&](unsigned, const Subschema* schema) {
        good += fits(*schema, branches.emplace_back()) ? 1 : 0;
        return true;
    });
    if (good > 1) {
        return refuse("fits more than one of the allowed forms, must fit exactly one");
    }
    return good == 1 || refuseBranches(branches);
}

bool SchemaChecker::visit(const NotConstraint& constraint)
{
    Violations ignored;
    return !fits(*constraint.getSubschema(), ignored) || refuse("has a form that is not allowed");
}

bool SchemaChecker::visit(const ConditionalConstraint& constraint)
{
    Violations ignored;
    const Subschema* branch = fits(*constraint.getIfSubschema(), ignored)
                                  ? constraint.getThenSubschema()
                                  : constraint.getElseSubschema();
    return branch == nullptr || check(*branch);
}

bool SchemaChecker::visit(const ConstConstraint& constraint)
{
    if (constraint.getValue()->equalTo(NlohmannJsonAdapter(value_), true)) {
        return true;
    }
    for (const Json& value : notes_.values()) {
        if (constraint.getValue()->equalTo(NlohmannJsonAdapter(value), true)) {
            return refuse("must be " + value.dump());
        }
    }
    return refuse("has a value that is not allowed");
}

bool SchemaChecker::visit(const EnumConstraint& constraint)
{
    const NlohmannJsonAdapter adapter(value_);
    bool good = false;
    constraint.applyToValues([&](const valijson::adapters::FrozenValue& value) {
        good = value.equalTo(adapter, true);
        return !good;
    });
    if (good) {
        return true;
    }
    std::string list;
    constraint.applyToValues([&](const valijson::adapters::FrozenValue& value) {
        const auto text = std::find_if(
            notes_.values().begin(), notes_.values().end(), [&value](const Json& candidate) {
                return value.equalTo(NlohmannJsonAdapter(candidate), true);
            });
        if (text != notes_.values().end()) {
            list += (list.empty() ? "" : ", ") + text->dump();
        }
        return true;
    });
    return refuse("must be one of " + list);
}

bool SchemaChecker::visit(const TypeConstraint& constraint)
{
    bool good = false;
    std::string words;
    constraint.applyToNamedTypes([&](JsonType type) {
        good = isOfType(value_, type);
        words += std::string(words.empty() ? "" : " or ") + typeWords(type);
        return !good;
    });
    return good || refuse("must be " + words);
}

bool SchemaChecker::visit(const FormatConstraint&)
{
    return true; // Draft 7 leaves format an annotation; patterns say what is required.
}

bool SchemaChecker::visit(const PolyConstraint&)
{
    return refuse("is checked by a constraint that the hub does not know");
}

bool SchemaChecker::visit(const MaximumConstraint& constraint)
{
    if (!value_.is_number()) {
        return true;
    }
    const int order = compare(value_, constraint.getMaximum());
    if (order < 0 || (order == 0 && !constraint.getExclusiveMaximum())) {
        return true;
    }
    return refuse(fmt::format("must be {} {}",
                              constraint.getExclusiveMaximum() ? "less than" : "at most",
                              constraint.getMaximum()));
}

bool SchemaChecker::visit(const MinimumConstraint& constraint)
{
    if (!value_.is_number()) {
        return true;
    }
    const int order = compare(value_, constraint.getMinimum());
    if (order > 0 || (order == 0 && !constraint.getExclusiveMinimum())) {
        return true;
    }
    return refuse(fmt::format("must be {} {}",
                              constraint.getExclusiveMinimum() ? "more than" : "at least",
                              constraint.getMinimum()));
}

bool SchemaChecker::visit(const MultipleOfIntConstraint& constraint)
{
    if (!value_.is_number()) {
        return true;
    }
    const std::int64_t divisor = constraint.getDivisor();
    if (divisor <= 0) {
        return refuse(kNoDivisor);
    }
    const bool good = value_.is_number_unsigned()
                          ? value_.get<std::uint64_t>() % static_cast<std::uint64_t>(divisor) == 0
                      : value_.is_number_integer()
                          ? value_.get<std::int64_t>() % divisor == 0
                          : std::fmod(value_.get<double>(), static_cast<double>(divisor)) == 0.0;
    return good || refuse(fmt::format("must be a multiple of {}", divisor));
}

bool SchemaChecker::visit(const MultipleOfDoubleConstraint& constraint)
{
    if (!value_.is_number()) {
        return true;
    }
    const double divisor = constraint.getDivisor();
    if (!(divisor > 0)) {
        return refuse(kNoDivisor);
    }
    // 0.3 is a multiple of 0.1 to a reader, not in binary.
    const bool good = std::fabs(std::remainder(value_.get<double>(), divisor)) < divisor * 1e-9;
    return good || refuse(fmt::format("must be a multiple of {}", divisor));
}

bool SchemaChecker::visit(const MaxLengthConstraint& constraint)
{
    const std::uint64_t limit = constraint.getMaxLength();
    return !value_.is_string() || characters(value_.get_ref<const std::string&>()) <= limit ||
           refuse("must be at most " + plural(limit, "character", "characters") + " long");
}

bool SchemaChecker::visit(const MinLengthConstraint& constraint)
{
    const std::uint64_t limit = constraint.getMinLength();
    if (!value_.is_string() || characters(value_.get_ref<const std::string&>()) >= limit) {
        return true;
    }
    return refuse(limit == 1
                      ? "must not be empty"
                      : "must be at least " + plural(limit, "character", "characters") + " long");
}

bool SchemaChecker::visit(const PatternConstraint& constraint)
{
    if (!value_.is_string()) {
        return true;
    }
    const std::string pattern(constraint.getPattern<std::string::allocator_type>());
    const auto& text = value_.get_ref<const std::string&>();
    if (text.size() > kPatternTextBytesMax) {
        return refuse(fmt::format("is {} bytes long, must be at most {} and match {}",
                                  text.size(),
                                  kPatternTextBytesMax,
                                  pattern));
    }
    return matches(text, pattern) || refuse("must match " + pattern);
}

bool SchemaChecker::visit(const MaxItemsConstraint& constraint)
{
    const std::uint64_t limit = constraint.getMaxItems();
    return !value_.is_array() || value_.size() <= limit ||
           refuse("must have at most " + plural(limit, "item", "items"));
}

bool SchemaChecker::visit(const MinItemsConstraint& constraint)
{
    const std::uint64_t limit = constraint.getMinItems();
    return !value_.is_array() || value_.size() >= limit ||
           refuse("must have at least " + plural(limit, "item", "items"));
}

bool SchemaChecker::visit(const UniqueItemsConstraint&)
{
    if (!value_.is_array()) {
        return true;
    }
    // A set and not pairs: a million small items must not cost a million squared.
    std::set<Json> seen;
    for (std::size_t index = 0; index < value_.size(); ++index) {
        if (!seen.insert(value_[index]).second) {
            return refuseAt(childPointer(pointer_, std::to_string(index)),
                            "repeats another item, must be unique");
        }
    }
    return true;
}

bool SchemaChecker::visit(const ContainsConstraint& constraint)
{
    if (!value_.is_array()) {
        return true;
    }
    Violations ignored;
    for (const Json& item : value_) {
        if (SchemaChecker(item, "", notes_, ignored).check(*constraint.getSubschema())) {
            return true;
        }
    }
    return refuse("must contain an item of the required form");
}

bool SchemaChecker::visit(const SingularItemsConstraint& constraint)
{
    bool good = true;
    for (std::size_t index = 0; value_.is_array() && index < value_.size(); ++index) {
        good = checkItem(index, *constraint.getItemsSubschema()) && good;
    }
    return good;
}

bool SchemaChecker::visit(const LinearItemsConstraint& constraint)
{
    if (!value_.is_array()) {
        return true;
    }
    bool good = true;
    constraint.applyToItemSubschemas([&](unsigned index, const Subschema* schema) {
        good = (index >= value_.size() || checkItem(index, *schema)) && good;
        return true;
    });
    const Subschema* rest = constraint.getAdditionalItemsSubschema();
    for (std::size_t index = constraint.getItemSubschemaCount(); index < value_.size(); ++index) {
        good = (rest != nullptr ? checkItem(index, *rest)
                                : refuseAt(childPointer(pointer_, std::to_string(index)),
                                           "is one item too many")) &&
               good;
    }
    return good;
}

bool SchemaChecker::visit(const MaxPropertiesConstraint& constraint)
{
    const std::uint64_t limit = constraint.getMaxProperties();
    return !value_.is_object() || value_.size() <= limit ||
           refuse("must have at most " + plural(limit, "member", "members"));
}

bool SchemaChecker::visit(const MinPropertiesConstraint& constraint)
{
    const std::uint64_t limit = constraint.getMinProperties();
    return !value_.is_object() || value_.size() >= limit ||
           refuse("must have at least " + plural(limit, "member", "members"));
}

bool SchemaChecker::visit(const RequiredConstraint& constraint)
{
    if (!value_.is_object()) {
        return true;
    }
    bool good = true;
    constraint.applyToRequiredProperties([&](const auto& name) {
        const std::string member(name.c_str(), name.size());
        good = (value_.contains(member) ||
                refuse(fmt::format("must have the member \"{}\"", member))) &&
               good;
        return true;
    });
    return good;
}

bool SchemaChecker::visit(const PropertyNamesConstraint& constraint)
{
    if (!value_.is_object()) {
        return true;
    }
    bool good = true;
    for (const auto& member : value_.items()) {
        const Json name = member.key();
        Violations reasons;
        if (!SchemaChecker(name, "", notes_, reasons).check(*constraint.getSubschema())) {
            const std::string reason = reasons.empty() ? "is not allowed" : reasons.front().message;
            good = refuseAt(childPointer(pointer_, member.key()), "has a name that " + reason);
        }
    }
    return good;
}

bool SchemaChecker::visit(const DependenciesConstraint& constraint)
{
    if (!value_.is_object()) {
        return true;
    }
    bool good = true;
    constraint.applyToPropertyDependencies([&](const auto& name, const auto& needed) {
        for (const auto& other : needed) {
            if (value_.contains(name.c_str()) && !value_.contains(other.c_str())) {
                good = refuse(fmt::format(
                    "has \"{}\" and must then have \"{}\", too", name.c_str(), other.c_str()));
            }
        }
        return true;
    });
    constraint.applyToSchemaDependencies([&](const auto& name, const Subschema* schema) {
        good = (!value_.contains(name.c_str()) || check(*schema)) && good;
        return true;
    });
    return good;
}

bool SchemaChecker::checkKnownMembers(const PropertiesConstraint& constraint,
                                      std::set<std::string>& known)
{
    bool good = true;
    constraint.applyToProperties([&](const auto& text, const Subschema* schema) {
        const std::string name(text.c_str(), text.size());
        if (value_.contains(name)) {
            known.insert(name);
            good = checkMember(name, *schema) && good;
        }
        return true;
    });
    constraint.applyToPatternProperties([&](const auto& text, const Subschema* schema) {
        for (const auto& member : value_.items()) {
            if (matches(member.key(), std::string(text.c_str(), text.size()))) {
                known.insert(member.key());
                good = checkMember(member.key(), *schema) && good;
            }
        }
        return true;
    });
    return good;
}

bool SchemaChecker::visit(const PropertiesConstraint& constraint)
{
    if (!value_.is_object()) {
        return true;
    }
    std::set<std::string> known;
    bool good = checkKnownMembers(constraint, known);
    const Subschema* rest = constraint.getAdditionalPropertiesSubschema();
    for (const auto& member : value_.items()) {
        if (known.count(member.key()) != 0) {
            continue;
        }
        const bool allowed = rest != nullptr && !rest->getAlwaysInvalid();
        good =
            (allowed ? checkMember(member.key(), *rest)
                     : refuseAt(childPointer(pointer_, member.key()), "is not a known member")) &&
            good;
    }
    return good;
}

} // namespace hub::config
