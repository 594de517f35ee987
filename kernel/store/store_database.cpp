#include "store/store_database.hpp"

#include "base/encoding.hpp"
#include "base/uuid.hpp"
#include "store/files.hpp"
#include "store/migrator.hpp"

#include <Poco/Environment.h>

#include <unistd.h>

namespace hub::store {

std::string describeThisProcess()
{
    return fmt::format("process {} on {}", ::getpid(), Poco::Environment::nodeName());
}

StoreDatabase::StoreDatabase(Settings settings, const base::Clock* clock)
    : settings_(std::move(settings))
    , clock_(clock)
{}

void StoreDatabase::takeLock()
{
    makeFolder(settings_.folder);
    lock_ = std::make_unique<LockFile>(settings_.folder / "hub.lock");
}

void StoreDatabase::useReaders(ReaderPool::Open open)
{
    readers_ = std::make_unique<ReaderPool>(
        std::move(open), settings_.readers_max, settings_.snapshot_ms_max);
}

StoreConnection& StoreDatabase::writingConnection()
{
    if (!writer_) {
        throw base::Failure(
            HUB_UNAVAILABLE, "{}: the store was opened to be read only", settings_.folder.string());
    }
    return *writer_;
}

void StoreDatabase::prepareStore()
{
    Migrator(writingConnection(), *clock_).migrate(kKernelLibrary, kernelMigrations());
    raiseEpoch();
    loadLibraries(writingConnection());
}

void StoreDatabase::inspectStore()
{
    const Lease lease = readers_->lend();
    auto& connection = static_cast<StoreConnection&>(*lease);
    if (!hasKernelTables(connection)) {
        throw base::Failure(HUB_NOT_FOUND,
                            "{}: there is no store of a hub; start the hub once to make it",
                            settings_.folder.string());
    }
    epoch_ = readFence(connection).epoch;
    loadLibraries(connection);
}

void StoreDatabase::raiseEpoch()
{
    StoreConnection& connection = writingConnection();
    Transaction transaction(connection);
    Statement& known = connection.prepare("SELECT 1 FROM hub_meta WHERE name = 'store_id'");
    if (!known.step()) {
        const std::pair<const char*, std::string> rows[] = {
            {"store_id", base::toHex(base::randomBytes(16))},
            {"store_epoch", "1"},
            {"created_ms", std::to_string(clock_->nowMs())}};
        for (const auto& [name, value] : rows) {
            connection.prepare("INSERT INTO hub_meta (name, value) VALUES (?, ?)")
                .bindText(1, name)
                .bindText(2, value)
                .run();
        }
        connection
            .prepare("INSERT INTO hub_fence (partition, epoch, group_no, holder) "
                     "VALUES (0, 0, 0, '')")
            .run();
    }
    connection
        .prepare("UPDATE hub_fence SET epoch = epoch + 1, group_no = 0, holder = ? "
                 "WHERE partition = 0")
        .bindText(1, describeThisProcess())
        .run();
    epoch_ = readFence(connection).epoch;
    transaction.commit();
}

void StoreDatabase::loadLibraries(StoreConnection& connection)
{
    Statement& rows =
        connection.prepare("SELECT DISTINCT library FROM hub_migration WHERE library <> ?");
    rows.bindText(1, kKernelLibrary);
    while (rows.step()) {
        libraries_.add(rows.text(0));
    }
}

void StoreDatabase::migrate(const std::string& library, const std::vector<Migration>& steps)
{
    StoreConnection& connection = writingConnection();
    libraries_.add(library);
    connection.actAs(Role{});
    makeRole(library);
    Migrator(connection, *clock_).migrate(library, steps);
}

void StoreDatabase::withdrawViews()
{
    libraries_.withdrawViews();
    revokeViews();
}

void StoreDatabase::exposeView(const ExportedView& view)
{
    StoreConnection& connection = writingConnection();
    try {
        Transaction transaction(connection);
        connection.actAs({view.owner, true});
        connection
            .prepare(
                fmt::format("SELECT {} FROM {} LIMIT 0", fmt::join(view.columns, ", "), view.view))
            .run();
        connection.actAs({});
        for (const std::string& reader : view.readers) {
            grantView(reader, view.view);
        }
        transaction.commit();
    } catch (const StoreFailure& failure) {
        connection.actAs({});
        throw base::Failure(HUB_BAD_REQUEST,
                            "library \"{}\": its view {} can't be exported: {}; correct the "
                            "manifest or the migration",
                            view.owner,
                            view.view,
                            failure.message());
    }
    for (const std::string& reader : view.readers) {
        libraries_.letRead(reader, view.view);
    }
}

Fence StoreDatabase::readFence(StoreConnection& connection)
{
    Statement& row =
        connection.prepare("SELECT epoch, group_no FROM hub_fence WHERE partition = 0");
    Fence fence;
    if (row.step()) {
        fence = {row.integer(0), row.integer(1)};
        row.run();
    }
    return fence;
}

void StoreDatabase::throwFenced()
{
    throw StoreFailure(Trouble::Fenced,
                       fmt::format("the store is held by another hub now (this one started as "
                                   "epoch {}); stop one of the two",
                                   epoch_));
}

void StoreDatabase::writeFence(std::int64_t group_no)
{
    const std::int64_t written =
        writingConnection()
            .prepare("UPDATE hub_fence SET group_no = ? WHERE partition = 0 AND epoch = ?")
            .bind(1, group_no)
            .bind(2, epoch_)
            .run();
    if (written != 1) {
        throwFenced();
    }
}

void StoreDatabase::checkFence()
{
    if (readFence(writingConnection()).epoch != epoch_) {
        throwFenced();
    }
}

void StoreDatabase::seal(std::int64_t group_no, EmptyGroup empty)
{
    StoreConnection& connection = writingConnection();
    if (!connection.transactionLives()) {
        return; // the commit says why
    }
    connection.actAs(Role{});
    if (empty == EmptyGroup::Prove || (connection.hasWritten() && losesCommits())) {
        writeFence(group_no);
    } else if (connection.hasWritten()) {
        checkFence();
    }
}

void StoreDatabase::beginGroup()
{
    StoreConnection& connection = writingConnection();
    connection.actAs(Role{});
    connection.begin();
}

} // namespace hub::store
