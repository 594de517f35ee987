// Goal: a file is one thing by its content, or is refused; its name plays no part. Method: one file
// of each kind, and files that are two kinds at once.

#include "uploads/media.hpp"
#include "xlsx_fixture.hpp"

#include <ostream>

namespace {

using namespace uploads_test;

struct Row {
    std::string name;
    std::string bytes;
    std::string media; // its type, or a finding's code
};

std::ostream& operator<<(std::ostream& out, const Row& row)
{
    return out << row.name;
}

std::string withTypes(const std::string& types)
{
    return zipOf({{"[Content_Types].xml", types}, {"xl/workbook.xml", "x"}});
}

std::vector<Row> rows()
{
    const std::string jpeg = jpegOf(flag(16, 16));
    const std::string png = pngOf(flag(16, 16));
    const std::string zip = zipOf({{"1.jpg", jpeg}});
    const std::string pdf = "%PDF-1.7\n%%EOF\n";
    const std::string zip_type = "application/zip";
    const std::string xlsx_type =
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    return {
        {"JPEG", jpeg, "image/jpeg"},
        {"PNG", png, "image/png"},
        {"ZIP", zip, zip_type},
        {"an empty ZIP", zipOf({}), zip_type},
        {"XLSX", xlsxOf({}), xlsx_type},
        {"CSV", "姓名,b\n", "text/csv"},
        {"CSV with a mark", "\xEF\xBB\xBF姓名,b\n", "text/csv"},
        {"CSV in GBK", "\xd0\xd5\xc3\xfb,b\n", "text/csv"},
        // What is refused.
        {"nothing", "", "file_empty"},
        {"PDF", pdf, "media_pdf"},
        {"a PDF behind a text", "hello\n" + pdf, "media_pdf"},
        {"a PDF in a picture's comment", withSegment(jpeg, jpegSegment('\xFE', pdf)), "media_pdf"},
        {"HTML", "  <html><script>1</script></html>", "media_active"},
        {"SVG", "\xEF\xBB\xBF<svg onload=\"x\"/>", "media_active"},
        {"a script", "#!/bin/sh\necho\n", "media_active"},
        {"GIF", std::string{"GIF89a\x01\0\x01\0", 10}, "media_unknown"},
        {"a program", std::string{"MZ\x90\0\3", 5}, "media_unknown"},
        {"JPEG and ZIP", jpeg + zip, "trailing_data"},
        {"PNG and ZIP", png + zip, "trailing_data"},
        {"ZIP and JPEG", zip + jpeg, "trailing_data"},
        {"JPEG and HTML", jpeg + "<script>1</script>", "trailing_data"},
        {"ZIP with a comment", zipOf({{"1.jpg", jpeg}}, "<script>"), "trailing_data"},
        {"half a JPEG", jpeg.substr(0, jpeg.size() / 2), "picture_broken"},
        {"half a ZIP", zip.substr(0, zip.size() / 2), "zip_broken"},
        {"a text document", withTypes("wordprocessingml.document.main+xml"), "media_unknown"},
        {"a workbook with macros", withTypes("sheet.macroEnabled.main+xml"), "sheet_active"},
        {"an open document", zipOf({{"mimetype", "application/x"}}), "media_unknown"},
        {"a Java program", zipOf({{"META-INF/MANIFEST.MF", "x"}}), "media_unknown"},
    };
}

std::string mediaOf(const std::string& bytes, const uploads::MediaLimits& limits = {})
{
    const uploads::MemorySource source(bytes);
    const auto media = uploads::detectMedia(source, limits);
    return std::string{media.ok() ? uploads::mediaType(media.value())
                                  : uploads::codeName(media.finding().code)};
}

class MediaTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(MediaTest);
    CPPUNIT_TEST_PARAMETERIZED(aFileIsOneThing, rows());
    CPPUNIT_TEST(limitsHold);
    CPPUNIT_TEST_SUITE_END();

public:
    void aFileIsOneThing(const Row& row) { CPPUNIT_ASSERT_EQUAL(row.media, mediaOf(row.bytes)); }

    void limitsHold()
    {
        const std::string jpeg = jpegOf(flag(16, 16));
        CPPUNIT_ASSERT_EQUAL(std::string{"image/jpeg"}, mediaOf(jpeg, {jpeg.size(), 0}));
        CPPUNIT_ASSERT_EQUAL(std::string{"file_too_large"}, mediaOf(jpeg, {jpeg.size() - 1, 0}));
        CPPUNIT_ASSERT_EQUAL(std::string{"text/csv"}, mediaOf("a,b", {0, 3}));
        CPPUNIT_ASSERT_EQUAL(std::string{"file_too_large"}, mediaOf("a,b", {0, 2}));
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(MediaTest, "media");
