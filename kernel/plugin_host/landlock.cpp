#include "plugin_host/landlock.hpp"

#include "plugin_host/sanitizers.hpp"
#include "plugin_host/step.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include <fcntl.h>
#include <link.h>
#include <linux/landlock.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace hub::plugin_host {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kRemedy =
    "check that the hub's service lets it make the calls landlock_create_ruleset, "
    "landlock_add_rule and landlock_restrict_self";

/// The kernel's struct as of version 6: the headers of an older one are shorter.
struct RulesetAttribute {
    std::uint64_t files = 0;
    std::uint64_t network = 0;
    std::uint64_t scopes = 0;
};

constexpr std::uint64_t kReadFile = LANDLOCK_ACCESS_FS_READ_FILE;
constexpr std::uint64_t kReadFolder = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;

/// How many kinds of access to files each version knows, from the first bit on.
constexpr std::array<unsigned, 6> kFileBits = {0, 13, 14, 15, 15, 16};
constexpr std::uint64_t kBindAndConnectTcp = 3;  // since version 4
constexpr std::uint64_t kAbstractAndSignals = 3; // since version 6

class Descriptor {
public:
    explicit Descriptor(int number) noexcept
        : number_(number)
    {}
    ~Descriptor()
    {
        if (number_ >= 0) {
            ::close(number_);
        }
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int number() const noexcept { return number_; }

private:
    int number_;
};

Descriptor createRuleset(int version)
{
    RulesetAttribute attribute;
    const auto row = std::min<std::size_t>(static_cast<std::size_t>(version), kFileBits.size() - 1);
    attribute.files = (std::uint64_t{1} << kFileBits[row]) - 1;
    attribute.network = version >= 4 ? kBindAndConnectTcp : 0;
    attribute.scopes = version >= 6 ? kAbstractAndSignals : 0;
    const std::size_t size = version >= 6   ? sizeof attribute
                             : version >= 4 ? offsetof(RulesetAttribute, scopes)
                                            : offsetof(RulesetAttribute, network);
    return Descriptor(
        static_cast<int>(::syscall(SYS_landlock_create_ruleset, &attribute, size, 0)));
}

Result<void> allow(int ruleset, const fs::path& path)
{
    const Descriptor place(::open(path.c_str(), O_PATH | O_CLOEXEC));
    struct stat status = {};
    if (place.number() < 0 || ::fstat(place.number(), &status) != 0) {
        if (errno == ENOENT || errno == EACCES) {
            return {};
        }
        return stepError("look at " + path.string(), "check that folder");
    }
    landlock_path_beneath_attr beneath = {};
    beneath.allowed_access = S_ISDIR(status.st_mode) ? kReadFolder : kReadFile;
    beneath.parent_fd = place.number();
    return checkedStep(
        ::syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0) == 0,
        "allow itself to read " + path.string(),
        kRemedy);
}

int addFolderOf(dl_phdr_info* object, std::size_t, void* folders)
{
    const fs::path path(object->dlpi_name);
    std::error_code ignored;
    if (path.is_absolute()) {
        static_cast<std::vector<fs::path>*>(folders)->push_back(
            fs::canonical(path, ignored).parent_path());
    }
    return 0;
}

} // namespace

int landlockVersion() noexcept
{
    const long version =
        ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
    return version > 0 ? static_cast<int>(version) : 0;
}

Result<void> restrictFiles(const std::vector<fs::path>& readable)
{
    const Descriptor ruleset = createRuleset(landlockVersion());
    if (ruleset.number() < 0) {
        return stepError("make file rules", kRemedy);
    }
    for (const fs::path& path : readable) {
        if (Result<void> allowed = allow(ruleset.number(), path); !allowed.ok()) {
            return allowed;
        }
    }
    return checkedStep(::syscall(SYS_landlock_restrict_self, ruleset.number(), 0) == 0,
                       "put itself under file rules",
                       kRemedy);
}

std::vector<fs::path> systemFiles()
{
    std::vector<fs::path> places = {"/etc/ld.so.cache",
                                    "/etc/localtime",
                                    "/etc/ssl/openssl.cnf",
                                    "/usr/share/zoneinfo",
                                    "/usr/lib/locale",
                                    "/dev/null",
                                    "/dev/urandom"};
    ::dl_iterate_phdr(&addFolderOf, &places);
    if constexpr (kSanitized) {
        places.emplace_back("/proc"); // the sanitizers look at their own maps and threads
    }
    std::sort(places.begin(), places.end());
    places.erase(std::unique(places.begin(), places.end()), places.end());
    return places;
}

} // namespace hub::plugin_host
