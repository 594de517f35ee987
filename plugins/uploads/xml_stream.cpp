#include "uploads/xml_stream.hpp"

#include <cstddef>
#include <new>

#include <expat.h>

namespace uploads {

namespace {

// A character that no name holds.
constexpr char kNamespaceEnd = '|';
constexpr std::size_t kTokenBytesMax = 1024UL * 1024;
constexpr int kDepthMax = 64;

std::string_view localName(std::string_view name) noexcept
{
    return name.substr(name.rfind(kNamespaceEnd) + 1); // npos + 1 is 0
}

} // namespace

struct XmlStream::Parser {
    XML_Parser expat = nullptr;
    XmlHandler* handler = nullptr;
    std::size_t quiet_bytes = 0; // since something was understood: expat keeps them all
    int depth = 0;
    bool is_refused = false;

    void refuse()
    {
        is_refused = true;
        XML_StopParser(expat, XML_FALSE);
    }

    static void onOpen(void* user, const XML_Char* name, const XML_Char** attributes)
    {
        auto& parser = *static_cast<Parser*>(user);
        parser.quiet_bytes = 0;
        if (++parser.depth > kDepthMax) {
            parser.refuse();
            return;
        }
        parser.handler->open(localName(name), XmlAttributes{attributes});
    }

    static void onClose(void* user, const XML_Char* name)
    {
        auto& parser = *static_cast<Parser*>(user);
        parser.quiet_bytes = 0;
        --parser.depth;
        if (!parser.is_refused) { // an empty element closes after its opening stopped the parser
            parser.handler->close(localName(name));
        }
    }

    static void onText(void* user, const XML_Char* text, int size)
    {
        auto& parser = *static_cast<Parser*>(user);
        parser.quiet_bytes = 0;
        parser.handler->text({text, static_cast<std::size_t>(size)});
    }

    static void
    onDocumentType(void* user, const XML_Char*, const XML_Char*, const XML_Char*, int /*internal*/)
    {
        static_cast<Parser*>(user)->refuse();
    }
};

void XmlStream::ParserFree::operator()(Parser* parser) const noexcept
{
    XML_ParserFree(parser->expat);
    delete parser;
}

std::string_view XmlAttributes::operator[](std::string_view local_name) const noexcept
{
    for (const char** pair = pairs_; *pair != nullptr; pair += 2) {
        if (localName(*pair) == local_name) {
            return pair[1];
        }
    }
    return {};
}

XmlStream::XmlStream(XmlHandler& handler)
    : parser_(new Parser)
{
    parser_->expat = XML_ParserCreateNS(nullptr, kNamespaceEnd);
    if (parser_->expat == nullptr) {
        throw std::bad_alloc();
    }
    parser_->handler = &handler;
    XML_SetUserData(parser_->expat, parser_.get());
    XML_SetElementHandler(parser_->expat, &Parser::onOpen, &Parser::onClose);
    XML_SetCharacterDataHandler(parser_->expat, &Parser::onText);
    XML_SetStartDoctypeDeclHandler(parser_->expat, &Parser::onDocumentType);
}

bool XmlStream::feed(std::string_view bytes)
{
    const auto size = static_cast<int>(bytes.size());
    if (XML_Parse(parser_->expat, bytes.data(), size, XML_FALSE) != XML_STATUS_OK) {
        return false;
    }
    parser_->quiet_bytes += bytes.size();
    return parser_->quiet_bytes <= kTokenBytesMax;
}

bool XmlStream::finish()
{
    return XML_Parse(parser_->expat, "", 0, XML_TRUE) == XML_STATUS_OK;
}

} // namespace uploads
