// Typed identifiers: a PaymentId is no RefundId, and neither is a bare string.
#pragma once

#include <compare>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace hub {

template <typename Tag>
class TypedId {
public:
    TypedId() = default;
    explicit TypedId(std::string value)
        : value_(std::move(value))
    {}

    const std::string& str() const noexcept { return value_; }
    bool empty() const noexcept { return value_.empty(); }

    auto operator<=>(const TypedId&) const = default;

private:
    std::string value_;
};

} // namespace hub

template <typename Tag>
struct std::hash<hub::TypedId<Tag>> {
    std::size_t operator()(const hub::TypedId<Tag>& id) const noexcept
    {
        return std::hash<std::string>{}(id.str());
    }
};
