#include "flow/licence_files.hpp"

#include "flow/sealed_file.hpp"

#include <hub/blob.hpp>

#include <uploads/blob_source.hpp>
#include <uploads/media.hpp>
#include <uploads/picture.hpp>
#include <uploads/picture_rules.hpp>

namespace registration {

namespace {

using requests::Json;

hub::Answer failed(const hub::Error& error)
{
    return {error.code, error.message, "", 0};
}

hub::Answer worked(const Json& result)
{
    return {HUB_OK, "", result.dump(), 0};
}

Json findingsOf(const std::vector<uploads::Finding>& findings)
{
    Json list = Json::array();
    for (const uploads::Finding& finding : findings) {
        list.push_back({{"code", uploads::codeName(finding.code)},
                        {"en", uploads::sentence(finding, uploads::Language::English)},
                        {"zh", uploads::sentence(finding, uploads::Language::Chinese)}});
    }
    return {{"findings", std::move(list)}};
}

/// A blob in clear; its digest.
hub::Result<std::string> keepClear(const hub::Host& host, hub_call_id task, std::string_view bytes)
{
    const auto writer = hub::blob::Writer::begin(host, task);
    if (!writer.ok()) {
        return writer.error();
    }
    constexpr std::size_t kPieceBytes = std::size_t{64} * 1024;
    for (std::size_t at = 0; at < bytes.size(); at += kPieceBytes) {
        const auto written = writer.value().append(bytes.substr(at, kPieceBytes));
        if (!written.ok()) {
            return written.error();
        }
    }
    return writer.value().finish();
}

hub::Answer keep(const hub::Host& host,
                 hub_call_id task,
                 const Json& work,
                 const std::string& bytes,
                 uploads::PictureFormat format)
{
    const auto key = fromBase64(requests::textOf(work, "key"));
    const auto file = keepFile(host, task, key.value_or(""), bytes);
    if (!file.ok()) {
        return failed(file.error());
    }
    std::string copy;
    if (work.value("copy", false)) {
        const auto clear = keepClear(host, task, bytes);
        if (!clear.ok()) {
            return failed(clear.error());
        }
        copy = clear.value();
    }
    const auto media =
        format == uploads::PictureFormat::Jpeg ? uploads::Media::Jpeg : uploads::Media::Png;
    return worked({{"file", file.value()},
                   {"key", requests::textOf(work, "key")},
                   {"copy", copy},
                   {"media_type", uploads::mediaType(media)},
                   {"bytes", bytes.size()}});
}

} // namespace

hub::Answer keepLicence(const hub::Host& host, hub_call_id task, const Json& work)
{
    const auto source = uploads::BlobSource::open(host, nullptr, requests::textOf(work, "blob"));
    if (!source.ok()) {
        return failed(source.error());
    }
    const auto bytes = uploads::readAll(source.value(), kLicenceBytesMax);
    if (!bytes.ok()) {
        return worked(findingsOf({bytes.finding()}));
    }
    const auto picture = uploads::decodePicture(bytes.value());
    if (!picture.ok()) {
        return worked(findingsOf({picture.finding()}));
    }
    return keep(host, task, work, bytes.value(), picture.value().format);
}

hub::Answer readLicence(const hub::Host& host, const Json& work)
{
    const auto key = fromBase64(requests::textOf(work, "key"));
    const auto bytes =
        readFile(host, requests::textOf(work, "file"), key.value_or(""), kLicenceBytesMax);
    if (!bytes.ok()) {
        return failed(bytes.error());
    }
    const std::string_view all = bytes.value();
    const std::size_t offset = std::min<std::size_t>(work.value("offset", 0U), all.size());
    return worked(
        {{"content", toBase64(all.substr(offset, kLicencePieceBytes))}, {"bytes", all.size()}});
}

} // namespace registration
