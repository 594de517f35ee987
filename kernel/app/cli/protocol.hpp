// What travels over the admin socket: one JSON line with the request, then for commands that
// stream any number of item lines, then one line with the reply. Both ends are the same program.
#pragma once

#include "base/json.hpp"

#include <hub/result.hpp>

#include <string>
#include <vector>

namespace hub::cli {

/// Exit codes of the program; 64 and above as in sysexits.h.
enum ExitCode : int {
    kExitOk = 0,
    kExitFailed = 1,       // the command ran and says no
    kExitUsage = 64,       // the command line is wrong
    kExitUnavailable = 69, // no hub answers
    kExitInternal = 70,
    kExitRestart = 75, // of `serve`: start me again
    kExitConfig = 78,
};

/// A table for people; `rows` have as many cells as `columns`.
struct Section {
    std::string title;
    std::vector<std::string> columns;
    std::vector<std::vector<std::string>> rows;
};

struct AdminRequest {
    std::vector<std::string> words; // the command, then its arguments: "event", "show", "17"
    base::Json options = base::Json::object(); // without dashes: {"type": "payment.paid"}
    std::string actor; // "os:<user>"; set by the server, never by the client
};

struct AdminReply {
    int exit = kExitOk;
    base::Json data; // what --json prints
    std::vector<Section> sections;
    std::string error; // a sentence, for exit codes other than 0

    static AdminReply failure(int exit, std::string error);
};

/// One line of a streaming command.
struct StreamItem {
    base::Json data;
    std::string line;      // for people
    bool progress = false; // goes to standard error: not what was asked for
};

std::string toLine(const AdminRequest& request);
std::string toLine(const AdminReply& reply);
std::string toLine(const StreamItem& item);

Result<AdminRequest> parseRequest(const std::string& line);

/// A line of the server: an item, or the reply that ends the exchange.
struct ServerLine {
    bool is_item = false;
    StreamItem item;
    AdminReply reply;
};
Result<ServerLine> parseServerLine(const std::string& line);

} // namespace hub::cli
