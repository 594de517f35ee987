#include "rsa.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>

#include <cstdio>
#include <ctime>
#include <memory>
#include <stdexcept>

namespace bench {

namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

constexpr std::size_t kTextBytes = 1000; // about the length of a request to the provider
constexpr int kCallsBetweenLooks = 16;

Key readKey(const std::filesystem::path& file, decltype(&PEM_read_PrivateKey) reader)
{
    std::FILE* stream = std::fopen(file.c_str(), "rb");
    Key key(stream == nullptr ? nullptr : reader(stream, nullptr, nullptr, nullptr), EVP_PKEY_free);
    if (stream != nullptr) {
        std::fclose(stream);
    }
    if (!key) {
        throw std::runtime_error(file.string() + " holds no key");
    }
    return key;
}

double processorSeconds()
{
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

const unsigned char* bytesOf(const std::string& text)
{
    return reinterpret_cast<const unsigned char*>(text.data());
}

/// Calls of `once` a second.
template <typename Once>
double rateOf(double seconds, Once&& once)
{
    const double begin = processorSeconds();
    double spent = 0;
    int count = 0;
    while (spent < seconds) {
        for (int i = 0; i < kCallsBetweenLooks; ++i) {
            once();
        }
        count += kCallsBetweenLooks;
        spent = processorSeconds() - begin;
    }
    return count / spent;
}

} // namespace

double signRate(const std::filesystem::path& private_key, double seconds)
{
    const Key key = readKey(private_key, PEM_read_PrivateKey);
    const Context context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    const std::string text(kTextBytes, 'a');
    std::string signature(static_cast<std::size_t>(EVP_PKEY_get_size(key.get())), '\0');
    return rateOf(seconds, [&] {
        std::size_t size = signature.size();
        if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) != 1 ||
            EVP_DigestSign(context.get(),
                           reinterpret_cast<unsigned char*>(signature.data()),
                           &size,
                           bytesOf(text),
                           text.size()) != 1) {
            throw std::runtime_error("nothing can be signed with " + private_key.string());
        }
    });
}

double verifyRate(const std::filesystem::path& public_key,
                  const std::vector<SignedText>& texts,
                  double seconds)
{
    const Key key = readKey(public_key, PEM_read_PUBKEY);
    const Context context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    std::size_t next = 0;
    return rateOf(seconds, [&] {
        const SignedText& one = texts.at(next++ % texts.size());
        if (EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) != 1 ||
            EVP_DigestVerify(context.get(),
                             bytesOf(one.signature),
                             one.signature.size(),
                             bytesOf(one.text),
                             one.text.size()) != 1) {
            throw std::runtime_error("a notice of the benchmark is not genuine");
        }
    });
}

} // namespace bench
