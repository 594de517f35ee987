#include "plugin/loader.hpp"

#include "base/encoding.hpp"
#include "plugin/elf_exports.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hub::plugin {

namespace {

constexpr std::size_t kFileBytesMax = std::size_t{256} << 20U;
/// struct_size, versions, id and version: below that nothing else may be read.
constexpr std::uint32_t kStructBytesMin = 24;

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
    /// The dynamic linker knows a library by its path, here /proc/self/fd/N. N must never name
    /// another file, or the next library would be taken for this one: so it stays open.
    int keepForEver() noexcept { return std::exchange(number_, -1); }

private:
    int number_;
};

/// All refusals of one file.
class Refusal {
public:
    explicit Refusal(const std::filesystem::path& path)
        : path_(path.string())
    {}

    template <typename... Arguments>
    Error operator()(fmt::format_string<Arguments...> text, Arguments&&... values) const
    {
        return Error{HUB_BAD_REQUEST,
                     path_ + ": " + fmt::format(text, std::forward<Arguments>(values)...)};
    }

private:
    std::string path_;
};

Result<std::string> readWhole(int descriptor, std::size_t size, const Refusal& refuse)
{
    std::string bytes(size, '\0');
    std::size_t done = 0;
    while (done < size) {
        const ssize_t got =
            ::pread(descriptor, bytes.data() + done, size - done, static_cast<off_t>(done));
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return refuse("can't be read: {}; check the disk and the file",
                          got == 0 ? "it became shorter" : std::strerror(errno));
        }
        done += static_cast<std::size_t>(got);
    }
    return bytes;
}

Result<std::string> readChecked(int descriptor, const Refusal& refuse)
{
    struct stat status = {};
    if (::fstat(descriptor, &status) != 0) {
        return refuse("can't be read: {}; check the path", std::strerror(errno));
    }
    if (!S_ISREG(status.st_mode)) {
        return refuse("is no regular file; name the shared object itself");
    }
    if ((status.st_mode & S_IWOTH) != 0) {
        return refuse("may be written by everybody; run chmod o-w on it and check what it is");
    }
    if (static_cast<std::size_t>(status.st_size) > kFileBytesMax) {
        return refuse(
            "has {} bytes, at most {} are allowed; strip it", status.st_size, kFileBytesMax);
    }
    return readWhole(descriptor, static_cast<std::size_t>(status.st_size), refuse);
}

Result<std::string> checkDigest(std::string_view bytes,
                                const std::string& expected,
                                DigestRule rule,
                                const Refusal& refuse)
{
    std::string digest = base::sha256Hex(bytes);
    if (expected.empty() && rule == DigestRule::Required) {
        return refuse(
            "its manifest names no sha256; install the library with its packaged manifest");
    }
    if (!expected.empty() && digest != expected) {
        return refuse("has the SHA-256 {}, its manifest says {}; install the library and the "
                      "manifest of one build",
                      digest,
                      expected);
    }
    return digest;
}

/// What sanitizers add to every object, only in a build with sanitizers.
bool isInstrumentation([[maybe_unused]] std::string_view symbol)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    constexpr std::array<std::string_view, 5> kPrefixes = {
        "__asan", "__odr_asan", "__tsan", "__ubsan", "__sanitizer"};
    return std::any_of(kPrefixes.begin(), kPrefixes.end(), [&](std::string_view prefix) {
        return symbol.starts_with(prefix);
    });
#else
    return false;
#endif
}

Result<void> checkExports(std::string_view bytes, const Refusal& refuse)
{
    const Result<std::vector<std::string>> exports = readElfExports(bytes);
    if (!exports.ok()) {
        return refuse("{}; install the shared object that the partner built for this machine",
                      exports.error().message);
    }
    bool entry = false;
    for (const std::string& symbol : exports.value()) {
        if (symbol == HUB_PLUGIN_ENTRY_SYMBOL) {
            entry = true;
        } else if (!isInstrumentation(symbol)) {
            return refuse("exports \"{}\" beside hub_plugin_entry; link it with the SDK's version "
                          "script hub_plugin.map",
                          symbol);
        }
    }
    if (!entry) {
        return refuse("exports no hub_plugin_entry; end its main source with HUB_CONNECTOR, "
                      "HUB_SUBSCRIBER or HUB_PLUGIN");
    }
    return {};
}

Result<const hub_plugin_api*> enter(Descriptor& descriptor, const Refusal& refuse)
{
    const std::string name = fmt::format("/proc/self/fd/{}", descriptor.number());
    void* library = ::dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (library == nullptr) {
        return refuse("can't be loaded: {}; build it against what this machine has", ::dlerror());
    }
    descriptor.keepForEver();
    void* symbol = ::dlsym(library, HUB_PLUGIN_ENTRY_SYMBOL);
    if (symbol == nullptr) {
        return refuse("can't be entered: {}; build it again", ::dlerror());
    }
    const auto entry = reinterpret_cast<hub_plugin_entry_fn>(symbol);
    const hub_plugin_api* api = entry(HUB_ABI_MAJOR, HUB_ABI_MINOR);
    if (api == nullptr) {
        return refuse("refuses this hub's ABI {}.{}; ask its maker for a build for this hub",
                      HUB_ABI_MAJOR,
                      HUB_ABI_MINOR);
    }
    return api;
}

/// The library's own struct may be shorter or longer than ours.
Result<hub_plugin_api> copyApi(const hub_plugin_api& theirs, const Refusal& refuse)
{
    if (theirs.struct_size < kStructBytesMin) {
        return refuse("gives a hub_plugin_api of {} bytes, must have at least {}; set struct_size "
                      "to sizeof(hub_plugin_api)",
                      theirs.struct_size,
                      kStructBytesMin);
    }
    if (theirs.abi_major != HUB_ABI_MAJOR) {
        return refuse("is built for ABI major {}, this hub has {}; build it against this hub's SDK",
                      theirs.abi_major,
                      HUB_ABI_MAJOR);
    }
    if (theirs.abi_minor_required > HUB_ABI_MINOR) {
        return refuse("needs ABI {}.{}, this hub has {}.{}; install a newer hub or an older build",
                      HUB_ABI_MAJOR,
                      theirs.abi_minor_required,
                      HUB_ABI_MAJOR,
                      HUB_ABI_MINOR);
    }
    hub_plugin_api ours = {};
    const std::size_t size = std::min<std::size_t>(sizeof ours, theirs.struct_size);
    std::memcpy(&ours, &theirs, size);
    ours.struct_size = static_cast<std::uint32_t>(size);
    return ours;
}

Result<void> checkSlots(const hub_plugin_api& api, const Refusal& refuse)
{
    const std::array<std::pair<const char*, bool>, 5> required = {
        {{"create", HUB_HAS(&api, hub_plugin_api, create)},
         {"start", HUB_HAS(&api, hub_plugin_api, start)},
         {"handle", HUB_HAS(&api, hub_plugin_api, handle)},
         {"stop", HUB_HAS(&api, hub_plugin_api, stop)},
         {"destroy", HUB_HAS(&api, hub_plugin_api, destroy)}}};
    for (const auto& [name, is_set] : required) {
        if (!is_set) {
            return refuse("leaves the required function \"{}\" empty; implement it", name);
        }
    }
    return {};
}

Result<void>
checkIdentity(const hub_plugin_api& api, const LibraryFile& file, const Refusal& refuse)
{
    const std::string_view id = api.id == nullptr ? "" : api.id;
    const std::string_view version = api.version == nullptr ? "" : api.version;
    if (id != file.id) {
        return refuse(
            "calls itself \"{}\", its manifest says \"{}\"; make them equal", id, file.id);
    }
    if (version != file.version) {
        return refuse(
            "has version \"{}\", its manifest says \"{}\"; make them equal", version, file.version);
    }
    return {};
}

} // namespace

Result<LoadedLibrary> load(const LibraryFile& file, DigestRule rule)
{
    const Refusal refuse(file.path);
    Descriptor descriptor(::open(file.path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (descriptor.number() < 0) {
        return refuse("can't be opened: {}; check the path and the owner", std::strerror(errno));
    }
    const Result<std::string> bytes = readChecked(descriptor.number(), refuse);
    if (!bytes.ok()) {
        return bytes.error();
    }
    Result<std::string> digest = checkDigest(bytes.value(), file.sha256, rule, refuse);
    if (!digest.ok()) {
        return digest.error();
    }
    if (const Result<void> exports = checkExports(bytes.value(), refuse); !exports.ok()) {
        return exports.error();
    }
    const Result<const hub_plugin_api*> theirs = enter(descriptor, refuse);
    if (!theirs.ok()) {
        return theirs.error();
    }
    const Result<hub_plugin_api> api = copyApi(*theirs.value(), refuse);
    if (!api.ok()) {
        return api.error();
    }
    if (const Result<void> slots = checkSlots(api.value(), refuse); !slots.ok()) {
        return slots.error();
    }
    if (const Result<void> identity = checkIdentity(api.value(), file, refuse); !identity.ok()) {
        return identity.error();
    }
    return LoadedLibrary{api.value(), std::move(digest).value()};
}

} // namespace hub::plugin
