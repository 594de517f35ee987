#include "sample_data.hpp"

#include "sample_numbers.hpp"

#include <fstream>
#include <functional>
#include <stdexcept>
#include <string>

#include <uploads/picture.hpp>

namespace sample {

namespace {

std::string padded(std::uint64_t n)
{
    std::string text = std::to_string(n);
    return text.size() < 3 ? std::string(3 - text.size(), '0') + text : text;
}

std::ofstream opened(const std::filesystem::path& file)
{
    std::ofstream stream(file, std::ios::binary | std::ios::trunc);
    if (!stream) {
        throw std::runtime_error(file.string() + " can't be written");
    }
    return stream;
}

void close(std::ofstream& stream, const std::filesystem::path& file)
{
    stream.close();
    if (!stream) {
        throw std::runtime_error(file.string() + " could not be written whole");
    }
}

/// `count` rows in files of kRowsOfAFile, each with the header.
void writeRows(const std::filesystem::path& folder,
               const std::string& name,
               const std::string& header,
               std::uint64_t count,
               const std::function<std::string(std::uint64_t)>& row)
{
    for (std::uint64_t first = 0; first < count; first += kRowsOfAFile) {
        const auto file = folder / (name + "-" + padded(first / kRowsOfAFile + 1) + ".csv");
        std::ofstream stream = opened(file);
        stream << header << "\r\n";
        for (std::uint64_t n = first; n < count && n < first + kRowsOfAFile; ++n) {
            stream << row(n) << "\r\n";
        }
        close(stream, file);
    }
}

void writeDelegations(const std::filesystem::path& folder, const Sizes& sizes)
{
    const auto file = folder / "delegations.csv";
    std::ofstream stream = opened(file);
    stream << "编号,名称,英文名称,上级编号,地区代码\r\n";
    for (std::uint64_t n = 0; n < sizes.delegations; ++n) {
        const std::string number = padded(n + 1);
        stream << delegationId(n) << ",样本交易团" << number << ",Sample delegation " << number
               << ",,\r\n";
    }
    for (std::uint64_t n = 0; n < sizes.sub_delegations; ++n) {
        const std::string id = subDelegationId(sizes, n);
        stream << id << ",样本分团" << id.substr(7) << ",Sample sub-delegation " << id.substr(7)
               << ',' << delegationId(n % sizes.delegations) << ",\r\n";
    }
    close(stream, file);
}

std::string organizationRow(const Sizes& sizes, std::uint64_t n)
{
    const Organization one = organization(sizes, n);
    return one.name + ',' + one.social_credit_code + ",enterprise," + one.delegation_id + ',' +
           one.sub_delegation_id + ',' + one.contact + ',' + one.phone + ',' + one.mail;
}

std::string personRow(const Sizes& sizes, std::uint64_t n)
{
    const Person one = person(sizes, n);
    return socialCreditCode(one.organization) + ',' + one.name + ',' +
           (isMale(one.card) ? "男," : "女,") + one.card + ',' + one.position + ',' + one.phone +
           ",visitor";
}

/// Halves in two colors: upright, and nobody's face.
std::string photo(std::uint64_t n)
{
    constexpr std::uint32_t kWidth = 300;
    constexpr std::uint32_t kHeight = 400;
    uploads::Picture picture;
    picture.pixels.width = kWidth;
    picture.pixels.height = kHeight;
    for (std::uint32_t i = 0; i < kWidth * kHeight; ++i) {
        const bool is_left = i % kWidth < kWidth / 2;
        picture.pixels.rgb.push_back(is_left ? 200 : 30);
        picture.pixels.rgb.push_back(static_cast<unsigned char>(40 * (n % 5)));
        picture.pixels.rgb.push_back(is_left ? 30 : 200);
    }
    return uploads::clean(picture, uploads::PictureFormat::Png);
}

} // namespace

std::string delegationId(std::uint64_t n)
{
    return "sample-" + padded(n + 1);
}

std::string subDelegationId(const Sizes& sizes, std::uint64_t n)
{
    return delegationId(n % sizes.delegations) + "-" + padded(n / sizes.delegations + 1);
}

Organization organization(const Sizes& sizes, std::uint64_t n)
{
    Organization one;
    one.name = "样本单位" + std::to_string(n + 1);
    one.social_credit_code = socialCreditCode(n);
    if (sizes.sub_delegations != 0) {
        const std::uint64_t sub = scattered(sizes.seed, n) % sizes.sub_delegations;
        one.delegation_id = delegationId(sub % sizes.delegations);
        one.sub_delegation_id = subDelegationId(sizes, sub);
    } else if (sizes.delegations != 0) {
        one.delegation_id = delegationId(scattered(sizes.seed, n) % sizes.delegations);
    }
    one.contact = name(n);
    one.phone = phone(n);
    one.mail = "sample" + std::to_string(n + 1) + "@example.org";
    return one;
}

Person person(const Sizes& sizes, std::uint64_t n)
{
    return {scattered(sizes.seed, n) % sizes.organizations,
            name(scattered(sizes.seed + 1, n)),
            residentCard(n),
            "样本职务",
            phone(n)};
}

void write(const std::filesystem::path& folder, const Sizes& sizes)
{
    if ((sizes.persons != 0 && sizes.organizations == 0) ||
        (sizes.sub_delegations != 0 && sizes.delegations == 0)) {
        throw std::runtime_error("persons need organizations, sub-delegations need delegations");
    }
    std::filesystem::create_directories(folder / "photos");
    writeDelegations(folder, sizes);
    writeRows(folder,
              "organizations",
              "单位名称,统一社会信用代码,单位类型,交易团,交易分团,联系人,联系人手机,联系人邮箱",
              sizes.organizations,
              [&](std::uint64_t n) { return organizationRow(sizes, n); });
    writeRows(folder,
              "persons",
              "单位,姓名,性别,证件号码,职务,手机号码,标签",
              sizes.persons,
              [&](std::uint64_t n) { return personRow(sizes, n); });
    for (std::uint64_t n = 0; n < sizes.photos && n < sizes.persons; ++n) {
        const auto file = folder / "photos" / (residentCard(n) + ".png");
        std::ofstream stream = opened(file);
        stream << photo(n);
        close(stream, file);
    }
}

} // namespace sample
