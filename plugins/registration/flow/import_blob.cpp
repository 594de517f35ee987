#include "flow/import_blob.hpp"

#include "flow/sealed_file.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

namespace registration {

using requests::Json;

namespace {

/// A step takes one piece. Bytes: one read of a unit. Rows: a person is some fifteen statements,
/// and other units of the lane wait for the step.
constexpr std::size_t kRowsMax = 50;
constexpr std::size_t kBytesMax = std::size_t{40} * 1024;

std::string keyOfPiece(const std::string& key, std::int64_t first)
{
    return keyOfPart(key, "rows from " + std::to_string(first));
}

} // namespace

std::string keyOfPart(const std::string& key, const std::string& part)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    HMAC(EVP_sha256(),
         key.data(),
         static_cast<int>(key.size()),
         reinterpret_cast<const unsigned char*>(part.data()),
         part.size(),
         digest.data(),
         &size);
    return {digest.begin(), digest.begin() + size};
}

Json toJson(const std::vector<ImportPiece>& pieces)
{
    Json list = Json::array();
    for (const ImportPiece& piece : pieces) {
        list.push_back({piece.first, piece.offset, piece.bytes});
    }
    return list;
}

std::vector<ImportPiece> readPieces(const Json& json)
{
    std::vector<ImportPiece> pieces;
    for (const Json& one : json) {
        pieces.push_back({one.at(0).get<std::int64_t>(),
                          one.at(1).get<std::uint64_t>(),
                          one.at(2).get<std::uint64_t>()});
    }
    return pieces;
}

hub::Result<ImportBlobWriter>
ImportBlobWriter::begin(const hub::Host& host, hub_call_id task, std::string key)
{
    auto writer = hub::blob::Writer::begin(host, task);
    if (!writer.ok()) {
        return writer.error();
    }
    return ImportBlobWriter(std::move(writer.value()), std::move(key));
}

hub::Result<void> ImportBlobWriter::add(const Json& row)
{
    rows_.push_back(row.dump());
    bytes_ += rows_.back().size() + 1;
    ++total_;
    return rows_.size() == kRowsMax || bytes_ >= kBytesMax ? flush() : hub::Result<void>{};
}

hub::Result<void> ImportBlobWriter::flush()
{
    if (rows_.empty()) {
        return {};
    }
    std::string plain = "[";
    for (const std::string& row : rows_) {
        plain += (plain.size() == 1 ? "" : ",") + row;
    }
    plain += ']';
    const std::int64_t first = total_ - static_cast<std::int64_t>(rows_.size());
    const std::string sealed = sealFile(keyOfPiece(key_, first), plain);
    const std::uint64_t offset = pieces_.empty() ? 0 : pieces_.back().offset + pieces_.back().bytes;
    pieces_.push_back({first, offset, sealed.size()});
    rows_.clear();
    bytes_ = 0;
    return writer_.append(sealed);
}

hub::Result<std::string> ImportBlobWriter::finish()
{
    if (auto flushed = flush(); !flushed.ok()) {
        return flushed.error();
    }
    return writer_.finish();
}

hub::Result<Json> readPiece(const hub::Unit& unit,
                            const std::string& digest,
                            const std::string& key,
                            const ImportPiece& piece)
{
    const auto sealed =
        hub::blob::read(unit.host(), unit.handle(), digest, piece.offset, piece.bytes);
    if (!sealed.ok()) {
        return sealed.error();
    }
    const auto plain = openFile(keyOfPiece(key, piece.first), sealed.value());
    if (!plain) {
        return hub::Error{HUB_REJECTED,
                          "the rows of this import are damaged, or its key is another one"};
    }
    return Json::parse(*plain);
}

} // namespace registration
