#include "store_digest.hpp"

#include "sqlite_reader.hpp"

#include <openssl/evp.h>

#include <memory>
#include <vector>

namespace chaos {

namespace {

std::string joined(const SqliteReader::Row& row)
{
    std::string text;
    for (const std::string& value : row) {
        text += value + '\x1f';
    }
    return text;
}

} // namespace

StoreDigest readDigest(const std::filesystem::path& store_folder)
{
    static const std::vector<std::string> kTables = {"payments_payment",
                                                     "payments_attempt",
                                                     "payments_refund",
                                                     "payments_transition",
                                                     "payments_booking",
                                                     "payments_booking_line"};
    SqliteReader reader(store_folder);
    StoreDigest digest;
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                          EVP_MD_CTX_free);
    EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
    reader.select("BEGIN", [](const SqliteReader::Row&) {});
    for (const std::string& table : kTables) {
        reader.select("SELECT * FROM " + table + " ORDER BY 1, 2, 3",
                      [&](const SqliteReader::Row& row) {
                          const std::string text = joined(row);
                          EVP_DigestUpdate(context.get(), text.data(), text.size());
                          ++digest.rows;
                      });
    }
    reader.select("SELECT count(*), coalesce(max(seq), 0) FROM hub_event",
                  [&](const SqliteReader::Row& row) {
                      const std::string text = joined(row);
                      EVP_DigestUpdate(context.get(), text.data(), text.size());
                      digest.events = std::stoll(row.front());
                  });
    digest.digest.resize(EVP_MAX_MD_SIZE);
    unsigned int size = 0;
    EVP_DigestFinal_ex(
        context.get(), reinterpret_cast<unsigned char*>(digest.digest.data()), &size);
    digest.digest.resize(size);
    return digest;
}

std::string checkIntegrity(const std::filesystem::path& store_folder)
{
    std::string found;
    SqliteReader(store_folder).select("PRAGMA integrity_check", [&](const SqliteReader::Row& row) {
        found += (found.empty() ? "" : "; ") + row.front();
    });
    return found;
}

} // namespace chaos
