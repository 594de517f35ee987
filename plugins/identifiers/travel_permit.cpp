#include "travel_permit.hpp"

#include "shape.hpp"
#include "text.hpp"

namespace identifiers {

namespace {

constexpr std::string_view kHongKongMacaoShapes[] = {"hdddddddd", "hdddddddddd", "hAddddddd"};
constexpr std::string_view kTaiwanShapes[] = {"dddddddd", "dddddddddd", "ddddddddddn"};
constexpr std::size_t kHongKongMacaoKeySize = 9;
constexpr std::size_t kTaiwanKeySize = 8;

Checked checkPermit(Checked checked, std::span<const std::string_view> shapes)
{
    if (checked.findings.empty()) {
        checked.findings = checkShapes(checked.value, shapes);
    }
    return checked;
}

std::string keyOf(const Checked& checked, std::size_t size)
{
    return checked.isAcceptable() ? checked.value.substr(0, size) : std::string{};
}

} // namespace

Checked checkHongKongMacaoPermit(std::string_view text)
{
    return checkPermit(normalizeCode(text), kHongKongMacaoShapes);
}

Checked checkTaiwanPermit(std::string_view text)
{
    Checked checked = normalizeCode(text);
    std::erase_if(checked.value, [](char c) { return c == '(' || c == ')'; });
    return checkPermit(std::move(checked), kTaiwanShapes);
}

std::string hongKongMacaoKey(std::string_view text)
{
    return keyOf(checkHongKongMacaoPermit(text), kHongKongMacaoKeySize);
}

std::string taiwanKey(std::string_view text)
{
    return keyOf(checkTaiwanPermit(text), kTaiwanKeySize);
}

} // namespace identifiers
