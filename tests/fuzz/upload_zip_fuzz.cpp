// Input: the bytes of an archive. Names that are taken lead nowhere, entries keep their limits, and
// whatever is refused says why in both languages.

#include "expect.hpp"
#include "uploads/media.hpp"
#include "uploads/photo_index.hpp"
#include "uploads/text_coding.hpp"

namespace {

using namespace hub::fuzz;

constexpr uploads::ZipLimits kLimits{.archive_bytes_max = 256UL * 1024,
                                     .entries_max = 100,
                                     .entry_bytes_max = 1024UL * 1024,
                                     .unpacked_bytes_max = 2048UL * 1024,
                                     .ratio_max = 100};

void expectSaid(const uploads::Finding& finding)
{
    expectReadable(uploads::sentence(finding, uploads::Language::Chinese));
    expectReadable(uploads::sentence(finding, uploads::Language::English));
}

void checkEntry(const uploads::ZipArchive& archive, const uploads::ZipEntry& entry)
{
    expect(uploads::isUtf8(entry.name), "a name is UTF-8", entry.name);
    expect(("/" + entry.name + "/").find("/../") == std::string::npos, "no way up", entry.name);
    expect(entry.name.front() != '/' && entry.name.back() != '/', "a file within", entry.name);
    const auto bytes = archive.read(entry);
    if (bytes.ok()) {
        expect(bytes.value().size() == entry.bytes, "an entry is as long as it said", entry.name);
    } else {
        expectSaid(bytes.finding());
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view bytes = textOf(data, size);
    const uploads::MemorySource source(bytes);
    const auto media = uploads::detectMedia(source);
    if (!media.ok()) {
        expectSaid(media.finding());
    }
    const auto archive = uploads::ZipArchive::open(source, kLimits);
    if (!archive.ok()) {
        expectSaid(archive.finding());
        return 0;
    }
    std::uint64_t unpacked = 0;
    for (const auto& entry : archive.value().entries()) {
        checkEntry(archive.value(), entry);
        unpacked += entry.bytes;
    }
    expect(unpacked <= kLimits.unpacked_bytes_max, "all entries have a limit");
    expect(archive.value().entries().size() <= kLimits.entries_max, "entries are counted");
    const auto photo = uploads::PhotoIndex(archive.value().entries()).find("E12345678", 7);
    if (photo.ok()) {
        expect(photo.value() < archive.value().entries().size(), "a photo is an entry");
    } else {
        expectSaid(photo.finding());
    }
    return 0;
}
