#include "store_digest.hpp"

#include <openssl/evp.h>

#include <memory>
#include <stdexcept>
#include <vector>

#include <sqlite3.h>

namespace chaos {

namespace {

constexpr int kBusyMs = 10'000;

/// Read-only, beside the hub that writes.
class Reader {
public:
    explicit Reader(const std::filesystem::path& folder)
    {
        const std::string file = folder / "hub.db";
        sqlite3* opened = nullptr;
        const int code = sqlite3_open_v2(file.c_str(), &opened, SQLITE_OPEN_READONLY, nullptr);
        database_.reset(opened);
        if (code != SQLITE_OK) {
            throw std::runtime_error(file + ": " + sqlite3_errstr(code));
        }
        sqlite3_busy_timeout(opened, kBusyMs);
    }

    /// Calls `row` with the row's values as one text.
    template <typename Row>
    void select(const std::string& sql, Row&& row)
    {
        sqlite3_stmt* prepared = nullptr;
        if (sqlite3_prepare_v2(database_.get(), sql.c_str(), -1, &prepared, nullptr) != SQLITE_OK) {
            throw std::runtime_error(sql + ": " + sqlite3_errmsg(database_.get()));
        }
        const std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)> statement(
            prepared, sqlite3_finalize);
        int code = SQLITE_ROW;
        while ((code = sqlite3_step(prepared)) == SQLITE_ROW) {
            std::string text;
            for (int column = 0; column < sqlite3_column_count(prepared); ++column) {
                const auto* value = sqlite3_column_text(prepared, column);
                text += value == nullptr ? "-" : reinterpret_cast<const char*>(value);
                text += '\x1f';
            }
            row(text);
        }
        if (code != SQLITE_DONE) {
            throw std::runtime_error(sql + ": " + sqlite3_errmsg(database_.get()));
        }
    }

private:
    std::unique_ptr<sqlite3, decltype(&sqlite3_close)> database_{nullptr, sqlite3_close};
};

} // namespace

StoreDigest readDigest(const std::filesystem::path& store_folder)
{
    static const std::vector<std::string> kTables = {"payments_payment",
                                                     "payments_attempt",
                                                     "payments_refund",
                                                     "payments_transition",
                                                     "payments_booking",
                                                     "payments_booking_line"};
    Reader reader(store_folder);
    StoreDigest digest;
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                          EVP_MD_CTX_free);
    EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
    reader.select("BEGIN", [](const std::string&) {});
    for (const std::string& table : kTables) {
        reader.select("SELECT * FROM " + table + " ORDER BY 1, 2, 3", [&](const std::string& row) {
            EVP_DigestUpdate(context.get(), row.data(), row.size());
            ++digest.rows;
        });
    }
    reader.select("SELECT count(*), coalesce(max(seq), 0) FROM hub_event",
                  [&](const std::string& row) {
                      EVP_DigestUpdate(context.get(), row.data(), row.size());
                      digest.events = std::stoll(row);
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
    Reader(store_folder).select("PRAGMA integrity_check", [&](const std::string& row) {
        found += (found.empty() ? "" : "; ") + row.substr(0, row.size() - 1);
    });
    return found;
}

} // namespace chaos
