#include "past_edition.hpp"

#include "organizer.hpp"
#include "pictures.hpp"
#include "telling.hpp"

#include <fmt/format.h>

#include <fstream>
#include <utility>

#include <zip.h>

namespace demo {

namespace {

namespace fs = std::filesystem;

/// Past data lie in clear in the files: they are gone as soon as the hub has them.
class Folder {
public:
    explicit Folder(fs::path path)
        : path_(std::move(path))
    {
        fs::create_directories(path_);
        fs::permissions(path_, fs::perms::owner_all);
    }
    ~Folder()
    {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    const fs::path& path() const noexcept { return path_; }

private:
    fs::path path_;
};

void write(const fs::path& path, const std::vector<std::string>& lines)
{
    std::ofstream file(path, std::ios::binary);
    for (const std::string& line : lines) {
        file << line << "\r\n";
    }
    file.close();
    expect(file.good(), path.string() + " can't be written");
}

using Photos = std::vector<std::pair<std::string, std::string>>;

/// libzip reads the photos when it closes the archive.
void writeArchive(const fs::path& path, const Photos& photos)
{
    int error = 0;
    zip_t* const archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &error);
    expect(archive != nullptr, path.string() + " can't be written");
    bool is_good = true;
    for (const auto& [name, photo] : photos) {
        zip_source_t* const source = zip_source_buffer(archive, photo.data(), photo.size(), 0);
        if (source == nullptr || zip_file_add(archive, name.c_str(), source, 0) < 0) {
            zip_source_free(source);
            is_good = false;
        }
    }
    if (!is_good || zip_close(archive) != 0) {
        zip_discard(archive);
        throw std::runtime_error(path.string() + " can't be written");
    }
}

std::string wordOf(Sex sex)
{
    return sex == Sex::Male ? "男" : "女";
}

} // namespace

PastEdition::PastEdition(const Installation& installation,
                         std::string edition,
                         const Enterprise& enterprise)
    : installation_(installation)
    , edition_(std::move(edition))
    , enterprise_(enterprise)
{}

void PastEdition::bringIn(const std::vector<PastPerson>& persons) const
{
    const Folder folder(fs::path(installation_.folder) /
                        ("import-" + enterprise_.socialCreditCode()));
    writeFiles(folder.path(), persons);
    step("organizer", "has files of " + edition_ + ": organizations, persons, photos, log-ins");
    import("delegations", folder.path() / "delegations.csv");
    import("organizations", folder.path() / "organizations.csv");
    import("persons", folder.path() / "persons.csv");
    import("photos", folder.path() / "photos.zip");
    importLogins(folder.path() / "logins.csv");
}

void PastEdition::writeFiles(const fs::path& folder, const std::vector<PastPerson>& persons) const
{
    const std::string code = enterprise_.socialCreditCode();
    const std::string phone = enterprise_.phone(kPastPhone);
    write(folder / "delegations.csv",
          {"编号,名称,英文名称,地区代码",
           fmt::format("{},上海样本交易团,Sample delegation of Shanghai,31", kDelegation)});
    write(folder / "organizations.csv",
          {"单位名称,统一社会信用代码,单位类型,交易团,联系人,联系人职务,联系人手机",
           fmt::format("{},{},enterprise,{},样本甲,样本经理,{}",
                       enterprise_.name(),
                       code,
                       kDelegation,
                       phone)});
    std::vector<std::string> lines = {
        "单位,姓名,性别,证件号码,职务,手机号码,入场日期,证件标签,审核结果"};
    Photos photos;
    for (const PastPerson& one : persons) {
        const std::string card = enterprise_.residentCard(one.number, one.sex);
        lines.push_back(fmt::format("{},{},{},{},样本经理,{},all_days,visitor,{}",
                                    code,
                                    one.name,
                                    wordOf(one.sex),
                                    card,
                                    enterprise_.phone(one.number),
                                    one.has_passed ? "审核通过" : "审核不通过"));
        photos.emplace_back(card + ".png", samplePhoto());
    }
    write(folder / "persons.csv", lines);
    writeArchive(folder / "photos.zip", photos);
    write(folder / "logins.csv",
          {"账号,单位类型,手机号码", fmt::format("{},enterprise,{}", code, phone)});
}

void PastEdition::import(const std::string& kind, const fs::path& file) const
{
    const auto begun = installation_.command(
        fmt::format("import {} {} --file '{}'", kind, edition_, file.string()));
    const std::string id = begun.at("import_id");
    nlohmann::json shown;
    await("the end of the import of " + kind, [&] {
        shown = installation_.command("import show " + id);
        return shown.at("state") != "running";
    });
    expect(shown.at("state") == "done", "the import of " + kind + " failed: " + shown.dump());
    step("organizer",
         fmt::format("expohub import {} {}: {} of {} new",
                     kind,
                     edition_,
                     shown.at("total").get<int>() - shown.at("known").get<int>(),
                     shown.at("total").get<int>()));
}

void PastEdition::importLogins(const fs::path& file) const
{
    const auto said =
        installation_.command(fmt::format("import logins {} --file '{}'", edition_, file.string()));
    expect(said.at("total") == 1 && said.at("known") == 0,
           "the log-in of the past did not come in: " + said.dump());
    step("organizer",
         fmt::format("expohub import logins {}: 1 of 1 new; it proves who was there, and lets "
                     "nobody in",
                     edition_));
}

} // namespace demo
