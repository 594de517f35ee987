#include "plugin/request_files.hpp"

#include "base/encoding.hpp"

#include <fmt/format.h>

#include <utility>

namespace hub::plugin {

namespace {

class MemoryBlobWriter final : public store::BlobWriter {
public:
    explicit MemoryBlobWriter(std::shared_ptr<RequestFiles> files)
        : files_(std::move(files))
    {}

    Result<void> append(std::string_view bytes) override
    {
        if (bytes_.size() + bytes.size() > files_->downloadBytesMax()) {
            return Error{HUB_REJECTED,
                         fmt::format("the file is larger than the route's {} bytes",
                                     files_->downloadBytesMax())};
        }
        bytes_.append(bytes);
        return {};
    }

    Result<std::string> finish() override
    {
        std::string digest = base::sha256Hex(bytes_);
        files_->keep(digest, std::make_shared<const std::string>(std::move(bytes_)));
        return digest;
    }

private:
    std::shared_ptr<RequestFiles> files_;
    std::string bytes_;
};

} // namespace

void RequestFiles::keep(const std::string& digest, FileBytes bytes)
{
    const std::lock_guard lock(mutex_);
    written_.insert_or_assign(digest, std::move(bytes));
}

FileBytes RequestFiles::find(const std::string& digest) const
{
    const std::lock_guard lock(mutex_);
    const auto found = written_.find(digest);
    return found == written_.end() ? nullptr : found->second;
}

std::shared_ptr<store::BlobWriter> writeTo(std::shared_ptr<RequestFiles> files)
{
    return std::make_shared<MemoryBlobWriter>(std::move(files));
}

} // namespace hub::plugin
