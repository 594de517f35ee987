#include "store.hpp"

#include <array>
#include <cstdlib>
#include <stdexcept>
#include <system_error>

namespace hub::simulation {

namespace {

const char* const kOwnerTables =
    "CREATE TABLE owner_effect (id BIGINT NOT NULL PRIMARY KEY, source BIGINT NOT NULL, "
    "name TEXT NOT NULL, seq BIGINT NOT NULL, key TEXT NOT NULL, call BIGINT NOT NULL, "
    "outcome BIGINT NOT NULL, resolved BIGINT NOT NULL, replay BIGINT NOT NULL, "
    "released BIGINT NOT NULL, state TEXT NOT NULL);";

constexpr std::array<const char*, 8> kTables = {"hub_event",
                                                "hub_call",
                                                "hub_timer",
                                                "hub_subscriber",
                                                "hub_subscriber_mark",
                                                "hub_dead_letter",
                                                "hub_sequence",
                                                "owner_effect"};

std::filesystem::path makeFolder()
{
    const std::filesystem::path memory = "/dev/shm";
    std::error_code error;
    const auto parent = std::filesystem::is_directory(memory, error)
                            ? memory
                            : std::filesystem::temp_directory_path();
    std::string name = (parent / "hub-simulation-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
        throw std::runtime_error(name + ": no temporary folder can be made");
    }
    return name;
}

store::StoreFailure failure(store::Trouble trouble)
{
    return {trouble, "broken by the simulation"};
}

} // namespace

ScratchStore::ScratchStore()
    : folder_(makeFolder())
{
    store::Settings settings;
    settings.folder = folder_ / "data";
    database_ = store::Database::open(settings, clock_);
    database_->migrate("owner", {{1, "effect", kOwnerTables}});
    database_->writer().execute("PRAGMA synchronous = OFF");
}

ScratchStore::~ScratchStore()
{
    database_.reset();
    std::error_code error;
    std::filesystem::remove_all(folder_, error);
}

void ScratchStore::clear()
{
    store::Connection& writer = database_->writer();
    writer.rollback();
    writer.actAs({});
    store::Transaction transaction(writer);
    for (const char* table : kTables) {
        writer.prepare(std::string("DELETE FROM ") + table).run();
    }
    transaction.commit();
    database_->checkpointIfLarge();
}

store::Statement& BreakingConnection::prepare(std::string_view sql)
{
    if (in_group_ && random_.chance(weather_.statement_breaks)) {
        ++broken_;
        trace_.add("store: a statement fails");
        if (random_.below(2) == 0) {
            real_.rollback(); // as SQLite does for a full disk
        }
        throw failure(random_.below(2) == 0 ? store::Trouble::Full : store::Trouble::Busy);
    }
    return real_.prepare(sql);
}

BreakingStore::BreakingStore(
    store::Database& real, Seeded& random, const Weather& weather, Trace& trace, Mutation mutation)
    : real_(real)
    , random_(random)
    , weather_(weather)
    , trace_(trace)
    , mutation_(mutation)
    , writer_(real.writer(), random, weather, trace)
{}

void BreakingStore::failWhileAway()
{
    if (away_ > 0) {
        --away_;
        ++broken_;
        throw failure(store::Trouble::Lost);
    }
}

void BreakingStore::beginGroup()
{
    failWhileAway();
    if (random_.chance(weather_.begin_breaks)) {
        ++broken_;
        trace_.add("store: begin fails");
        throw failure(random_.below(2) == 0 ? store::Trouble::Busy : store::Trouble::Full);
    }
    real_.beginGroup();
    writer_.inGroup(true);
}

bool BreakingStore::commitGroup(std::int64_t group_no, store::EmptyGroup empty)
{
    writer_.inGroup(false);
    const bool writes = real_.writer().hasWritten();
    if (writes && random_.chance(weather_.hub_dies)) {
        const bool there = random_.below(2) == 0;
        trace_.add("hub dies {} its commit", there ? "after" : "before");
        if (there) {
            real_.commitGroup(group_no, empty);
        }
        throw HubDied{};
    }
    if (writes && random_.chance(weather_.commit_breaks)) {
        ++broken_;
        return breakCommit(group_no, empty);
    }
    const bool committed = real_.commitGroup(group_no, empty);
    if (writes) {
        trace_.add("commit");
    }
    return committed;
}

bool BreakingStore::breakCommit(std::int64_t group_no, store::EmptyGroup empty)
{
    const std::uint32_t how = random_.below(3);
    if (how == 0) {
        trace_.add("store: commit arrives, its reply does not");
        real_.commitGroup(group_no, empty);
        away_ = random_.below(3);
        throw failure(store::Trouble::Lost);
    }
    real_.writer().rollback();
    if (mutation_ == Mutation::CommitLies) {
        return true;
    }
    if (how == 1) {
        trace_.add("store: commit is lost, and the store says so");
        return false;
    }
    trace_.add("store: commit fails");
    away_ = random_.below(2);
    throw failure(random_.below(2) == 0 ? store::Trouble::Full : store::Trouble::Busy);
}

void BreakingStore::recover()
{
    writer_.inGroup(false);
    failWhileAway();
    real_.recover();
}

} // namespace hub::simulation
