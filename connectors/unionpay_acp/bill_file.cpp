#include "bill_file.hpp"

#include "text.hpp"

#include <algorithm>
#include <array>
#include <memory>

#include <zip.h>
#include <zlib.h>

namespace unionpay {

namespace {

using hub::Error;
using hub::Result;

constexpr std::size_t kKindOffset = 11;

struct ZipFree {
    void operator()(zip_t* archive) const noexcept { zip_discard(archive); }
    void operator()(zip_file_t* file) const noexcept { zip_fclose(file); }
};

Error broken(const char* what)
{
    return Error{HUB_BAD_REQUEST, std::string{"the bill file "} + what};
}

std::unique_ptr<zip_t, ZipFree> openArchive(std::string_view archive)
{
    zip_error_t error{};
    zip_error_init(&error);
    zip_source_t* source = zip_source_buffer_create(archive.data(), archive.size(), 0, &error);
    zip_t* opened = source == nullptr ? nullptr : zip_open_from_source(source, ZIP_RDONLY, &error);
    if (opened == nullptr && source != nullptr) {
        zip_source_free(source);
    }
    zip_error_fini(&error);
    return std::unique_ptr<zip_t, ZipFree>{opened};
}

Result<std::string> readMember(zip_t* archive, const zip_stat_t& stat)
{
    const std::unique_ptr<zip_file_t, ZipFree> file{zip_fopen_index(archive, stat.index, 0)};
    std::string text(stat.size, '\0');
    std::size_t read = 0;
    while (file != nullptr && read < text.size()) {
        const auto size = zip_fread(file.get(), text.data() + read, text.size() - read);
        if (size <= 0) {
            break;
        }
        read += static_cast<std::size_t>(size);
    }
    // The checksum is looked at when the end is read.
    char behind = 0;
    if (file == nullptr || read != text.size() || zip_fread(file.get(), &behind, 1) != 0) {
        return broken("has a member that can't be unpacked");
    }
    return text;
}

} // namespace

Result<std::string> decodeFileContent(std::string_view file_content, std::size_t bytes_max)
{
    auto packed = fromBase64(file_content);
    if (!packed.ok()) {
        return broken("is no base64");
    }
    z_stream stream{};
    if (inflateInit(&stream) != Z_OK) {
        return Error{HUB_UNAVAILABLE, "zlib could not be started"};
    }
    const std::unique_ptr<z_stream, int (*)(z_stream*)> owner{&stream, inflateEnd};
    stream.next_in = reinterpret_cast<Bytef*>(packed.value().data());
    stream.avail_in = static_cast<uInt>(packed.value().size());
    std::array<char, 64UL * 1024> piece{};
    std::string out;
    int state = Z_OK;
    while (state == Z_OK) {
        stream.next_out = reinterpret_cast<Bytef*>(piece.data());
        stream.avail_out = static_cast<uInt>(piece.size());
        state = inflate(&stream, Z_NO_FLUSH);
        out.append(piece.data(), piece.size() - stream.avail_out);
        if (out.size() > bytes_max) {
            return broken("is longer than a bill may be");
        }
    }
    return state == Z_STREAM_END && stream.avail_in == 0
               ? Result<std::string>{std::move(out)}
               : Result<std::string>{broken("can't be inflated")};
}

Result<std::vector<BillMember>> readBillArchive(std::string_view archive, std::size_t bytes_max)
{
    const auto opened = openArchive(archive);
    if (opened == nullptr) {
        return broken("is no ZIP archive");
    }
    std::vector<BillMember> members;
    std::size_t bytes = 0;
    const zip_int64_t count = zip_get_num_entries(opened.get(), 0);
    for (zip_int64_t i = 0; i < count; ++i) {
        const auto index = static_cast<zip_uint64_t>(i);
        zip_stat_t stat{};
        const char* raw_name = zip_get_name(opened.get(), index, ZIP_FL_ENC_RAW);
        if (raw_name == nullptr || zip_stat_index(opened.get(), index, 0, &stat) != 0 ||
            (stat.valid & ZIP_STAT_SIZE) == 0) {
            return broken("has a member without a name or a size");
        }
        const std::string_view bytes_of_name{raw_name};
        if (bytes_of_name.ends_with('/')) {
            continue;
        }
        if (stat.size > bytes_max - bytes) {
            return broken("is longer than a bill may be");
        }
        bytes += stat.size;
        auto text = readMember(opened.get(), stat);
        auto name = isUtf8(bytes_of_name) ? Result<std::string>{std::string{bytes_of_name}}
                                          : fromGbk(bytes_of_name);
        if (!text.ok() || !name.ok()) {
            return text.ok() ? name.error() : text.error();
        }
        members.push_back({std::move(name).value(), std::move(text).value()});
    }
    return members;
}

std::string billKindOf(std::string_view member_name)
{
    const auto slash = member_name.rfind('/');
    const std::string_view name =
        slash == std::string_view::npos ? member_name : member_name.substr(slash + 1);
    if (!name.starts_with("INN") || name.size() <= kKindOffset) {
        return {};
    }
    const std::string_view rest = name.substr(kKindOffset);
    return rest.starts_with("ZM_") ? "ZM" : rest.starts_with("ZME_") ? "ZME" : "";
}

} // namespace unionpay
