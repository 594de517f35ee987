#include "code_picture.hpp"

#include <qrcodegen.hpp>

namespace demo {

std::string codePicture(const std::string& text)
{
    using qrcodegen::QrCode;
    const QrCode code = QrCode::encodeText(text.c_str(), QrCode::Ecc::LOW);
    std::string picture;
    for (int y = -2; y < code.getSize() + 2; y += 2) {
        picture += "      ";
        for (int x = -2; x < code.getSize() + 2; ++x) {
            const bool top = code.getModule(x, y);
            const bool low = code.getModule(x, y + 1);
            picture += top ? (low ? " " : "▄") : (low ? "▀" : "█");
        }
        picture += "\n";
    }
    return picture;
}

} // namespace demo
