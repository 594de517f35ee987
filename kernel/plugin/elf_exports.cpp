#include "plugin/elf_exports.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>

#include <elf.h>

namespace hub::plugin {

namespace {

constexpr std::size_t kSymbolsMax = 1000000;
constexpr std::size_t kNameBytesMax = 4096;

#if defined(__x86_64__)
constexpr std::uint16_t kMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr std::uint16_t kMachine = EM_AARCH64;
#else
#error "name the ELF machine of this processor"
#endif

/// A reader whose every access is checked against the file's size.
class ElfImage {
public:
    explicit ElfImage(std::string_view file)
        : file_(file)
    {}

    template <typename T>
    std::optional<T> at(std::uint64_t offset) const
    {
        if (!holds(offset, sizeof(T))) {
            return std::nullopt;
        }
        T value;
        std::memcpy(&value, file_.data() + offset, sizeof value);
        return value;
    }

    bool holds(std::uint64_t offset, std::uint64_t size) const
    {
        return offset <= file_.size() && size <= file_.size() - offset;
    }

    /// The NUL-terminated text at `offset`; empty when it runs out of the file, or is longer than
    /// any name: a million symbols may name the same bytes.
    std::string_view text(std::uint64_t offset) const
    {
        if (offset >= file_.size()) {
            return {};
        }
        const std::string_view rest = file_.substr(offset, kNameBytesMax);
        const std::size_t end = rest.find('\0');
        return end == std::string_view::npos ? std::string_view{} : rest.substr(0, end);
    }

    void addSegment(const Elf64_Phdr& segment) { segments_.push_back(segment); }

    /// Where the byte that will be at `address` is in the file.
    std::optional<std::uint64_t> offsetOf(std::uint64_t address) const
    {
        for (const Elf64_Phdr& segment : segments_) {
            if (address >= segment.p_vaddr && address - segment.p_vaddr < segment.p_filesz) {
                return segment.p_offset + (address - segment.p_vaddr);
            }
        }
        return std::nullopt;
    }

private:
    std::string_view file_;
    std::vector<Elf64_Phdr> segments_;
};

struct DynamicTable {
    std::uint64_t symbols = 0;
    std::uint64_t strings = 0;
    std::uint64_t hash = 0;
    std::uint64_t gnu_hash = 0;
};

Error refused(const char* what)
{
    return Error{HUB_BAD_REQUEST, what};
}

/// Null when the header is that of a shared object for this machine.
const char* checkHeader(const std::optional<Elf64_Ehdr>& header)
{
    if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0) {
        return "is no ELF file";
    }
    if (header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_ident[EI_DATA] != ELFDATA2LSB ||
        header->e_machine != kMachine) {
        return "is built for another machine";
    }
    if (header->e_type != ET_DYN || header->e_phentsize != sizeof(Elf64_Phdr)) {
        return "is no shared object";
    }
    return nullptr;
}

std::optional<Elf64_Phdr> readSegments(ElfImage& image, const Elf64_Ehdr& header)
{
    std::optional<Elf64_Phdr> dynamic;
    for (std::uint64_t i = 0; i < header.e_phnum; ++i) {
        const auto segment = image.at<Elf64_Phdr>(header.e_phoff + i * sizeof(Elf64_Phdr));
        if (!segment) {
            return std::nullopt;
        }
        if (segment->p_type == PT_LOAD) {
            // Mapped beyond the file's end, it would be a SIGBUS later.
            if (!image.holds(segment->p_offset, segment->p_filesz)) {
                return std::nullopt;
            }
            image.addSegment(*segment);
        } else if (segment->p_type == PT_DYNAMIC) {
            dynamic = segment;
        }
    }
    return dynamic;
}

std::optional<DynamicTable> readDynamic(const ElfImage& image, const Elf64_Phdr& segment)
{
    DynamicTable table;
    // As the dynamic linker: the table is where it will be mapped, and ends at DT_NULL.
    const auto begin = image.offsetOf(segment.p_vaddr);
    if (!begin) {
        return std::nullopt;
    }
    for (std::uint64_t offset = *begin;; offset += sizeof(Elf64_Dyn)) {
        const auto entry = image.at<Elf64_Dyn>(offset);
        if (!entry) {
            return std::nullopt;
        }
        switch (entry->d_tag) {
        case DT_NULL:
            return table;
        case DT_SYMTAB:
            table.symbols = entry->d_un.d_ptr;
            break;
        case DT_STRTAB:
            table.strings = entry->d_un.d_ptr;
            break;
        case DT_HASH:
            table.hash = entry->d_un.d_ptr;
            break;
        case DT_GNU_HASH:
            table.gnu_hash = entry->d_un.d_ptr;
            break;
        default:
            break;
        }
    }
}

/// The GNU hash table has no count: it is one past the end of the last chain.
std::optional<std::uint64_t> countGnuHash(const ElfImage& image, std::uint64_t address)
{
    const auto begin = image.offsetOf(address);
    const auto buckets = begin ? image.at<std::uint32_t>(*begin) : std::nullopt;
    const auto first = begin ? image.at<std::uint32_t>(*begin + 4) : std::nullopt;
    const auto bloom = begin ? image.at<std::uint32_t>(*begin + 8) : std::nullopt;
    if (!buckets || !first || !bloom) {
        return std::nullopt;
    }
    const std::uint64_t bucket_at = *begin + 16 + std::uint64_t{*bloom} * 8;
    const std::uint64_t chain_at = bucket_at + std::uint64_t{*buckets} * 4;
    std::uint64_t last = 0;
    for (std::uint64_t i = 0; i < *buckets; ++i) {
        const auto head = image.at<std::uint32_t>(bucket_at + i * 4);
        if (!head) {
            return std::nullopt;
        }
        last = std::max<std::uint64_t>(last, *head);
    }
    if (last < *first) {
        return *first;
    }
    for (;; ++last) {
        const auto chain = image.at<std::uint32_t>(chain_at + (last - *first) * 4);
        if (!chain) {
            return std::nullopt;
        }
        if ((*chain & 1U) != 0) {
            return last + 1;
        }
    }
}

std::optional<std::uint64_t> countSymbols(const ElfImage& image, const DynamicTable& table)
{
    std::uint64_t count = 0;
    if (table.hash != 0) {
        const auto begin = image.offsetOf(table.hash);
        const auto chains = begin ? image.at<std::uint32_t>(*begin + 4) : std::nullopt;
        if (!chains) {
            return std::nullopt;
        }
        count = *chains;
    }
    if (table.gnu_hash != 0) {
        const auto gnu = countGnuHash(image, table.gnu_hash);
        if (!gnu) {
            return std::nullopt;
        }
        count = std::max(count, *gnu);
    }
    return count <= kSymbolsMax ? std::optional(count) : std::nullopt;
}

bool isExported(const Elf64_Sym& symbol)
{
    const unsigned char binding = ELF64_ST_BIND(symbol.st_info);
    const unsigned char visibility = ELF64_ST_VISIBILITY(symbol.st_other);
    return symbol.st_shndx != SHN_UNDEF && binding != STB_LOCAL && visibility != STV_HIDDEN &&
           visibility != STV_INTERNAL;
}

} // namespace

Result<std::vector<std::string>> readElfExports(std::string_view file)
{
    ElfImage image(file);
    const auto header = image.at<Elf64_Ehdr>(0);
    if (const char* problem = checkHeader(header)) {
        return refused(problem);
    }
    const auto segment = readSegments(image, *header);
    const auto table = segment ? readDynamic(image, *segment) : std::nullopt;
    const auto count = table ? countSymbols(image, *table) : std::nullopt;
    const auto symbols = table ? image.offsetOf(table->symbols) : std::nullopt;
    const auto strings = table ? image.offsetOf(table->strings) : std::nullopt;
    if (!count || !symbols || !strings) {
        return refused("is cut off or has a damaged dynamic section");
    }
    std::vector<std::string> exports;
    for (std::uint64_t i = 1; i < *count; ++i) {
        const auto symbol = image.at<Elf64_Sym>(*symbols + i * sizeof(Elf64_Sym));
        if (!symbol) {
            return refused("has a damaged symbol table");
        }
        if (isExported(*symbol)) {
            exports.emplace_back(image.text(*strings + symbol->st_name));
        }
    }
    return exports;
}

} // namespace hub::plugin
