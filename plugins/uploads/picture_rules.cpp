#include "uploads/picture_rules.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <string>

#include <nlohmann/json.hpp>

namespace uploads {

namespace {

using Json = nlohmann::json;

bool isLess(const Ratio& left, const Ratio& right) noexcept
{
    return std::uint64_t{left.width} * right.height < std::uint64_t{right.width} * left.height;
}

std::string shownRatio(const Ratio& ratio)
{
    return std::to_string(ratio.width) + ":" + std::to_string(ratio.height);
}

std::string_view nameOf(PictureFormat format) noexcept
{
    return format == PictureFormat::Jpeg ? "JPEG" : "PNG";
}

std::string shownFormats(const std::vector<PictureFormat>& formats)
{
    std::string text;
    for (const PictureFormat format : formats) {
        text += text.empty() ? "" : ", ";
        text += nameOf(format);
    }
    return text;
}

// Each reads one key's value; false when it is of a wrong kind.

template <typename Number>
bool readNumber(const Json& value, Number& number)
{
    if (!value.is_number_unsigned() ||
        value.get<std::uint64_t>() > std::numeric_limits<Number>::max()) {
        return false;
    }
    number = value.get<Number>();
    return true;
}

bool readRatio(const Json& value, Ratio& ratio)
{
    if (!value.is_string()) {
        return false;
    }
    const auto& text = value.get_ref<const std::string&>();
    const char* end = text.data() + text.size();
    const auto width = std::from_chars(text.data(), end, ratio.width);
    if (width.ec != std::errc{} || width.ptr == end || *width.ptr != ':') {
        return false;
    }
    const auto height = std::from_chars(width.ptr + 1, end, ratio.height);
    return height.ec == std::errc{} && height.ptr == end && ratio.width > 0 && ratio.height > 0;
}

bool readFormats(const Json& value, std::vector<PictureFormat>& formats)
{
    formats.clear();
    if (!value.is_array() || value.empty()) {
        return false;
    }
    return std::all_of(value.begin(), value.end(), [&formats](const Json& name) {
        if (name != "jpeg" && name != "png") {
            return false;
        }
        formats.push_back(name == "jpeg" ? PictureFormat::Jpeg : PictureFormat::Png);
        return true;
    });
}

bool readColor(const Json& value, bool& is_required)
{
    is_required = value == "required";
    return is_required || value == "any";
}

bool readKey(const std::string& key, const Json& value, PictureRules& rules)
{
    using Reader = bool (*)(const Json&, PictureRules&);
    static const std::map<std::string, Reader, std::less<>> kReaders{
        {"width_min",
         [](const Json& v, PictureRules& r) {
             return readNumber(v, r.width_min);
         }},
        {"width_max",
         [](const Json& v, PictureRules& r) {
             return readNumber(v, r.width_max);
         }},
        {"height_min",
         [](const Json& v, PictureRules& r) {
             return readNumber(v, r.height_min);
         }},
        {"height_max",
         [](const Json& v, PictureRules& r) {
             return readNumber(v, r.height_max);
         }},
        {"bytes_min",
         [](const Json& v, PictureRules& r) {
             return readNumber(v, r.bytes_min);
         }},
        {"bytes_max",
         [](const Json& v, PictureRules& r) {
             return readNumber(v, r.bytes_max);
         }},
        {"ratio_min",
         [](const Json& v, PictureRules& r) {
             return readRatio(v, r.ratio_min);
         }},
        {"ratio_max",
         [](const Json& v, PictureRules& r) {
             return readRatio(v, r.ratio_max);
         }},
        {"formats",
         [](const Json& v, PictureRules& r) {
             return readFormats(v, r.formats);
         }},
        {"color",
         [](const Json& v, PictureRules& r) {
             return readColor(v, r.is_color_required);
         }},
    };
    const auto reader = kReaders.find(key);
    return reader != kReaders.end() && reader->second(value, rules);
}

/// The pair that is upside down, or nothing.
std::string_view reversedPair(const PictureRules& rules) noexcept
{
    if (rules.width_min > rules.width_max) {
        return "width_min";
    }
    if (rules.height_min > rules.height_max) {
        return "height_min";
    }
    if (rules.bytes_min > rules.bytes_max) {
        return "bytes_min";
    }
    return isLess(rules.ratio_max, rules.ratio_min) ? "ratio_min" : "";
}

} // namespace

hub::Result<PictureRules> parsePictureRules(std::string_view json)
{
    const Json root = Json::parse(json, nullptr, false);
    if (!root.is_object()) {
        return hub::Error{HUB_BAD_REQUEST, "the rules for pictures are no JSON object"};
    }
    PictureRules rules;
    for (const auto& [key, value] : root.items()) {
        if (!readKey(key, value, rules)) {
            return hub::Error{HUB_BAD_REQUEST,
                              "the rules for pictures: \"" + shown(key) +
                                  "\" is unknown, or its value is not what picture_rules.hpp says"};
        }
    }
    const std::string_view reversed = reversedPair(rules);
    if (!reversed.empty()) {
        return hub::Error{HUB_BAD_REQUEST,
                          "the rules for pictures: \"" + std::string{reversed} +
                              "\" is above its maximum"};
    }
    return rules;
}

std::vector<Finding> judge(const Picture& picture, const PictureRules& rules)
{
    std::vector<Finding> findings;
    const auto add = [&findings](bool is_wrong, Code code, std::vector<std::string> values) {
        if (is_wrong) {
            findings.push_back({code, {}, std::move(values)});
        }
    };
    const auto text = [](std::uint32_t number) {
        const bool is_limit = number != std::numeric_limits<std::uint32_t>::max();
        return is_limit ? std::to_string(number) : std::string{"∞"};
    };
    const auto is_outside = [](auto value, auto low, auto high) {
        return value < low || value > high;
    };
    const auto [width, height] = std::pair{picture.pixels.width, picture.pixels.height};
    const Ratio ratio{width, height};
    const auto format = std::find(rules.formats.begin(), rules.formats.end(), picture.format);

    add(format == rules.formats.end(), Code::PictureFormat, {shownFormats(rules.formats)});
    add(picture.bytes < rules.bytes_min, Code::PictureBytesMin, {shownBytes(rules.bytes_min)});
    add(picture.bytes > rules.bytes_max, Code::PictureBytesMax, {shownBytes(rules.bytes_max)});
    add(is_outside(width, rules.width_min, rules.width_max),
        Code::PictureWidth,
        {text(width), text(rules.width_min), text(rules.width_max)});
    add(is_outside(height, rules.height_min, rules.height_max),
        Code::PictureHeight,
        {text(height), text(rules.height_min), text(rules.height_max)});
    add(isLess(ratio, rules.ratio_min) || isLess(rules.ratio_max, ratio),
        Code::PictureRatio,
        {shownSize(width, height), shownRatio(rules.ratio_min), shownRatio(rules.ratio_max)});
    add(rules.is_color_required && picture.is_gray, Code::PictureGray, {});
    return findings;
}

} // namespace uploads
