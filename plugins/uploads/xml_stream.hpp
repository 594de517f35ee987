// XML read as a stream, without what makes XML dangerous: a document type, and with it every entity
// of a stranger's, ends the reading.
#pragma once

#include <memory>
#include <string_view>

namespace uploads {

/// An element's attributes, valid within XmlHandler::open.
class XmlAttributes {
public:
    explicit XmlAttributes(const char** pairs) noexcept
        : pairs_(pairs)
    {}

    /// By local name; empty when there is none.
    std::string_view operator[](std::string_view local_name) const noexcept;

private:
    const char** pairs_;
};

/// What is read, as it comes. Names are local: prefixes differ from writer to writer.
class XmlHandler {
public:
    virtual ~XmlHandler() = default;

    virtual void open(std::string_view local_name, const XmlAttributes& attributes) = 0;
    virtual void close(std::string_view local_name) = 0;
    /// Part of a text; there may be more parts.
    virtual void text(std::string_view characters) = 0;
};

class XmlStream {
public:
    /// The handler must outlive the stream. Throws std::bad_alloc.
    explicit XmlStream(XmlHandler& handler);

    /// False for what is no well-formed XML, has a document type, is nested deeper than 64
    /// elements, or holds a tag, comment or instruction of more than a mebibyte. No more is read
    /// then.
    bool feed(std::string_view bytes);
    /// False when the document is not whole.
    bool finish();

private:
    struct Parser;
    struct ParserFree {
        void operator()(Parser* parser) const noexcept;
    };

    std::unique_ptr<Parser, ParserFree> parser_;
};

} // namespace uploads
