#include "security/secrets.hpp"

#include "base/exception.hpp"
#include "base/uuid.hpp"
#include "security/durable_file.hpp"
#include "security/symmetric.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include <sys/stat.h>

namespace hub::security {

namespace {

constexpr std::string_view kMagic = "expohub secret 1\n";
constexpr std::string_view kLive = ".secret";
constexpr std::string_view kRetired = ".retired";
constexpr const char* kCheckFile = "master.check";
constexpr std::string_view kCheckText = "this folder's master key";
constexpr std::size_t kNameBytesMax = 200;
/// Longer than a tick of any file system's clock.
constexpr std::chrono::seconds kTick{2};

bool isName(std::string_view name) noexcept
{
    if (name.empty() || name.size() > kNameBytesMax || name.front() == '/' || name.back() == '/' ||
        name.find("//") != std::string_view::npos) {
        return false;
    }
    return std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '/';
    });
}

Error nameError(std::string_view name)
{
    return {
        HUB_BAD_REQUEST,
        fmt::format("\"{}\" is no name of a secret: use a-z, 0-9, '_' and '-', with '/' between "
                    "parts, at most {} characters",
                    name,
                    kNameBytesMax)};
}

std::string fileName(std::string_view name, std::uint32_t version, std::string_view ending)
{
    std::string file(name);
    std::replace(file.begin(), file.end(), '/', '.');
    return fmt::format("{}.{}{}", file, version, ending);
}

struct FileOf {
    std::string name;
    SecretVersion version;
};

std::optional<FileOf> parseFileName(std::string_view file)
{
    FileOf parsed;
    parsed.version.retired = file.ends_with(kRetired);
    if (!parsed.version.retired && !file.ends_with(kLive)) {
        return std::nullopt;
    }
    file.remove_suffix(parsed.version.retired ? kRetired.size() : kLive.size());
    const std::size_t dot = file.rfind('.');
    if (dot == std::string_view::npos) {
        return std::nullopt;
    }
    const std::string_view digits = file.substr(dot + 1);
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), parsed.version.version);
    parsed.name = file.substr(0, dot);
    std::replace(parsed.name.begin(), parsed.name.end(), '.', '/');
    if (error != std::errc{} || end != digits.data() + digits.size() || !isName(parsed.name)) {
        return std::nullopt;
    }
    return parsed;
}

/// What a file is, authenticated with its bytes: a file can't stand in for another.
std::string identity(std::string_view name, std::uint32_t version)
{
    return fmt::format("{}{}:{}:{}", kMagic, name.size(), name, version);
}

std::string seal(const SecretBytes& key, std::string_view identity, std::string_view plain)
{
    const std::string nonce = base::randomBytes(kGcmNonceBytes);
    const auto sealed = encryptSymmetric({"aes_256_gcm", key.view(), nonce, identity}, plain);
    if (!sealed) {
        throw base::Failure(HUB_INTERNAL, "{}", sealed.error().message);
    }
    return std::string(kMagic) + nonce + sealed.value();
}

std::optional<SecretBytes>
unseal(const SecretBytes& key, std::string_view identity, std::string_view file)
{
    if (!file.starts_with(kMagic) || file.size() < kMagic.size() + kGcmNonceBytes) {
        return std::nullopt;
    }
    file.remove_prefix(kMagic.size());
    auto plain =
        decryptSymmetric({"aes_256_gcm", key.view(), file.substr(0, kGcmNonceBytes), identity},
                         file.substr(kGcmNonceBytes));
    if (!plain) {
        return std::nullopt;
    }
    return SecretBytes(std::move(plain).value());
}

} // namespace

class Secrets::Impl {
public:
    Impl(std::filesystem::path where, SecretBytes master_key)
        : folder(std::move(where))
        , key(std::move(master_key))
    {
        if (key.view().size() != 32) {
            throw base::Failure(
                HUB_BAD_REQUEST, "the master key has {} bytes, must have 32", key.view().size());
        }
    }

    using Listing = std::map<std::string, std::vector<SecretVersion>, std::less<>>;

    /// What is there, read anew only when the folder has changed: keys are used several times for
    /// every payment. Commands and backups change it from other processes, so the file system's
    /// word counts and not ours.
    std::shared_ptr<const Listing> list() const
    {
        struct stat now {};
        if (::stat(folder.c_str(), &now) != 0) {
            return std::make_shared<const Listing>();
        }
        const auto looked = std::chrono::system_clock::now().time_since_epoch();
        {
            const std::lock_guard lock(listed_mutex_);
            if (listed_.listing && listed_.isOf(now)) {
                return listed_.listing;
            }
        }
        auto listing = std::make_shared<const Listing>(read());
        const std::lock_guard lock(listed_mutex_);
        // A change within the same tick of the file system's clock would leave the same time.
        listed_ = Listed{now, sinceEpoch(now) + kTick < looked ? listing : nullptr};
        return listing;
    }

    Result<SecretBytes> open(std::string_view name, const SecretVersion& version) const
    {
        const auto file =
            folder / fileName(name, version.version, version.retired ? kRetired : kLive);
        if (auto plain = unseal(key, identity(name, version.version), readFile(file))) {
            return std::move(*plain);
        }
        return wrongKey() ? Error{HUB_INTERNAL, wrongKeyText()}
                          : Error{HUB_INTERNAL,
                                  fmt::format("{}: the secret is damaged or was renamed; bring the "
                                              "file back from a backup or put the secret again",
                                              file.string())};
    }

    /// True when the check file says that the folder was made with another master key.
    bool wrongKey() const
    {
        const auto file = folder / kCheckFile;
        return std::filesystem::exists(file) && !unseal(key, kCheckFile, readFile(file));
    }

    std::string wrongKeyText() const
    {
        return fmt::format(
            "{}: the master key is not the one that this folder was made with; start "
            "the hub with that key",
            folder.string());
    }

    /// Makes the check file before the first secret, or again when it was lost and the master
    /// key opens what is there.
    Result<void> ensureCheckFile(LockedFolder& locked) const
    {
        if (std::filesystem::exists(folder / kCheckFile)) {
            return wrongKey() ? Result<void>(Error{HUB_INTERNAL, wrongKeyText()}) : Result<void>();
        }
        const auto found = list();
        const bool fits = std::any_of(found->begin(), found->end(), [this](const auto& secret) {
            return open(secret.first, secret.second.back()).ok();
        });
        if (!found->empty() && !fits) {
            return Error{HUB_INTERNAL, wrongKeyText()};
        }
        locked.create(kCheckFile, seal(key, kCheckFile, kCheckText));
        return {};
    }

    std::filesystem::path folder;
    SecretBytes key;

private:
    /// The listing of a state of the folder; none when that state can't be told from a later one.
    struct Listed {
        struct stat state {};
        std::shared_ptr<const Listing> listing;

        bool isOf(const struct stat& now) const
        {
            return now.st_dev == state.st_dev && now.st_ino == state.st_ino &&
                   sinceEpoch(now) == sinceEpoch(state);
        }
    };

    static std::chrono::nanoseconds sinceEpoch(const struct stat& state)
    {
        return std::chrono::seconds(state.st_mtim.tv_sec) +
               std::chrono::nanoseconds(state.st_mtim.tv_nsec);
    }

    Listing read() const
    {
        Listing found;
        for (const auto& entry : std::filesystem::directory_iterator(folder)) {
            if (auto parsed = parseFileName(entry.path().filename().string())) {
                found[parsed->name].push_back(parsed->version);
            }
        }
        for (auto& [name, versions] : found) {
            std::sort(versions.begin(), versions.end(), [](const auto& a, const auto& b) {
                return a.version < b.version;
            });
        }
        return found;
    }

    mutable std::mutex listed_mutex_;
    mutable Listed listed_;
};

Secrets::Secrets(std::filesystem::path folder, SecretBytes master_key)
    : impl_(std::make_unique<Impl>(std::move(folder), std::move(master_key)))
{}

Secrets::~Secrets() = default;

Result<std::uint32_t> Secrets::put(std::string_view name, std::string_view bytes)
{
    if (!isName(name)) {
        return nameError(name);
    }
    if (bytes.empty()) {
        return Error{HUB_BAD_REQUEST,
                     fmt::format("secret \"{}\": there are no bytes to keep", name)};
    }
    LockedFolder locked(impl_->folder);
    if (auto checked = impl_->ensureCheckFile(locked); !checked) {
        return checked.error();
    }
    const auto present = versions(name);
    const std::uint32_t version = present.empty() ? 1 : present.back().version + 1;
    if (!locked.create(fileName(name, version, kLive),
                       seal(impl_->key, identity(name, version), bytes))) {
        return Error{HUB_INTERNAL,
                     fmt::format("secret \"{}\": version {} came up meanwhile", name, version)};
    }
    return version;
}

Result<SecretBytes> Secrets::newest(std::string_view name) const
{
    const auto present = versions(name);
    for (auto version = present.rbegin(); version != present.rend(); ++version) {
        if (!version->retired) {
            return impl_->open(name, *version);
        }
    }
    return Error{HUB_NOT_FOUND,
                 fmt::format("secret \"{}\" has no version that is in use; put one", name)};
}

Result<std::vector<SecretBytes>> Secrets::usable(std::string_view name) const
{
    const auto present = versions(name);
    std::vector<SecretBytes> found;
    for (auto version = present.rbegin(); version != present.rend(); ++version) {
        if (version->retired) {
            continue;
        }
        auto bytes = impl_->open(name, *version);
        if (!bytes) {
            return bytes.error();
        }
        found.push_back(std::move(bytes).value());
    }
    if (found.empty()) {
        return Error{HUB_NOT_FOUND,
                     fmt::format("secret \"{}\" has no version that is in use; put one", name)};
    }
    return found;
}

Result<SecretBytes> Secrets::read(std::string_view name, std::uint32_t version) const
{
    for (const SecretVersion& present : versions(name)) {
        if (present.version == version) {
            return impl_->open(name, present);
        }
    }
    return Error{HUB_NOT_FOUND, fmt::format("secret \"{}\" has no version {}", name, version)};
}

Result<void> Secrets::retire(std::string_view name, std::uint32_t version)
{
    LockedFolder locked(impl_->folder);
    for (const SecretVersion& present : versions(name)) {
        if (present.version != version) {
            continue;
        }
        if (!present.retired) {
            locked.rename(fileName(name, version, kLive), fileName(name, version, kRetired));
        }
        return {};
    }
    return Error{HUB_NOT_FOUND, fmt::format("secret \"{}\" has no version {}", name, version)};
}

std::vector<std::string> Secrets::names() const
{
    std::vector<std::string> found;
    const auto listed = impl_->list();
    for (const auto& [name, versions] : *listed) {
        found.push_back(name);
    }
    return found;
}

std::vector<SecretVersion> Secrets::versions(std::string_view name) const
{
    const auto found = impl_->list();
    const auto secret = found->find(name);
    return secret == found->end() ? std::vector<SecretVersion>{} : secret->second;
}

} // namespace hub::security
