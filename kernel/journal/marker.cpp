#include "journal/marker.hpp"

#include "base/encoding.hpp"
#include "base/exception.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace hub::journal {

namespace {

constexpr std::uint64_t kMagic = 0x3172656B72616D68; // "hmarker1"

std::array<unsigned char, 32> digestOf(std::string_view item)
{
    const std::string bytes = base::sha256(item);
    std::array<unsigned char, 32> digest{};
    std::memcpy(digest.data(), bytes.data(), digest.size());
    return digest;
}

} // namespace

Marker::Marker(const std::filesystem::path& file)
{
    if (file.empty()) {
        page_ = new Page;
        page_->magic = kMagic;
        return;
    }
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0 || ::ftruncate(descriptor, sizeof(Page)) != 0) {
        const std::string why = std::strerror(errno);
        if (descriptor >= 0) {
            ::close(descriptor);
        }
        throw base::Failure(HUB_UNAVAILABLE, "marker file {}: {}", file.string(), why);
    }
    void* memory = ::mmap(nullptr, sizeof(Page), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    ::close(descriptor);
    if (memory == MAP_FAILED) {
        throw base::Failure(HUB_UNAVAILABLE,
                            "marker file {} can't be mapped: {}",
                            file.string(),
                            std::strerror(errno));
    }
    page_ = static_cast<Page*>(memory);
    mapped_ = true;
    if (page_->magic != kMagic) {
        *page_ = Page{};
        page_->magic = kMagic;
    } else if (page_->running != 0) {
        count();
    }
}

Marker::~Marker()
{
    if (mapped_) {
        ::munmap(page_, sizeof(Page));
    } else {
        delete page_;
    }
}

Marker::Entry* Marker::find(const std::array<unsigned char, 32>& digest) const noexcept
{
    const auto found =
        std::find_if(page_->entries.begin(), page_->entries.end(), [&](const Entry& entry) {
            return entry.crashes != 0 && entry.digest == digest;
        });
    return found == page_->entries.end() ? nullptr : &*found;
}

void Marker::count() noexcept
{
    page_->running = 0;
    Entry* entry = find(page_->current);
    if (entry == nullptr) {
        // The item whose crash lies furthest back makes room.
        entry = &*std::min_element(page_->entries.begin(),
                                   page_->entries.end(),
                                   [](const Entry& a, const Entry& b) { return a.age < b.age; });
        *entry = Entry{page_->current, 0, 0};
    }
    ++entry->crashes;
    entry->age = ++page_->clock;
}

std::uint32_t Marker::crashes(std::string_view item) const noexcept
{
    if (page_->clock == 0) {
        return 0; // nothing ever crashed: no digest is needed
    }
    const Entry* entry = find(digestOf(item));
    return entry == nullptr ? 0 : entry->crashes;
}

void Marker::enter(std::string_view item) noexcept
{
    if (watch_ != nullptr) {
        watch_->entered(item);
    }
    page_->current = digestOf(item);
    page_->running = 1;
}

void Marker::forget(std::string_view item) noexcept
{
    if (Entry* entry = find(digestOf(item))) {
        *entry = Entry{};
    }
}

void Marker::leave() noexcept
{
    if (watch_ != nullptr) {
        watch_->left();
    }
    page_->running = 0;
    if (page_->clock != 0) {
        if (Entry* entry = find(page_->current)) {
            *entry = Entry{};
        }
    }
}

} // namespace hub::journal
