#include "flow/import_begin.hpp"

#include "domain/import_readers.hpp"
#include "flow/import_steps.hpp"
#include "flow/person_drafts.hpp"
#include "flow/rule.hpp"
#include "flow/sealed_file.hpp"
#include "store/address_rows.hpp"
#include "store/edition_rows.hpp"

#include <hub/job.hpp>

namespace registration {

using requests::Refusal;

namespace {

/// What is brought in as archived has no rules, and what needs rules is not archived.
std::optional<Refusal> refuseEdition(const Work& work, const ImportWish& wish)
{
    const bool is_running = findPack(work.unit(), wish.edition).has_value();
    const bool is_past = wish.organization_id.empty() && (wish.kind == ImportKind::Organizations ||
                                                          wish.kind == ImportKind::Persons);
    if (is_past && is_running) {
        return Refusal{409,
                       "edition_running",
                       {"Organizations and persons are imported into past editions; this one has "
                        "rules, so they register themselves.",
                        "单位和人员仅可导入往届；本届有报名规则，须自行注册报名。"}};
    }
    if (wish.kind == ImportKind::Quotas && !is_running) {
        return editionArchived();
    }
    return std::nullopt;
}

} // namespace

std::optional<Refusal> refuseImport(const Work& work, const ImportWish& wish)
{
    if (auto refusal = refuseEdition(work, wish)) {
        return refusal;
    }
    const auto running =
        runningImport(work.unit(), wish.edition, wish.organization_id, toText(wish.kind));
    if (!running) {
        return std::nullopt;
    }
    Refusal refusal{409,
                    "import_running",
                    {"Another import of this kind is still running; wait until it has ended.",
                     "同类导入正在进行，请待其结束后再试。"}};
    refusal.parameters = {{"import_id", running->import_id}};
    return refusal;
}

Json checkOf(const Work& work, const ImportWish& wish, const Json& upload)
{
    ImportFacts facts;
    facts.kind = wish.kind;
    facts.edition = wish.edition;
    if (const auto stored = findPack(work.unit(), wish.edition)) {
        facts.pack = stored->pack;
    }
    facts.today = todayOf(work.unit());
    facts.delegations = allDelegations(work.unit(), wish.edition);
    facts.is_own = !wish.organization_id.empty();
    if (facts.is_own) {
        const auto addresses = addressesOf(work.unit(), wish.organization_id);
        facts.address_id = addresses.empty() ? "" : addresses.front().address_id;
        facts.delegations.clear();
    }
    return {{"blob", upload.at("blob")},
            {"key", toBase64(work.unit().random(kFileKeyBytes))},
            {"facts", toJson(facts)}};
}

Import begin(const Work& work, const ImportWish& wish, const Json& checked)
{
    Import import;
    import.edition = wish.edition;
    import.organization_id = wish.organization_id;
    import.kind = toText(wish.kind);
    import.is_dry = wish.is_dry;
    import.consent = wish.consent;
    return beginImport(work, std::move(import), checked);
}

Json shownImport(const hub::Snapshot& snapshot, const Import& import)
{
    Json errors = Json::array();
    for (const ImportError& error : errorsOf(snapshot, import.import_id)) {
        errors.push_back(toJson(error));
    }
    Json body = {{"import_id", import.import_id},
                 {"edition", import.edition},
                 {"kind", import.kind},
                 {"state", import.state},
                 {"dry_run", import.is_dry},
                 {"total", import.total},
                 {"position", import.total},
                 {"known", import.known},
                 {"errors_total", import.errors},
                 {"errors", std::move(errors)},
                 {"begun_ms", import.begun_ms},
                 {"ended_ms", import.ended_ms}};
    if (const auto shown = hub::job::show(snapshot, import.job_id)) {
        const Json job = Json::parse(*shown);
        body["message"] = requests::textOf(job, "message");
        if (import.state == kImportRunning) {
            body["position"] = job.value("position", std::int64_t{0});
        }
    }
    return body;
}

} // namespace registration
