#include "security/audit.hpp"

#include "base/encoding.hpp"
#include "base/exception.hpp"
#include "security/durable_file.hpp"
#include "security/symmetric.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <utility>

namespace hub::security {

namespace {

constexpr std::int64_t kPartition = 0;
constexpr std::string_view kSequence = "audit";

/// Length before content: no two rows of other content give the same bytes.
std::string chainedMac(const SecretBytes& key,
                       std::string_view previous,
                       std::int64_t number,
                       const AuditEntry& entry)
{
    const std::string number_text = std::to_string(number);
    const std::string time = std::to_string(entry.time_ms);
    std::string bytes;
    for (const std::string_view field : {previous,
                                         std::string_view(number_text),
                                         std::string_view(time),
                                         std::string_view(entry.actor),
                                         std::string_view(entry.action),
                                         std::string_view(entry.subject),
                                         std::string_view(entry.detail),
                                         std::string_view(entry.trace)}) {
        bytes += fmt::format("{}:", field.size());
        bytes += field;
    }
    const auto mac = hmacBytes("hmac_sha256", key.view(), bytes);
    if (!mac) {
        throw base::Failure(HUB_INTERNAL, "audit: {}", mac.error().message);
    }
    return base::toHex(mac.value());
}

struct Head {
    std::int64_t number = 0;
    std::string mac;
};

Head readHead(store::Connection& connection)
{
    Head head;
    auto& row = connection.prepare(
        "SELECT number, mac FROM hub_audit WHERE partition = ? ORDER BY number DESC LIMIT 1");
    row.bind(1, kPartition);
    if (row.step()) {
        head.number = row.integer(0);
        head.mac = row.text(1);
    }
    while (row.step()) {}
    return head;
}

/// The last number that was ever given; 0 when none was.
std::int64_t readSequence(store::Connection& connection)
{
    auto& row =
        connection.prepare("SELECT last FROM hub_sequence WHERE partition = ? AND name = ?");
    row.bind(1, kPartition).bindText(2, kSequence);
    std::int64_t last = 0;
    while (row.step()) {
        last = row.integer(0);
    }
    return last;
}

/// Numbers and MACs of the anchor file. A line that does not read as one is skipped: a crash may
/// have cut it off, and who can write the file can remove lines as well.
std::map<std::int64_t, std::string> readAnchors(const std::filesystem::path& file)
{
    std::map<std::int64_t, std::string> anchors;
    if (!std::filesystem::exists(file)) {
        return anchors;
    }
    const std::string whole = readFile(file);
    std::string_view text = whole;
    for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(end + 1);
        std::int64_t number = 0;
        const auto [after, error] = std::from_chars(line.data(), line.data() + line.size(), number);
        const auto digits = static_cast<std::size_t>(after - line.data());
        if (error == std::errc{} && line.size() > digits + 65 && line[digits] == ',' &&
            line[digits + 65] == ',') {
            anchors[number] = line.substr(digits + 1, 64);
        }
    }
    return anchors;
}

} // namespace

Audit::Audit(SecretBytes key, std::filesystem::path anchor_file)
    : key_(std::move(key))
    , anchor_file_(std::move(anchor_file))
{}

void Audit::append(store::Connection& connection, const AuditEntry& entry)
{
    if (last_number_ < 0) {
        Head head = readHead(connection);
        // Never a number again, even when rows were cut off: the gap shows it.
        last_number_ = std::max(head.number, readSequence(connection));
        last_mac_ = std::move(head.mac);
    }
    const std::int64_t number = last_number_ + 1;
    std::string mac = chainedMac(key_, last_mac_, number, entry);
    connection
        .prepare(
            "INSERT INTO hub_audit (partition, number, time_ms, actor, action, subject, detail, "
            "trace, mac) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(1, kPartition)
        .bind(2, number)
        .bind(3, entry.time_ms)
        .bindText(4, entry.actor)
        .bindText(5, entry.action)
        .bindText(6, entry.subject)
        .bindText(7, entry.detail)
        .bindText(8, entry.trace)
        .bindText(9, mac)
        .run();
    connection
        .prepare("INSERT INTO hub_sequence (partition, name, last) VALUES (?, ?, ?) "
                 "ON CONFLICT (partition, name) DO UPDATE SET last = excluded.last")
        .bind(1, kPartition)
        .bindText(2, kSequence)
        .bind(3, number)
        .run();
    last_number_ = number;
    last_mac_ = std::move(mac);
}

void Audit::forget() noexcept
{
    last_number_ = -1;
}

void Audit::anchor(store::Connection& connection, std::int64_t now_ms)
{
    const Head head = readHead(connection);
    if (head.number > 0) {
        appendLine(anchor_file_, fmt::format("{},{},{}", head.number, head.mac, now_ms));
    }
}

std::vector<AuditEntry>
Audit::newest(store::Connection& connection, std::string_view action, std::size_t limit)
{
    auto& row = connection.prepare("SELECT time_ms, actor, action, subject, detail, trace "
                                   "FROM hub_audit WHERE partition = ? AND (? = '' OR action = ?) "
                                   "ORDER BY number DESC LIMIT ?");
    row.bind(1, kPartition).bindText(2, action).bindText(3, action);
    row.bind(4, static_cast<std::int64_t>(limit));
    std::vector<AuditEntry> entries;
    while (row.step()) {
        entries.push_back(
            {row.text(1), row.text(2), row.text(3), row.text(4), row.text(5), row.integer(0)});
    }
    return entries;
}

AuditVerdict Audit::verify(store::Connection& connection,
                           const SecretBytes& key,
                           const std::filesystem::path& anchor_file)
{
    AuditVerdict verdict;
    const auto broken = [&](std::int64_t number, std::string reason) {
        verdict.broken_at = number;
        verdict.reason = std::move(reason);
        return verdict;
    };
    const auto anchors = readAnchors(anchor_file);
    auto& row =
        connection.prepare("SELECT number, time_ms, actor, action, subject, detail, trace, mac "
                           "FROM hub_audit WHERE partition = ? ORDER BY number");
    row.bind(1, kPartition);
    std::string previous;
    while (row.step()) {
        const std::int64_t expected = verdict.rows + 1;
        const std::int64_t number = row.integer(0);
        if (number != expected) {
            return broken(
                expected,
                fmt::format("row {} is missing; row {} stands in its place", expected, number));
        }
        const AuditEntry entry{
            row.text(2), row.text(3), row.text(4), row.text(5), row.text(6), row.integer(1)};
        const std::string mac = row.text(7);
        if (!base::equalConstantTime(mac, chainedMac(key, previous, number, entry))) {
            return broken(number,
                          fmt::format("row {} does not fit its MAC: it, or a row before it, "
                                      "was changed, or the key is another one",
                                      number));
        }
        if (const auto anchor = anchors.find(number);
            anchor != anchors.end() && anchor->second != mac) {
            return broken(number,
                          fmt::format("row {} is not the one that was anchored in \"{}\"",
                                      number,
                                      anchor_file.string()));
        }
        verdict.rows = number;
        previous = mac;
    }
    const std::int64_t anchored = anchors.empty() ? 0 : anchors.rbegin()->first;
    if (anchored > verdict.rows) {
        return broken(
            verdict.rows + 1,
            fmt::format("the rows end at {}, but row {} was anchored in \"{}\": the tail was "
                        "cut off",
                        verdict.rows,
                        anchored,
                        anchor_file.string()));
    }
    if (const std::int64_t given = readSequence(connection); given != verdict.rows) {
        return broken(
            verdict.rows + 1,
            fmt::format("the rows end at {}, but numbers were given up to {}: the tail was "
                        "cut off",
                        verdict.rows,
                        given));
    }
    return verdict;
}

} // namespace hub::security
