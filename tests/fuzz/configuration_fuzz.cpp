// Input: on the first line "p" for a property file, "l" for a file of plugins.d, "v" for a value
// under a fixed schema, "s" for a schema over fixed values; then its text. Whatever an operator
// writes is understood, or refused with a sentence.

#include "base/exception.hpp"
#include "base/json.hpp"
#include "config/configuration.hpp"
#include "config/library_file.hpp"
#include "config/schema.hpp"
#include "expect.hpp"

#include <filesystem>
#include <fstream>

#include <sys/mman.h>
#include <unistd.h>

namespace {

using namespace hub::fuzz;
using namespace hub::config;
using hub::base::Json;

/// A file in memory under the path that readers want.
class MemoryFile {
public:
    explicit MemoryFile(std::string_view text)
        : descriptor_(::memfd_create("input", MFD_CLOEXEC))
    {
        const bool written = descriptor_ >= 0 && ::write(descriptor_, text.data(), text.size()) ==
                                                     static_cast<ssize_t>(text.size());
        expect(written, "a file in memory can be written");
    }
    ~MemoryFile() { ::close(descriptor_); }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;

    std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

private:
    int descriptor_;
};

/// A folder for one file, removed at the end of the process.
class Folder {
public:
    Folder()
    {
        std::string name = (std::filesystem::temp_directory_path() / "hub-fuzz-XXXXXX").string();
        expect(::mkdtemp(name.data()) != nullptr, "a folder can be made", name);
        path_ = name;
    }
    ~Folder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

void expectSentence(const std::string& problem, std::string_view begin)
{
    // Names and values are quoted as written; the log escapes them.
    expect(problem.rfind(begin, 0) == 0 && problem.size() > begin.size() + 2,
           "a problem says where and what",
           problem);
}

void checkProperties(std::string_view text)
{
    const MemoryFile file(text);
    Sources sources;
    sources.file = file.path();
    sources.working_folder = "/nowhere";
    const Configuration configuration = readConfiguration(sources);
    for (const std::string& problem : configuration.problems) {
        expect(!problem.empty(), "a problem says what is wrong");
    }
    if (!configuration.problems.empty()) {
        return;
    }
    const Settings& settings = configuration.settings;
    expect(settings.gateway.http_port >= 0 && settings.gateway.http_port <= 65535,
           "a port is a port");
    expect(settings.gateway.body_bytes_max > 0 && settings.lane.queue_max > 0, "limits are there");
    expect(settings.isDemo() || settings.public_url.rfind("https://", 0) == 0,
           "production speaks https",
           settings.public_url);
    expect(!hasControlBytes(settings.public_url) && !hasControlBytes(settings.edition),
           "checked texts hold no control byte");
}

void checkLibraryFile(std::string_view text)
{
    static const Folder kFolder;
    std::ofstream(kFolder.path() / "sample.json", std::ios::binary) << text;
    for (const Profile profile : {Profile::Demo, Profile::Production}) {
        const LibraryFiles files = readLibraryFiles(kFolder.path(), profile);
        expect(files.files.empty() != files.problems.empty(), "a file is taken or has a problem");
        const std::string begin = (kFolder.path().filename() / "sample.json: ").string();
        for (const std::string& problem : files.problems) {
            expectSentence(problem, begin);
        }
        for (const LibraryFile& file : files.files) {
            expect(file.library == "sample", "a file is its library's", file.library);
            for (const auto& [name, account] : file.accounts) {
                expect(profile == Profile::Demo || account.http_exact.empty(),
                       "production reaches no simulator",
                       name);
                for (const std::string& token : account.callback_tokens) {
                    expect(token.size() >= 22 && token.size() <= 128, "a token is long", token);
                }
            }
        }
    }
}

const Schema& fixedSchema()
{
    static const Schema kSchema(Json::parse(R"json({
        "type": "object", "additionalProperties": false, "required": ["name"],
        "properties": {
            "name": { "type": "string", "pattern": "^[a-z]{1,8}$" },
            "count": { "type": "integer", "minimum": 1, "maximum": 10, "multipleOf": 2 },
            "rate": { "type": "number", "exclusiveMinimum": 0, "multipleOf": 0.25 },
            "text": { "type": ["string", "null"], "minLength": 2, "maxLength": 4 },
            "choice": { "enum": ["a", 1, null] },
            "list": { "type": "array", "minItems": 1, "maxItems": 3, "uniqueItems": true,
                      "items": { "oneOf": [{ "type": "string" }, { "type": "integer" }] },
                      "contains": { "const": "x" } },
            "map": { "type": "object", "minProperties": 1, "maxProperties": 2,
                     "propertyNames": { "pattern": "^[a-z]+$" },
                     "additionalProperties": { "$ref": "#/definitions/leaf" },
                     "dependencies": { "a": ["b"] } },
            "either": { "anyOf": [{ "type": "boolean" }, { "$ref": "#/definitions/leaf" }],
                        "not": { "const": false } }
        },
        "if": { "required": ["count"] }, "then": { "required": ["rate"] },
        "definitions": { "leaf": { "type": "object", "patternProperties": { "^n": { "type": "null" } } } }
    })json"),
                                "the fixed schema");
    return kSchema;
}

/// True when the document fits. Every violation leads to a place in the document and is worded.
bool checkDocument(const Schema& schema, const Json& document)
{
    const auto violations = schema.check(document);
    for (const Violation& violation : violations) {
        expect(!violation.message.empty(), "a violation says what is wrong", violation.pointer);
        expectSentence(describeViolation("input.json", document, violation), "input.json: ");
    }
    expect(schema.check(document).size() == violations.size(), "a check repeats itself");
    return violations.empty();
}

void checkValue(const Json& value)
{
    if (!checkDocument(fixedSchema(), value)) {
        return;
    }
    expect(value.is_object() && value.contains("name"), "what fits has what is required");
    const std::int64_t count = value.value("count", std::int64_t{2});
    expect(count >= 1 && count <= 10 && count % 2 == 0, "what fits keeps the limits");
}

void checkSchema(const Json& json)
{
    static const Json kValues = Json::parse(R"json([
        null, true, 0, -1, 1.5, 18446744073709551615, "", "aaaa", "门", [], [1, 1, "x"], {},
        {"name": "abc", "n/~": [{"name": null}], "b": {"c": 2}}
    ])json");
    try {
        const Schema schema(json, "input.json");
        for (const Json& value : kValues) {
            checkDocument(schema, value);
        }
    } catch (const hub::base::Failure& problem) {
        expectSentence(problem.message(), "input.json is no JSON Schema (draft 7): ");
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    std::string_view text = textOf(data, size);
    const std::string_view what = takeLine(text);
    if (what == "p") {
        checkProperties(text);
    } else if (what == "l") {
        checkLibraryFile(text);
    } else if (const auto json = hub::base::parseJson(text); json.ok()) {
        if (what != "s") {
            checkValue(json.value());
        } else {
            checkSchema(json.value());
        }
    }
    return 0;
}
