#include "wechat/keys.hpp"

#include "core/pki.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

#include <zlib.h>

namespace hub::simulator::wechat {

namespace {

namespace fs = std::filesystem;

constexpr int kTagSize = 16;
constexpr int kGzipWindow = 15 + 16;
constexpr int kMemoryLevel = 8;

struct CipherDeleter {
    void operator()(EVP_CIPHER_CTX* context) const noexcept { EVP_CIPHER_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, CipherDeleter>;

fs::path file(const fs::path& folder, std::size_t number, const char* kind)
{
    return folder / fmt::format("{:03}_{}.pem", number, kind);
}

void make(const fs::path& folder, std::size_t number)
{
    fs::create_directories(folder);
    ensureSelfSigned(
        file(folder, number, "key"), file(folder, number, "certificate"), "Simulated WeChat Pay");
}

PlatformKey load(const fs::path& folder, std::size_t number)
{
    const fs::path path = file(folder, number, "certificate");
    std::ostringstream pem;
    pem << std::ifstream(path).rdbuf();
    const CertificateFacts facts = readCertificate(path);
    return {.serial = facts.serial,
            .certificate_pem = pem.str(),
            .private_key = readPrivateKey(file(folder, number, "key")),
            .from_ms = facts.from_ms,
            .until_ms = facts.until_ms};
}

const unsigned char* bytesOf(std::string_view text)
{
    return reinterpret_cast<const unsigned char*>(text.data());
}

} // namespace

PlatformKeys::PlatformKeys(fs::path folder)
    : folder_(std::move(folder))
{
    while (fs::exists(file(folder_, keys_.size() + 1, "certificate"))) {
        keys_.push_back(load(folder_, keys_.size() + 1));
    }
    if (keys_.empty()) {
        throw std::runtime_error(folder_.string() + ": holds no platform certificate; run "
                                                    "\"expohub-simulator prepare\" on its folder");
    }
}

void PlatformKeys::ensure(const fs::path& folder)
{
    make(folder, 1);
}

PlatformKey PlatformKeys::current() const
{
    const std::lock_guard lock(guard_);
    return keys_.back();
}

PlatformKey PlatformKeys::find(std::string_view serial) const
{
    const std::lock_guard lock(guard_);
    const auto found = std::find_if(
        keys_.begin(), keys_.end(), [&](const PlatformKey& one) { return one.serial == serial; });
    return found == keys_.end() ? keys_.back() : *found;
}

std::vector<PlatformKey> PlatformKeys::all() const
{
    const std::lock_guard lock(guard_);
    return keys_;
}

PlatformKey PlatformKeys::rotate()
{
    const std::lock_guard lock(guard_);
    make(folder_, keys_.size() + 1);
    keys_.push_back(load(folder_, keys_.size() + 1));
    return keys_.back();
}

std::string seal(std::string_view key,
                 std::string_view nonce,
                 std::string_view associated_data,
                 std::string_view text)
{
    const Cipher cipher(EVP_CIPHER_CTX_new());
    std::string sealed(text.size() + kTagSize, '\0');
    auto* out = reinterpret_cast<unsigned char*>(sealed.data());
    int size = 0;
    int rest = 0;
    // GCM's usual nonce has the 12 bytes that the protocol uses.
    const bool done =
        cipher && key.size() == 32 && nonce.size() == 12 &&
        EVP_EncryptInit_ex(
            cipher.get(), EVP_aes_256_gcm(), nullptr, bytesOf(key), bytesOf(nonce)) == 1 &&
        EVP_EncryptUpdate(cipher.get(),
                          nullptr,
                          &size,
                          bytesOf(associated_data),
                          static_cast<int>(associated_data.size())) == 1 &&
        EVP_EncryptUpdate(cipher.get(), out, &size, bytesOf(text), static_cast<int>(text.size())) ==
            1 &&
        EVP_EncryptFinal_ex(cipher.get(), out + size, &rest) == 1 &&
        EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTagSize, out + size + rest) == 1;
    if (!done) {
        throw std::runtime_error(openSslFailure("sealing failed"));
    }
    return toBase64(sealed);
}

std::string sha1Of(std::string_view bytes)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha1(), nullptr) != 1) {
        throw std::runtime_error(openSslFailure("SHA-1 is switched off on this system"));
    }
    std::string hex;
    for (unsigned int i = 0; i < size; ++i) {
        hex += fmt::format("{:02x}", digest[i]);
    }
    return hex;
}

std::string gzip(std::string_view bytes)
{
    z_stream stream{};
    if (deflateInit2(&stream,
                     Z_DEFAULT_COMPRESSION,
                     Z_DEFLATED,
                     kGzipWindow,
                     kMemoryLevel,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
        throw std::runtime_error("no memory for compressing a bill");
    }
    std::string out(deflateBound(&stream, bytes.size()), '\0');
    stream.next_in = const_cast<Bytef*>(bytesOf(bytes));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int ended = deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    if (ended != Z_STREAM_END) {
        throw std::runtime_error("a bill can't be compressed");
    }
    return out;
}

} // namespace hub::simulator::wechat
