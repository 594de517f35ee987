// Goal: an archive gives its plain files and nothing else, or is refused before anything of it is
// unpacked. Method: archives written byte by byte, with one lie each.

#include "uploads/photo_index.hpp"
#include "zip_fixture.hpp"

#include <ostream>

namespace {

using namespace uploads_test;
using uploads::Code;

struct Defect {
    std::string name;
    std::string bytes;
    Code code;
};

std::ostream& operator<<(std::ostream& out, const Defect& defect)
{
    return out << defect.name;
}

const uploads::ZipLimits kLimits{.archive_bytes_max = 4UL * 1024 * 1024,
                                 .entries_max = 10,
                                 .entry_bytes_max = 4UL * 1024 * 1024,
                                 .unpacked_bytes_max = 6UL * 1024 * 1024,
                                 .ratio_max = 100};

std::vector<Defect> defectsOfDirectory()
{
    const std::string good = zipOf({{"a.jpg", "one"}, {"b.jpg", "two"}});
    const std::string bomb(3UL * 1024 * 1024, '\0');
    std::vector<Member> many;
    for (int i = 0; i < 11; ++i) {
        many.push_back({std::to_string(i), ""});
    }
    std::string volumes = good;
    volumes[volumes.size() - 18] = 1;
    std::string shifted = good;
    shifted[shifted.size() - 6] ^= 1; // where the directory begins
    std::string noise(1500UL * 1024, '\0');
    std::uint32_t state = 1;
    for (char& c : noise) {
        state = state * 1664525 + 1013904223;
        c = static_cast<char>(state >> 24U & 0x0FU);
    }
    return {
        {"nothing", "", Code::ZipBroken},
        {"a text", std::string(100, 'x'), Code::ZipBroken},
        {"the first half", good.substr(0, good.size() / 2), Code::ZipBroken},
        {"without its last byte", good.substr(0, good.size() - 1), Code::ZipBroken},
        {"a picture in front", jpegOf(flag(16, 16)) + good, Code::ZipBroken},
        {"an archive in front", good + good, Code::TrailingData},
        {"bytes behind", good + "more", Code::TrailingData},
        {"a comment", zipOf({{"a.jpg", "one"}}, "comment"), Code::TrailingData},
        {"one of several volumes", volumes, Code::ZipBroken},
        {"a directory elsewhere", shifted, Code::TrailingData},
        {"many entries", zipOf(many), Code::ZipEntries},
        {"a bomb", zipOf({{"a.jpg", bomb}}), Code::ZipRatio},
        {"a large entry", zipOf({{"a", "x", 0100644, 8, 0, 5U << 20U}}), Code::ZipTooLarge},
        {"large together",
         zipOf({{"a", noise, 0100644, 8, 0, 4U << 20U}, {"b", noise, 0100644, 8, 0, 4U << 20U}}),
         Code::ZipTooLarge},
        {"up", zipOf({{"../a.jpg", "x"}}), Code::ZipPath},
        {"up from within", zipOf({{"photos/../../a.jpg", "x"}}), Code::ZipPath},
        {"up by backslashes", zipOf({{"photos\\..\\a.jpg", "x"}}), Code::ZipPath},
        {"up by a folder", zipOf({{"../", ""}}), Code::ZipPath},
        {"from the root", zipOf({{"/etc/a.jpg", "x"}}), Code::ZipPath},
        {"on a drive", zipOf({{"C:\\a.jpg", "x"}}), Code::ZipPath},
        {"without a name", zipOf({{"", "x"}}), Code::ZipPath},
        {"one name twice", zipOf({{"p/a.jpg", "x"}, {"p\\a.jpg", "y"}}), Code::ZipTwice},
        {"a name of no coding", zipOf({{"\xFF\xFF.jpg", "x"}}), Code::ZipName},
        {"a symbolic link", zipOf({{"a.jpg", "/etc/passwd", 0120777}}), Code::ZipLink},
        {"a pipe", zipOf({{"a.jpg", "", 0010644}}), Code::ZipLink},
        {"a password", zipOf({{"a.jpg", "x", 0100644, 0, 1}}), Code::ZipEncrypted},
        {"an odd method", zipOf({{"a.jpg", "x", 0100644, 14}}), Code::ZipBroken},
    };
}

std::vector<Defect> defectsOfEntries()
{
    const std::string inner = zipOf({{"a.jpg", "x"}});
    return {
        {"a wrong checksum", zipOf({{"a", "content", 0100644, 8, 0, {}, 1}}), Code::ZipBroken},
        {"more than promised", zipOf({{"a", "content", 0100644, 8, 0, 3}}), Code::ZipBroken},
        {"less than promised", zipOf({{"a", "content", 0100644, 8, 0, 9}}), Code::ZipBroken},
        {"an archive within", zipOf({{"a.jpg", inner}}), Code::ZipNested},
        {"a stored archive within", zipOf({{"a.jpg", inner, 0100644, 0}}), Code::ZipNested},
        {"a RAR within", zipOf({{"a.jpg", "Rar!\x1A\x07"}}), Code::ZipNested},
        {"a gzip within", zipOf({{"a.jpg", "\x1F\x8B\x08"}}), Code::ZipNested},
    };
}

std::string codeOf(const uploads::Finding& finding)
{
    return std::string{uploads::codeName(finding.code)};
}

class ZipArchiveTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ZipArchiveTest);
    CPPUNIT_TEST(filesAreReadOneByOne);
    CPPUNIT_TEST_PARAMETERIZED(aDefectOfTheDirectoryIsRefused, defectsOfDirectory());
    CPPUNIT_TEST_PARAMETERIZED(aDefectOfAnEntryIsRefused, defectsOfEntries());
    CPPUNIT_TEST(aStreamGivesPieces);
    CPPUNIT_TEST(aLieIsNoticedAtItsFirstByte);
    CPPUNIT_TEST(theStorageIsNotTheArchive);
    CPPUNIT_TEST(photosAreFoundByNumberOrRow);
    CPPUNIT_TEST_SUITE_END();

public:
    void filesAreReadOneByOne()
    {
        // "照片/张三.jpg" in GBK, then in UTF-8.
        const std::string bytes = zipOf({{"\xd5\xd5\xc6\xac/", "", 0040755},
                                         {"\xd5\xd5\xc6\xac/\xd5\xc5\xc8\xfd.jpg", "first"},
                                         {"照片/李四.jpg", "second", 0100644, 0},
                                         {"empty", ""}});
        const uploads::MemorySource source(bytes);
        const auto archive = uploads::ZipArchive::open(source, kLimits);

        CPPUNIT_ASSERT(archive.ok());
        const auto& entries = archive.value().entries();
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, entries.size());
        CPPUNIT_ASSERT_EQUAL(std::string{"照片/张三.jpg"}, entries[0].name);
        CPPUNIT_ASSERT_EQUAL(std::string{"照片/李四.jpg"}, entries[1].name);
        CPPUNIT_ASSERT_EQUAL(std::string{"second"}, archive.value().read(entries[1]).value());
        CPPUNIT_ASSERT_EQUAL(std::string{"first"}, archive.value().read(entries[0]).value());
        CPPUNIT_ASSERT_EQUAL(std::string{}, archive.value().read(entries[2]).value());
        CPPUNIT_ASSERT(archive.value().find("empty") == &entries[2]);
        CPPUNIT_ASSERT(archive.value().find("none") == nullptr);
        const std::string nothing = zipOf({});
        const uploads::MemorySource empty(nothing);
        CPPUNIT_ASSERT(uploads::ZipArchive::open(empty).value().entries().empty());
    }

    void aDefectOfTheDirectoryIsRefused(const Defect& defect)
    {
        const uploads::MemorySource source(defect.bytes);
        const auto archive = uploads::ZipArchive::open(source, kLimits);
        CPPUNIT_ASSERT(!archive.ok());
        CPPUNIT_ASSERT_EQUAL(std::string{uploads::codeName(defect.code)},
                             codeOf(archive.finding()));
    }

    void aDefectOfAnEntryIsRefused(const Defect& defect)
    {
        const uploads::MemorySource source(defect.bytes);
        const auto archive = uploads::ZipArchive::open(source, kLimits);
        CPPUNIT_ASSERT(archive.ok());
        const auto bytes = archive.value().read(archive.value().entries().front());
        CPPUNIT_ASSERT(!bytes.ok());
        CPPUNIT_ASSERT_EQUAL(std::string{uploads::codeName(defect.code)}, codeOf(bytes.finding()));
    }

    void aStreamGivesPieces()
    {
        std::string content;
        for (int i = 0; content.size() < 300'000; ++i) {
            content += std::to_string(i);
        }
        const std::string bytes = zipOf({{"a", content}});
        const uploads::MemorySource source(bytes);
        const auto archive = uploads::ZipArchive::open(source);
        auto stream = archive.value().stream(archive.value().entries().front());
        std::string read;
        while (true) {
            const auto piece = stream.value().next();
            CPPUNIT_ASSERT(piece.ok() && piece.value().size() <= uploads::kPieceBytes);
            if (piece.value().empty()) {
                break;
            }
            read += piece.value();
        }
        CPPUNIT_ASSERT(read == content);
    }

    void aLieIsNoticedAtItsFirstByte()
    {
        // A thousand bytes are promised, and a mebibyte comes: its end is never waited for.
        const std::string content(1024UL * 1024, 'x');
        const std::string bytes = zipOf({{"a", content, 0100644, 8, 0, 1000}});
        const uploads::MemorySource source(bytes);
        const auto archive = uploads::ZipArchive::open(source);
        CPPUNIT_ASSERT(archive.ok());
        auto stream = archive.value().stream(archive.value().entries().front());
        CPPUNIT_ASSERT_EQUAL(std::string{"zip_broken"}, codeOf(stream.value().next().finding()));
    }

    void theStorageIsNotTheArchive()
    {
        // The first `good` reads succeed.
        class Failing final : public uploads::ByteSource {
        public:
            Failing(std::string_view bytes, int good)
                : bytes_(bytes)
                , good_(good)
            {}
            std::uint64_t size() const override { return bytes_.size(); }
            hub::Result<std::string> read(std::uint64_t offset, std::uint64_t size) const override
            {
                if (good_-- > 0) {
                    return bytes_.read(offset, size);
                }
                return hub::Error{HUB_UNAVAILABLE, "the disk is gone"};
            }

        private:
            uploads::MemorySource bytes_;
            mutable int good_;
        };
        const std::string bytes = zipOf({{"a", "content"}});
        int unreadable = 0;
        for (int good = 0;; ++good) {
            const Failing source(bytes, good);
            const auto archive = uploads::ZipArchive::open(source);
            if (archive.ok()) {
                break;
            }
            CPPUNIT_ASSERT_EQUAL(std::string{"unreadable"}, codeOf(archive.finding()));
            ++unreadable;
        }
        CPPUNIT_ASSERT(unreadable >= 3); // head, tail, directory
    }

    void photosAreFoundByNumberOrRow()
    {
        const std::vector<uploads::ZipEntry> entries{
            {"photos/11010119900307123X.jpg", 0, 1},
            {"photos/张三 e12345678.PNG", 1, 1},
            {"0007_李四.jpg", 2, 1},
            {"H123456(7).jpeg", 3, 1},
            {"__MACOSX/photos/._11010119900307123X.jpg", 4, 1},
            {"G7654321.jpg", 5, 1},
            {"again/G7654321 (1).jpg", 6, 1},
            {"Thumbs.db", 7, 1},
            {"8.jpg", 8, 1},
            {"9/.DS_Store", 9, 1},
        };
        const uploads::PhotoIndex index(entries);
        const auto find = [&index](std::string_view number, std::uint32_t row) {
            const auto photo = index.find(number, row);
            return photo.ok() ? std::to_string(photo.value()) : codeOf(photo.finding());
        };
        CPPUNIT_ASSERT_EQUAL(std::string{"0"}, find("11010119900307123x", 99));
        CPPUNIT_ASSERT_EQUAL(std::string{"1"}, find("E12345678", 99));
        CPPUNIT_ASSERT_EQUAL(std::string{"3"}, find("H1234567", 99));
        CPPUNIT_ASSERT_EQUAL(std::string{"3"}, find("H123456(7)", 99));
        CPPUNIT_ASSERT_EQUAL(std::string{"2"}, find("NOT-THERE", 7));
        CPPUNIT_ASSERT_EQUAL(std::string{"8"}, find("", 8));
        CPPUNIT_ASSERT_EQUAL(std::string{"photo_missing"}, find("", 9));
        CPPUNIT_ASSERT_EQUAL(std::string{"photo_missing"}, find("12345678", 99)); // part of a word
        CPPUNIT_ASSERT_EQUAL(std::string{"photo_ambiguous"}, find("G7654321", 7));
        // The number counts before the row.
        CPPUNIT_ASSERT_EQUAL(std::string{"0"}, find("11010119900307123X", 7));
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(ZipArchiveTest, "zip_archive");
