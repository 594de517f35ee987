#include "flow/sealed_file.hpp"

#include <hub/blob.hpp>

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>

namespace registration {

namespace {

constexpr std::size_t kPieceBytes = std::size_t{64} * 1024;
constexpr std::size_t kTagBytes = 16;
constexpr std::size_t kSealedPieceBytes = kPieceBytes + kTagBytes;

using Context = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;
using Nonce = std::array<unsigned char, 12>;

/// The piece's place and whether it ends the file. Unique for a key, since it seals one file.
Nonce nonceOf(std::uint64_t piece, bool is_last)
{
    Nonce nonce{};
    for (std::size_t i = 0; i < sizeof piece; ++i) {
        nonce[10 - i] = static_cast<unsigned char>(piece >> (8 * i) & 0xFFU);
    }
    nonce[11] = is_last ? 1 : 0;
    return nonce;
}

const unsigned char* bytesOf(std::string_view text)
{
    return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* bytesOf(std::string& text)
{
    return reinterpret_cast<unsigned char*>(text.data());
}

void require(bool is_done)
{
    if (!is_done) {
        throw std::runtime_error("a file could not be sealed or opened");
    }
}

Context contextOf(std::string_view key, const Nonce& nonce, bool seals)
{
    if (key.size() != kFileKeyBytes) {
        throw std::invalid_argument("the key of a file has 32 bytes");
    }
    Context context(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
    require(
        context != nullptr &&
        EVP_CipherInit_ex(
            context.get(), EVP_aes_256_gcm(), nullptr, bytesOf(key), nonce.data(), seals ? 1 : 0) ==
            1);
    return context;
}

std::string sealPiece(std::string_view key, const Nonce& nonce, std::string_view plain)
{
    const Context context = contextOf(key, nonce, true);
    std::string sealed(plain.size() + kTagBytes, '\0');
    int size = 0;
    require(EVP_CipherUpdate(context.get(),
                             bytesOf(sealed),
                             &size,
                             bytesOf(plain),
                             static_cast<int>(plain.size())) == 1);
    int rest = 0;
    require(EVP_CipherFinal_ex(context.get(), bytesOf(sealed) + size, &rest) == 1);
    require(EVP_CIPHER_CTX_ctrl(context.get(),
                                EVP_CTRL_GCM_GET_TAG,
                                static_cast<int>(kTagBytes),
                                bytesOf(sealed) + plain.size()) == 1);
    return sealed;
}

std::optional<std::string>
openPiece(std::string_view key, const Nonce& nonce, std::string_view sealed)
{
    const Context context = contextOf(key, nonce, false);
    std::string tag(sealed.substr(sealed.size() - kTagBytes));
    std::string plain(sealed.size() - kTagBytes, '\0');
    int size = 0;
    require(EVP_CipherUpdate(context.get(),
                             bytesOf(plain),
                             &size,
                             bytesOf(sealed),
                             static_cast<int>(plain.size())) == 1);
    require(EVP_CIPHER_CTX_ctrl(
                context.get(), EVP_CTRL_GCM_SET_TAG, static_cast<int>(kTagBytes), bytesOf(tag)) ==
            1);
    int rest = 0;
    if (EVP_CipherFinal_ex(context.get(), bytesOf(plain) + size, &rest) != 1) {
        return std::nullopt;
    }
    return plain;
}

} // namespace

std::string sealFile(std::string_view key, std::string_view plain)
{
    std::string sealed;
    std::uint64_t piece = 0;
    bool is_last = false;
    // An empty file has one empty piece: its tag says that nothing was cut off.
    while (!is_last) {
        is_last = plain.size() <= kPieceBytes;
        sealed += sealPiece(key, nonceOf(piece, is_last), plain.substr(0, kPieceBytes));
        plain.remove_prefix(std::min(plain.size(), kPieceBytes));
        ++piece;
    }
    return sealed;
}

std::optional<std::string> openFile(std::string_view key, std::string_view sealed)
{
    std::string plain;
    std::uint64_t piece = 0;
    bool is_last = false;
    while (!is_last) {
        is_last = sealed.size() <= kSealedPieceBytes;
        if (sealed.size() < kTagBytes) {
            return std::nullopt;
        }
        const auto opened =
            openPiece(key, nonceOf(piece, is_last), sealed.substr(0, kSealedPieceBytes));
        if (!opened) {
            return std::nullopt;
        }
        plain += *opened;
        sealed.remove_prefix(std::min(sealed.size(), kSealedPieceBytes));
        ++piece;
    }
    return plain;
}

hub::Result<std::string>
keepFile(const hub::Host& host, hub_call_id task, std::string_view key, std::string_view plain)
{
    const auto writer = hub::blob::Writer::begin(host, task);
    if (!writer.ok()) {
        return writer.error();
    }
    const std::string sealed = sealFile(key, plain);
    for (std::size_t at = 0; at < sealed.size(); at += kSealedPieceBytes) {
        const auto written =
            writer.value().append(std::string_view(sealed).substr(at, kSealedPieceBytes));
        if (!written.ok()) {
            return written.error();
        }
    }
    return writer.value().finish();
}

hub::Result<std::string> readFile(const hub::Host& host,
                                  std::string_view digest,
                                  std::string_view key,
                                  std::uint64_t bytes_max)
{
    const std::uint64_t sealed_max = bytes_max + (bytes_max / kPieceBytes + 1) * kTagBytes;
    std::string sealed;
    while (sealed.size() <= sealed_max) {
        const auto range = hub::blob::read(host, nullptr, digest, sealed.size(), kPieceBytes);
        if (!range.ok()) {
            return range.error();
        }
        if (range.value().empty()) {
            break;
        }
        sealed += range.value();
    }
    auto plain = sealed.size() > sealed_max ? std::nullopt : openFile(key, sealed);
    if (!plain) {
        return hub::Error{HUB_REJECTED, "a kept file is damaged, or its key is another one"};
    }
    return std::move(*plain);
}

std::string toBase64(std::string_view bytes)
{
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
    const int size = EVP_EncodeBlock(bytesOf(text), bytesOf(bytes), static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(size));
    return text;
}

std::optional<std::string> fromBase64(std::string_view text)
{
    std::string bytes(text.size() / 4 * 3, '\0');
    const std::size_t padding =
        text.ends_with("==") ? 2 : static_cast<std::size_t>(text.ends_with("="));
    if (text.size() % 4 != 0 ||
        EVP_DecodeBlock(bytesOf(bytes), bytesOf(text), static_cast<int>(text.size())) !=
            static_cast<int>(bytes.size())) {
        return std::nullopt;
    }
    bytes.resize(bytes.size() - padding);
    return bytes;
}

} // namespace registration
