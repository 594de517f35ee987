#include "app/backup/manifest.hpp"

#include "app/backup/files.hpp"
#include "base/encoding.hpp"
#include "base/exception.hpp"
#include "base/uuid.hpp"
#include "security/durable_file.hpp"
#include "security/symmetric.hpp"

#include <algorithm>

namespace hub::backup {

namespace {

using base::Json;

constexpr int kFormat = 1;
constexpr const char* kCipher = "aes_256_gcm";
constexpr std::string_view kCheckText = "the master key of this backup";

const char* toText(Kind kind)
{
    return kind == Kind::Store ? "store" : "persons";
}

std::string checkPlace(const Json& json)
{
    return "backup " + json.value("kind", "") + " of " + json.value("store_id", "");
}

std::string keyCheck(const Json& json, const security::SecretBytes& master_key)
{
    const security::SecretBytes key = security::deriveKey(master_key, "backup key check");
    const std::string nonce = base::randomBytes(security::kGcmNonceBytes);
    const std::string place = checkPlace(json);
    const auto sealed = security::encryptSymmetric({kCipher, key.view(), nonce, place}, kCheckText);
    if (!sealed.ok()) {
        throw base::Failure(HUB_INTERNAL, "{}", sealed.error().message);
    }
    return base::toBase64(nonce + sealed.value());
}

bool opensKeyCheck(const Json& json, const security::SecretBytes& master_key)
{
    const auto sealed = base::fromBase64(json.value("key_check", ""));
    if (!sealed.ok() || sealed.value().size() < security::kGcmNonceBytes) {
        return false;
    }
    const security::SecretBytes key = security::deriveKey(master_key, "backup key check");
    const std::string_view bytes = sealed.value();
    const std::string place = checkPlace(json);
    return security::decryptSymmetric(
               {kCipher, key.view(), bytes.substr(0, security::kGcmNonceBytes), place},
               bytes.substr(security::kGcmNonceBytes))
        .ok();
}

/// Over everything but itself; nlohmann's objects are sorted, so the text is the same each time.
std::string sealOf(Json json, const security::SecretBytes& master_key)
{
    json.erase("seal");
    const security::SecretBytes key = security::deriveKey(master_key, "backup manifest");
    const auto seal = security::hmacBytes("hmac_sha256", key.view(), json.dump());
    if (!seal.ok()) {
        throw base::Failure(HUB_INTERNAL, "{}", seal.error().message);
    }
    return base::toHex(seal.value());
}

Json readJson(const std::filesystem::path& folder)
{
    const std::filesystem::path file = folder / kManifestFile;
    if (!std::filesystem::exists(file)) {
        throw base::Failure(HUB_NOT_FOUND,
                            "{}: there is no {}; name the folder of a whole backup (one that was "
                            "broken off ends in .partial)",
                            folder.string(),
                            kManifestFile);
    }
    const auto json = base::parseJson(security::readFile(file));
    if (!json.ok() || !json.value().is_object()) {
        throw base::Failure(
            HUB_REJECTED, "{}: this is no manifest; use another backup", file.string());
    }
    return json.value();
}

void checkFits(const std::filesystem::path& folder,
               const Json& json,
               Kind kind,
               const security::SecretBytes& master_key)
{
    const std::string file = (folder / kManifestFile).string();
    if (json.value("format", 0) != kFormat) {
        throw base::Failure(HUB_UNSUPPORTED,
                            "{}: the backup has format {}, this program reads {}; use the program "
                            "that made it",
                            file,
                            json.value("format", 0),
                            kFormat);
    }
    if (json.value("kind", "") != toText(kind)) {
        throw base::Failure(HUB_BAD_REQUEST,
                            "{}: this is a backup of \"{}\", must be one of \"{}\"; name the other "
                            "folder",
                            file,
                            json.value("kind", ""),
                            toText(kind));
    }
    if (!opensKeyCheck(json, master_key)) {
        throw base::Failure(HUB_UNAUTHENTICATED,
                            "{}: this backup needs another master key; provide the one of the hub "
                            "that made it",
                            file);
    }
    if (!base::equalConstantTime(json.value("seal", ""), sealOf(json, master_key))) {
        throw base::Failure(HUB_REJECTED,
                            "{}: the manifest was changed after the backup was made; use another "
                            "backup",
                            file);
    }
}

Json toJson(const Manifest& manifest)
{
    Json files = Json::array();
    for (const File& file : manifest.files) {
        files.push_back({{"path", file.path}, {"bytes", file.bytes}, {"sha256", file.sha256}});
    }
    return {{"format", kFormat},
            {"kind", toText(manifest.kind)},
            {"program", manifest.program},
            {"store_id", manifest.store_id},
            {"epoch", manifest.epoch},
            {"backend", manifest.backend},
            {"schema", manifest.schema},
            {"created_ms", manifest.created_ms},
            {"last_seq", manifest.last_seq},
            {"counts", manifest.counts},
            {"migrations", manifest.migrations},
            {"files", std::move(files)}};
}

bool staysInside(const std::string& path)
{
    const std::filesystem::path given(path);
    return !path.empty() && given.is_relative() &&
           std::none_of(given.begin(), given.end(), [](const auto& part) { return part == ".."; });
}

} // namespace

std::string sealManifest(const Manifest& manifest, const security::SecretBytes& master_key)
{
    Json json = toJson(manifest);
    json["key_check"] = keyCheck(json, master_key);
    json["seal"] = sealOf(json, master_key);
    return json.dump(2) + "\n";
}

Manifest openManifest(const std::filesystem::path& folder,
                      Kind kind,
                      const security::SecretBytes& master_key)
{
    const Json json = readJson(folder);
    try {
        checkFits(folder, json, kind, master_key);
        Manifest manifest;
        manifest.kind = kind;
        manifest.program = json.at("program").get<std::string>();
        manifest.store_id = json.at("store_id").get<std::string>();
        manifest.epoch = json.at("epoch").get<std::int64_t>();
        manifest.backend = json.at("backend").get<std::string>();
        manifest.schema = json.value("schema", "");
        manifest.created_ms = json.at("created_ms").get<std::int64_t>();
        manifest.last_seq = json.at("last_seq").get<std::int64_t>();
        manifest.counts = json.at("counts").get<std::map<std::string, std::int64_t>>();
        manifest.migrations = json.at("migrations").get<std::map<std::string, std::int64_t>>();
        for (const Json& item : json.at("files")) {
            manifest.files.push_back({item.at("path").get<std::string>(),
                                      item.at("bytes").get<std::uint64_t>(),
                                      item.at("sha256").get<std::string>()});
        }
        return manifest;
    } catch (const Json::exception& problem) {
        throw base::Failure(HUB_REJECTED,
                            "{}: the manifest does not fit: {}; use another backup",
                            (folder / kManifestFile).string(),
                            problem.what());
    }
}

void checkFiles(const std::filesystem::path& folder, const Manifest& manifest)
{
    for (const File& file : manifest.files) {
        if (!staysInside(file.path)) {
            throw base::Failure(HUB_REJECTED,
                                "{}: \"{}\" lies outside of the backup; use another backup",
                                folder.string(),
                                file.path);
        }
        const std::filesystem::path path = folder / file.path;
        if (!std::filesystem::is_regular_file(path)) {
            throw base::Failure(HUB_NOT_FOUND,
                                "{}: the file is missing; bring it back or use another backup",
                                path.string());
        }
        const File found = describe(path, file.path);
        if (found.bytes != file.bytes || found.sha256 != file.sha256) {
            throw base::Failure(HUB_REJECTED,
                                "{}: the file was changed since the backup (it has {} bytes and "
                                "digest {}…, must have {} bytes and {}…); use another backup",
                                path.string(),
                                found.bytes,
                                found.sha256.substr(0, 12),
                                file.bytes,
                                file.sha256.substr(0, 12));
        }
    }
}

} // namespace hub::backup
