#include "security/person_keys.hpp"

#include "base/encoding.hpp"
#include "base/exception.hpp"
#include "base/json.hpp"
#include "base/uuid.hpp"
#include "security/durable_file.hpp"
#include "security/symmetric.hpp"

#include <fstream>
#include <utility>

namespace hub::security {

namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr const char* kCipher = "aes_256_gcm";

Error erased()
{
    return {HUB_REJECTED, "the person was erased; nothing new is kept of a person who is gone"};
}

std::string wrapPlace(std::string_view person)
{
    return "person/" + std::string{person};
}

} // namespace

PersonKeys::PersonKeys(std::unique_ptr<store::Connection> file,
                       std::filesystem::path list_file,
                       Secrets& secrets,
                       SecretBytes index_key)
    : list_file_(std::move(list_file))
    , wrapping_(secrets, "hub/person_keys")
    , index_key_(std::move(index_key))
    , file_(std::move(file))
{
    file_->execute("CREATE TABLE IF NOT EXISTS person_key (person TEXT NOT NULL PRIMARY KEY, "
                   "wrapped BLOB NOT NULL);"
                   "CREATE TABLE IF NOT EXISTS person_erased (person TEXT NOT NULL PRIMARY KEY, "
                   "erased_ms BIGINT NOT NULL)");
}

Result<std::string> PersonKeys::keyOf(std::string_view person) const
{
    auto& query = file_->prepare("SELECT wrapped FROM person_key WHERE person = ?");
    query.bindText(1, person);
    if (!query.step()) {
        return Error{HUB_NOT_FOUND, "there is no key of this person"};
    }
    return wrapping_.open(wrapPlace(person), query.bytes(0));
}

Result<std::string> PersonKeys::makeKey(std::string_view person)
{
    if (isErasedLocked(person)) {
        return erased();
    }
    if (!std::exchange(pending_, true)) {
        file_->begin();
    }
    std::string key = base::randomBytes(kKeyBytes);
    file_->prepare("INSERT INTO person_key (person, wrapped) VALUES (?, ?)")
        .bindText(1, person)
        .bindBlob(2, wrapping_.seal(wrapPlace(person), key))
        .run();
    return key;
}

Result<std::string>
PersonKeys::seal(std::string_view person, std::string_view place, std::string_view plain)
{
    const std::lock_guard lock(mutex_);
    auto key = keyOf(person);
    if (!key.ok() && key.error().code == HUB_NOT_FOUND) {
        key = makeKey(person);
    }
    if (!key.ok()) {
        return key.error();
    }
    const SecretBytes wiped(std::move(key).value());
    const std::string nonce = base::randomBytes(kGcmNonceBytes);
    auto cipher = encryptSymmetric({kCipher, wiped.view(), nonce, place}, plain);
    if (!cipher.ok()) {
        return cipher.error();
    }
    return nonce + cipher.value();
}

Result<std::string>
PersonKeys::open(std::string_view person, std::string_view place, std::string_view sealed) const
{
    const std::lock_guard lock(mutex_);
    auto key = keyOf(person);
    if (!key.ok()) {
        return key.error();
    }
    const SecretBytes wiped(std::move(key).value());
    if (sealed.size() < kGcmNonceBytes + kGcmTagBytes) {
        return Error{HUB_REJECTED, "the bytes were not sealed by this hub"};
    }
    return decryptSymmetric({kCipher, wiped.view(), sealed.substr(0, kGcmNonceBytes), place},
                            sealed.substr(kGcmNonceBytes));
}

std::string PersonKeys::blindIndex(std::string_view place, std::string_view normalized) const
{
    // The place's length keeps two pairs apart that read the same one after the other.
    std::string text = std::to_string(place.size()) + ":" + std::string{place};
    text += normalized;
    return hmacBytes("hmac_sha256", index_key_.view(), text).value();
}

void PersonKeys::flush()
{
    const std::lock_guard lock(mutex_);
    if (!std::exchange(pending_, false)) {
        return;
    }
    try {
        file_->commit();
    } catch (const store::StoreFailure&) {
        file_->rollback();
        throw;
    }
}

bool PersonKeys::isErased(std::string_view person) const
{
    const std::lock_guard lock(mutex_);
    return isErasedLocked(person);
}

bool PersonKeys::isErasedLocked(std::string_view person) const
{
    auto& query = file_->prepare("SELECT 1 FROM person_erased WHERE person = ?");
    return query.bindText(1, person).step();
}

void PersonKeys::destroy(const std::string& person, std::int64_t now_ms)
{
    const std::lock_guard lock(mutex_);
    if (std::exchange(pending_, false)) {
        file_->commit();
    }
    remember(person, now_ms);
    store::Transaction transaction(*file_);
    file_->prepare("DELETE FROM person_key WHERE person = ?").bindText(1, person).run();
    file_
        ->prepare("INSERT INTO person_erased (person, erased_ms) VALUES (?, ?) "
                  "ON CONFLICT (person) DO NOTHING")
        .bindText(1, person)
        .bind(2, now_ms)
        .run();
    transaction.commit();
    // Freed bytes are overwritten in the file; the log that still holds them is cut off.
    file_->execute("PRAGMA wal_checkpoint(TRUNCATE)");
}

void PersonKeys::remember(const std::string& person, std::int64_t now_ms) const
{
    appendLine(list_file_, base::Json{{"person", person}, {"erased_ms", now_ms}}.dump());
}

void PersonKeys::repeatErasures(std::int64_t now_ms)
{
    std::vector<std::string> again;
    {
        const std::lock_guard lock(mutex_);
        std::ifstream list(list_file_);
        for (std::string line; std::getline(list, line);) {
            const auto entry = base::parseJson(line);
            if (!entry.ok() || !entry.value().contains("person")) {
                continue; // a line that a crash cut off: its erasure was never acknowledged
            }
            std::string person = entry.value().at("person").get<std::string>();
            if (!isErasedLocked(person) || keyOf(person).ok()) {
                again.push_back(std::move(person));
            }
        }
    }
    for (const std::string& person : again) {
        destroy(person, now_ms);
    }
}

} // namespace hub::security
