#include "flow/badge_photo.hpp"

#include "flow/sealed_file.hpp"

#include <array>
#include <optional>
#include <vector>

#include <uploads/blob_source.hpp>
#include <uploads/media.hpp>
#include <uploads/picture.hpp>
#include <uploads/picture_rules.hpp>

namespace registration {

namespace {

using requests::Json;

constexpr std::uint64_t kUploadBytesMax = std::uint64_t{2} * 1024 * 1024;
/// Its base64 fits into one answer of the hub.
constexpr std::uint64_t kPhotoBytesMax = std::uint64_t{512} * 1024;
/// The better ones first: a large photo is kept with less detail rather than refused.
constexpr std::array kQualities = {90, 80, 70, 60};

/// Badges are printed from them: a head in an upright picture, in color. No slide names sizes.
uploads::PictureRules badgeRules()
{
    uploads::PictureRules rules;
    rules.width_min = 240;
    rules.width_max = 1800;
    rules.height_min = 320;
    rules.height_max = 2400;
    rules.ratio_min = {2, 3};
    rules.ratio_max = {4, 5};
    rules.bytes_max = kUploadBytesMax;
    rules.is_color_required = true;
    return rules;
}

hub::Answer worked(const Json& result)
{
    return {HUB_OK, "", result.dump(), 0};
}

hub::Answer failed(const hub::Error& error)
{
    return {error.code, error.message, "", 0};
}

hub::Answer refused(const std::vector<uploads::Finding>& findings)
{
    Json list = Json::array();
    for (const uploads::Finding& finding : findings) {
        list.push_back({{"code", uploads::codeName(finding.code)},
                        {"message",
                         {{"en", sentence(finding, uploads::Language::English)},
                          {"zh", sentence(finding, uploads::Language::Chinese)}}}});
    }
    return worked({{"findings", std::move(list)}});
}

/// The picture when it is one, and nothing else; what is wrong with it otherwise.
uploads::Judged<uploads::Picture> readPicture(const uploads::ByteSource& source)
{
    const auto media = uploads::detectMedia(source, {kUploadBytesMax, kUploadBytesMax});
    if (!media.ok()) {
        return media.finding();
    }
    const auto bytes = uploads::readAll(source, kUploadBytesMax);
    if (!bytes.ok()) {
        return bytes.finding();
    }
    return uploads::decodePicture(bytes.value());
}

std::optional<std::string> cleaned(const uploads::Picture& picture)
{
    for (const int quality : kQualities) {
        std::string photo = uploads::clean(picture, uploads::PictureFormat::Jpeg, quality);
        if (photo.size() <= kPhotoBytesMax) {
            return photo;
        }
    }
    return std::nullopt;
}

} // namespace

std::variant<std::string, std::vector<uploads::Finding>>
badgePhotoOf(const uploads::ByteSource& source)
{
    const auto picture = readPicture(source);
    if (!picture.ok()) {
        return std::vector{picture.finding()};
    }
    if (auto findings = uploads::judge(picture.value(), badgeRules()); !findings.empty()) {
        return findings;
    }
    auto photo = cleaned(picture.value());
    if (!photo) {
        return std::vector<uploads::Finding>{
            {uploads::Code::FileTooLarge, "", {uploads::shownBytes(kPhotoBytesMax)}}};
    }
    return std::move(*photo);
}

hub::Answer workOutPhoto(const hub::Host& host, const hub::Event& event)
{
    const Json work = Json::parse(event.payload());
    const auto source = uploads::BlobSource::open(host, nullptr, work.at("blob"));
    if (!source.ok()) {
        return failed(source.error());
    }
    const auto photo = badgePhotoOf(source.value());
    if (const auto* findings = std::get_if<std::vector<uploads::Finding>>(&photo)) {
        return refused(*findings);
    }
    const std::string key = fromBase64(work.at("key").get<std::string>()).value_or("");
    const auto digest = keepFile(host, event.callId(), key, std::get<std::string>(photo));
    if (!digest.ok()) {
        return failed(digest.error());
    }
    return worked({{"digest", digest.value()}, {"key", work.at("key")}});
}

hub::Answer readPhoto(const hub::Host& host, const hub::Event& event)
{
    const Json work = Json::parse(event.payload());
    const std::string key = fromBase64(work.at("key").get<std::string>()).value_or("");
    const auto photo = readFile(host, work.at("digest").get<std::string>(), key, kPhotoBytesMax);
    if (!photo.ok()) {
        return failed(photo.error());
    }
    return worked({{"content_base64", toBase64(photo.value())}});
}

} // namespace registration
