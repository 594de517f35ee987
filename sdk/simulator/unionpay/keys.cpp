#include "unionpay/keys.hpp"

#include "core/pki.hpp"
#include "unionpay/certificates.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

namespace hub::simulator::unionpay {

namespace {

namespace fs = std::filesystem;

constexpr const char* kStranger = "stranger";

fs::path file(const fs::path& folder, const std::string& stem, const char* kind)
{
    return folder / (stem + "_" + kind + ".pem");
}

std::string stemOf(std::size_t number)
{
    return fmt::format("{:03}", number);
}

SigningKey load(const fs::path& folder, const std::string& stem)
{
    const Identity identity = readIdentity(file(folder, stem, "certificate"));
    return {.number = identity.number,
            .pem = identity.pem,
            .private_key = readPrivateKey(file(folder, stem, "key"))};
}

void make(const fs::path& folder,
          const fs::path& authority_folder,
          const std::string& common_name,
          std::size_t number)
{
    const std::string stem = stemOf(number);
    ensureIssued(authority_folder,
                 file(folder, stem, "key"),
                 file(folder, stem, "certificate"),
                 common_name);
}

} // namespace

SigningKeys::SigningKeys(fs::path folder, fs::path authority_folder, std::string common_name)
    : folder_(std::move(folder))
    , authority_folder_(std::move(authority_folder))
    , common_name_(std::move(common_name))
{
    while (fs::exists(file(folder_, stemOf(keys_.size() + 1), "certificate"))) {
        keys_.push_back(load(folder_, stemOf(keys_.size() + 1)));
    }
    if (keys_.empty()) {
        throw std::runtime_error(folder_.string() + ": holds no signing certificate; run "
                                                    "\"expohub-simulator prepare\" on its folder");
    }
    stranger_ = load(folder_, kStranger);
}

void SigningKeys::ensure(const fs::path& folder,
                         const fs::path& authority_folder,
                         const std::string& common_name)
{
    fs::create_directories(folder);
    make(folder, authority_folder, common_name, 1);
    ensureSelfSigned(
        file(folder, kStranger, "key"), file(folder, kStranger, "certificate"), common_name);
}

SigningKey SigningKeys::current() const
{
    const std::lock_guard lock(guard_);
    return keys_.back();
}

SigningKey SigningKeys::rotate()
{
    const std::lock_guard lock(guard_);
    const std::size_t number = keys_.size() + 1;
    make(folder_, authority_folder_, common_name_, number);
    keys_.push_back(load(folder_, stemOf(number)));
    return keys_.back();
}

} // namespace hub::simulator::unionpay
