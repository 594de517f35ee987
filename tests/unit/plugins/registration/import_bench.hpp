// Imports as the hub carries them out: the unit that asks for the check, the check in its task, the
// unit that begins the job, and the job's steps to their end.
#pragma once

#include "kept_blobs.hpp"
#include "reception.hpp"

#include <string>
#include <vector>

namespace registration::test {

inline const std::string kPast = "ciie-6";

/// Header and rows as a CSV file.
std::string csvOf(const std::vector<std::string>& lines);

/// "B3 document_number_length" of each error, in their order.
std::string placesOf(const Json& errors);

class ImportBench {
public:
    explicit ImportBench(const std::string& edition = kEdition);

    /// `expohub import <kind> EDITION [dry-run] --file`: what --json prints. A refusal is
    /// {"status", "problem"}.
    Json command(const std::string& kind,
                 const std::string& edition,
                 const std::string& file,
                 bool is_dry = false);
    /// The same, and its job to the end; what `import show` says then.
    Json imported(const std::string& kind, const std::string& edition, const std::string& file);
    /// POST …/person-imports of the contact; all of the file have agreed.
    Heard upload(const std::string& file, const Json& query = Json::object());
    Heard upload(const Visitor& who,
                 const std::string& organization_id,
                 const std::string& file,
                 const Json& query = Json::object());
    /// POST …/photo-imports of the contact.
    Heard uploadPhotos(const std::string& archive);
    /// GET …/imports/{import_id} of the contact.
    Heard shown(const std::string& import_id);

    /// The steps of the newest job up to its end; the state that the hub would show.
    std::string runJob();
    /// One step of it; true when all rows are staged.
    bool stageOnce();
    std::string endJob();

    std::int64_t count(const std::string& table, const std::string& where = "1 = 1");

    Reception reception;
    KeptBlobs blobs;

private:
    Json finished(hub::testing::PluginEvent event, Json payload);
    Heard sent(const std::string& operation,
               const Visitor& who,
               const std::string& organization_id,
               const Json& query);
    Json check(const Json& work);
    Json parsed(const hub::testing::BegunJob& job);
    std::string payloadOf(const hub::testing::BegunJob& job) const;

    std::int64_t position_ = 0;
    Json parsed_ = Json::object();
    // Of the newest check: where its blob is for tasks, and the key that the hub would open.
    std::string kept_;
    std::string key_;
};

} // namespace registration::test
