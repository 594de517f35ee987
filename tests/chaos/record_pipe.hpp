// The other end of the recorder's pipe: what it says goes to a file in this process's hands. No
// kill of a hub or host takes back what was written to the pipe, and none of them has the reading
// end.
#pragma once

#include <filesystem>
#include <thread>

namespace chaos {

class RecordPipe {
public:
    /// Makes the pipe `fifo` and appends to `file` what comes through it, until this object goes.
    /// Throws std::runtime_error when it can't.
    RecordPipe(const std::filesystem::path& fifo, const std::filesystem::path& file);
    ~RecordPipe();
    RecordPipe(const RecordPipe&) = delete;
    RecordPipe& operator=(const RecordPipe&) = delete;

private:
    void copy();

    int pipe_ = -1;
    int file_ = -1;
    int wake_ = -1;
    std::thread thread_;
};

} // namespace chaos
