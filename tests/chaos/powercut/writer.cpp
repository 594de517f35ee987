// Changes files in one way each, so that the test can cut the power behind it.
// usage: powercut-writer FOLDER ACTION. FOLDER holds a file "old" with the text "old".

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <string>

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

namespace {

void demand(bool holds, const char* what)
{
    if (!holds) {
        std::perror(what);
        std::exit(3);
    }
}

int open(const char* path, int flags = O_RDWR | O_CREAT)
{
    const int file = ::open(path, flags | O_CLOEXEC, 0600);
    demand(file >= 0, path);
    return file;
}

void write(int file, const std::string& text)
{
    demand(::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()), "write");
}

void sync(int file)
{
    demand(::fsync(file) == 0, "fsync");
}

void syncFolder(const char* path = ".")
{
    sync(open(path, O_RDONLY | O_DIRECTORY));
}

/// All of it durable.
void finish(int file)
{
    sync(file);
    syncFolder();
}

void overwrite(bool synced)
{
    const int file = open("old");
    demand(::pwrite(file, "new", 3, 0) == 3, "pwrite");
    if (synced) {
        demand(::fdatasync(file) == 0, "fdatasync");
    }
}

void make(int file)
{
    write(file, "new");
    finish(file);
}

void makeByParts()
{
    const int file = open("made");
    char first[] = "n";
    char rest[] = "ew";
    const iovec parts[] = {{first, 1}, {rest, 2}};
    demand(::writev(file, parts, 2) == 3, "writev");
    demand(::pwritev(file, parts, 2, 3) == 3, "pwritev");
    finish(file);
}

void makeByCopies()
{
    const int from = open("old", O_RDONLY);
    const int file = open("made");
    off_t offset = 0;
    demand(::sendfile(file, from, &offset, 3) == 3, "sendfile");
    demand(::copy_file_range(from, nullptr, file, nullptr, 3, 0) == 3, "copy_file_range");
    finish(file);
}

void makeByStream()
{
    std::FILE* stream = std::fopen("made", "w");
    std::fputs("new", stream);
    demand(std::fflush(stream) == 0, "fflush");
    finish(::fileno(stream));
    std::fclose(stream);
}

void makeByFileStream(bool synced)
{
    std::ofstream("made") << "new";
    if (synced) {
        finish(open("made"));
    }
}

void makeTemporary()
{
    char form[] = "made.XXXXXX";
    const int file = ::mkstemp(form);
    demand(file >= 0, "mkstemp");
    write(file, "new");
    sync(file);
    demand(std::rename(form, "made") == 0, "rename");
    syncFolder();
}

void makeInFolder(bool synced)
{
    demand(::mkdir("folder", 0700) == 0, "mkdir");
    const int file = open("folder/made");
    write(file, "new");
    sync(file);
    syncFolder("folder");
    if (synced) {
        syncFolder();
    }
}

void makeManyPages()
{
    constexpr std::size_t kBytes = 400'000;
    const int file = open("made");
    finish(file);
    write(file, std::string(kBytes, 'x'));
}

void writeMapped()
{
    const int file = open("old");
    void* page = ::mmap(nullptr, 3, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    demand(page != MAP_FAILED, "mmap");
    std::memcpy(page, "new", 3);
}

/// One row per transaction; every commit is said to have happened.
void insertRows(const char* synchronous)
{
    constexpr int kRows = 50;
    sqlite3* database = nullptr;
    demand(sqlite3_open("rows.db", &database) == SQLITE_OK, "rows.db");
    const std::string begin = std::string("PRAGMA journal_mode = WAL; PRAGMA synchronous = ") +
                              synchronous + "; CREATE TABLE row(number INTEGER)";
    demand(sqlite3_exec(database, begin.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK, "begin");
    for (int number = 0; number < kRows; ++number) {
        demand(sqlite3_exec(database, "INSERT INTO row VALUES (1)", nullptr, nullptr, nullptr) ==
                   SQLITE_OK,
               "insert");
    }
    std::_Exit(0); // no orderly close, which would sync
}

using Action = void (*)();

const std::map<std::string, Action>& actions()
{
    static const std::map<std::string, Action> kActions = {
        {"overwrite",
         [] {
             overwrite(false);
         }},
        {"overwrite, sync",
         [] {
             overwrite(true);
         }},
        {"create, sync file alone",
         [] {
             const int file = open("made");
             write(file, "new");
             sync(file);
         }},
        {"create, sync",
         [] {
             make(open("made"));
         }},
        {"creat, sync",
         [] {
             make(::creat("made", 0600));
         }},
        {"openat, sync",
         [] {
             make(::openat(open(".", O_RDONLY), "made", O_RDWR | O_CREAT, 0600));
         }},
        {"writev, sync", makeByParts},
        {"copies, sync", makeByCopies},
        {"fopen, sync", makeByStream},
        {"ofstream",
         [] {
             makeByFileStream(false);
         }},
        {"ofstream, sync",
         [] {
             makeByFileStream(true);
         }},
        {"mkstemp, sync", makeTemporary},
        {"rename",
         [] {
             demand(std::rename("old", "made") == 0, "rename");
         }},
        {"rename, sync",
         [] {
             demand(std::rename("old", "made") == 0, "rename");
             syncFolder();
         }},
        {"link, sync",
         [] {
             demand(::link("old", "made") == 0, "link");
             syncFolder();
         }},
        {"unlink",
         [] {
             demand(std::remove("old") == 0, "remove");
         }},
        {"unlink, sync",
         [] {
             demand(::unlink("old") == 0, "unlink");
             syncFolder();
         }},
        {"truncate",
         [] {
             demand(::truncate("old", 1) == 0, "truncate");
         }},
        {"truncate, sync",
         [] {
             const int file = open("old");
             demand(::ftruncate(file, 1) == 0, "ftruncate");
             sync(file);
         }},
        {"open to truncate, sync",
         [] {
             make(open("old", O_RDWR | O_TRUNC));
         }},
        {"mkdir",
         [] {
             makeInFolder(false);
         }},
        {"mkdir, sync",
         [] {
             makeInFolder(true);
         }},
        {"many pages", makeManyPages},
        {"mmap", writeMapped},
        {"unseen write",
         [] {
             ::syscall(SYS_write, open("old"), "new", 3);
         }},
        {"unseen creation",
         [] {
             ::syscall(SYS_openat, AT_FDCWD, "made", O_RDWR | O_CREAT, 0600);
         }},
        {"unseen unlink",
         [] {
             ::syscall(SYS_unlinkat, AT_FDCWD, "old", 0);
         }},
        {"rows, synchronous=FULL",
         [] {
             insertRows("FULL");
         }},
        {"rows, synchronous=OFF",
         [] {
             insertRows("OFF");
         }},
    };
    return kActions;
}

} // namespace

int main(int argc, char** argv)
{
    const auto action = argc == 3 ? actions().find(argv[2]) : actions().end();
    if (action == actions().end() || ::chdir(argv[1]) != 0) {
        std::fprintf(stderr, "usage: powercut-writer FOLDER ACTION\n");
        return 2;
    }
    action->second();
    return 0;
}
