#include "licence/sample.hpp"

#include <fstream>
#include <iostream>
#include <map>
#include <stdexcept>

namespace hub::simulator::licence {

namespace {

constexpr const char* kUsage =
    "usage: expohub-simulator licence --name NAME --code CODE --out FILE.png|FILE.jpg\n"
    "           [--type TYPE] [--kind KIND] [--representative NAME] [--address TEXT]\n"
    "           [--valid-from YYYY-MM-DD] [--valid-until YYYY-MM-DD]\n"
    "           [--damage none|blur|crop|faint]\n"
    "\n"
    "Draws a sample of a licence whose code the simulated reader reads. TYPE is what kind of\n"
    "document it is, business_licence unless given.\n";

/// Our options and the fields that they fill.
const std::map<std::string, std::string>& fieldsByOption()
{
    static const std::map<std::string, std::string> kFields = {
        {"--name", "name"},
        {"--code", "social_credit_code"},
        {"--kind", "kind"},
        {"--representative", "representative"},
        {"--address", "address"},
        {"--valid-from", "valid_from"},
        {"--valid-until", "valid_until"}};
    return kFields;
}

struct Wish {
    Licence licence{"business_licence", {}};
    std::string out;
    Damage damage = Damage::None;
};

/// Throws std::invalid_argument naming the argument that is wrong.
Wish readWish(const std::vector<std::string>& arguments)
{
    Wish wish;
    for (std::size_t i = 1; i < arguments.size(); i += 2) {
        const std::string& option = arguments[i];
        if (i + 1 == arguments.size()) {
            throw std::invalid_argument(option + " needs a value");
        }
        const std::string& value = arguments[i + 1];
        if (const auto field = fieldsByOption().find(option); field != fieldsByOption().end()) {
            wish.licence.fields[field->second] = value;
        } else if (option == "--type") {
            wish.licence.type = value;
        } else if (option == "--out") {
            wish.out = value;
        } else if (const auto damage = parseDamage(value); option == "--damage" && damage) {
            wish.damage = *damage;
        } else {
            throw std::invalid_argument(option + " " + value + " is not known");
        }
    }
    if (!wish.out.ends_with(".png") && !wish.out.ends_with(".jpg")) {
        throw std::invalid_argument("--out must name a file that ends in .png or .jpg");
    }
    return wish;
}

} // namespace

int runSampleCommand(const std::vector<std::string>& arguments)
{
    try {
        const Wish wish = readWish(arguments);
        const Picture picture = damaged(drawSample(wish.licence), wish.damage);
        std::ofstream file(wish.out, std::ios::binary);
        file << (wish.out.ends_with(".png") ? encodePng(picture) : encodeJpeg(picture));
        file.close();
        if (!file) {
            throw std::runtime_error(wish.out + " can't be written");
        }
        return 0;
    } catch (const std::invalid_argument& mistake) {
        std::cerr << mistake.what() << "\n\n" << kUsage;
        return 2;
    } catch (const std::exception& failure) {
        std::cerr << "expohub-simulator: " << failure.what() << "\n";
        return 1;
    }
}

} // namespace hub::simulator::licence
