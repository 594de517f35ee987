#include "plugin/manifest_form.hpp"

namespace hub::plugin {

namespace {

constexpr const char* kForm = R"json({
  "type": "object",
  "additionalProperties": false,
  "required": ["id", "version", "kind", "title", "abi"],
  "properties": {
    "id": { "$ref": "#/definitions/id" },
    "version": { "type": "string", "pattern": "^[0-9]+\\.[0-9]+\\.[0-9]+(-[0-9A-Za-z.-]+)?$" },
    "kind": { "enum": ["plugin", "connector", "subscriber"] },
    "title": { "$ref": "#/definitions/title" },
    "abi": {
      "type": "object",
      "additionalProperties": false,
      "required": ["major", "minor_required"],
      "properties": {
        "major": { "type": "integer", "minimum": 1, "maximum": 65535 },
        "minor_required": { "type": "integer", "minimum": 0, "maximum": 65535 }
      }
    },
    "isolation": { "enum": ["in_process", "process"] },
    "concurrency_max": { "type": "integer", "minimum": 1, "maximum": 1024 },
    "implements": {
      "type": "array",
      "items": {
        "type": "object",
        "additionalProperties": false,
        "required": ["contract", "version", "operations"],
        "properties": {
          "contract": { "$ref": "#/definitions/id" },
          "version": { "$ref": "#/definitions/version" },
          "operations": { "allOf": [{ "$ref": "#/definitions/ids" }], "minItems": 1 },
          "products": { "$ref": "#/definitions/ids" },
          "traits": { "type": "object" }
        }
      }
    },
    "owns": { "$ref": "#/definitions/ids" },
    "calls": { "$ref": "#/definitions/ids" },
    "asks": { "$ref": "#/definitions/ids" },
    "exports": {
      "type": "array",
      "items": {
        "type": "object",
        "additionalProperties": false,
        "required": ["view", "version", "columns"],
        "properties": {
          "view": { "$ref": "#/definitions/id" },
          "version": { "$ref": "#/definitions/version" },
          "columns": { "allOf": [{ "$ref": "#/definitions/ids" }], "minItems": 1 }
        }
      }
    },
    "reads": {
      "type": "array",
      "items": {
        "type": "object",
        "additionalProperties": false,
        "required": ["library", "view", "version"],
        "properties": {
          "library": { "$ref": "#/definitions/id" },
          "view": { "$ref": "#/definitions/id" },
          "version": { "$ref": "#/definitions/version" }
        }
      }
    },
    "subscribes": {
      "type": "array",
      "items": {
        "type": "object",
        "additionalProperties": false,
        "required": ["type", "versions"],
        "properties": {
          "type": { "$ref": "#/definitions/event_type" },
          "versions": {
            "type": "array",
            "minItems": 2,
            "maxItems": 2,
            "items": { "$ref": "#/definitions/version" }
          },
          "rule": { "enum": ["block_key", "continue"] }
        }
      }
    },
    "publishes": {
      "type": "array",
      "items": {
        "type": "object",
        "additionalProperties": false,
        "required": ["type", "version"],
        "properties": {
          "type": { "$ref": "#/definitions/event_type" },
          "version": { "$ref": "#/definitions/version" }
        }
      }
    },
    "extensions": {
      "type": "array",
      "uniqueItems": true,
      "items": { "type": "string", "pattern": "^[a-z][a-z0-9_.]*/[0-9]+$" }
    },
    "keys": {
      "type": "array",
      "items": {
        "type": "object",
        "additionalProperties": false,
        "required": ["name", "title", "uses", "algorithms"],
        "properties": {
          "name": { "$ref": "#/definitions/id" },
          "title": { "$ref": "#/definitions/title" },
          "uses": {
            "type": "array",
            "minItems": 1,
            "uniqueItems": true,
            "items": {
              "enum": ["sign", "verify", "hmac", "digest", "encrypt", "decrypt", "public_part",
                       "add_public"]
            }
          },
          "algorithms": { "$ref": "#/definitions/ids" },
          "required": { "type": "boolean" }
        }
      }
    },
    "secrets": {
      "type": "array",
      "items": {
        "type": "object",
        "additionalProperties": false,
        "required": ["name", "title"],
        "properties": {
          "name": { "$ref": "#/definitions/id" },
          "title": { "$ref": "#/definitions/title" },
          "in_url": { "type": "boolean" }
        }
      }
    },
    "http": {
      "type": "object",
      "additionalProperties": false,
      "required": ["hosts", "methods"],
      "properties": {
        "hosts": {
          "type": "array",
          "uniqueItems": true,
          "items": { "type": "string", "pattern": "^[a-z0-9-]+(\\.[a-z0-9-]+)+$" }
        },
        "methods": {
          "type": "array",
          "uniqueItems": true,
          "items": { "enum": ["GET", "POST", "PUT", "PATCH", "DELETE"] }
        },
        "mask": {
          "type": "object",
          "additionalProperties": false,
          "properties": {
            "request": { "$ref": "#/definitions/names" },
            "response": { "$ref": "#/definitions/names" }
          }
        }
      }
    },
    "stream": {
      "type": "object",
      "additionalProperties": false,
      "required": ["hosts", "security"],
      "properties": {
        "hosts": {
          "type": "array",
          "uniqueItems": true,
          "items": { "type": "string", "pattern": "^[a-z0-9-]+(\\.[a-z0-9-]+)+:[1-9][0-9]{0,4}$" }
        },
        "security": {
          "type": "array",
          "minItems": 1,
          "uniqueItems": true,
          "items": { "enum": ["tls", "plain"] }
        },
        "session": { "type": "boolean" }
      }
    },
    "configuration": { "type": "object" },
    "account_configuration": { "type": "object" },
    "commands": {
      "type": "array",
      "items": {
        "type": "object",
        "additionalProperties": false,
        "required": ["name", "operation", "title"],
        "properties": {
          "name": { "type": "string", "pattern": "^[a-z][a-z0-9-]*( [a-z][a-z0-9-]*){1,3}$" },
          "operation": { "type": "string", "pattern": "^[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)+$" },
          "arguments": { "$ref": "#/definitions/ids" },
          "mode": { "enum": ["read", "unit"] },
          "file": {
            "type": "object",
            "additionalProperties": false,
            "required": ["bytes_max"],
            "properties": { "bytes_max": { "type": "integer", "minimum": 1, "maximum": 67108864 } }
          },
          "title": { "$ref": "#/definitions/title" }
        }
      }
    },
    "library": { "type": "string", "pattern": "^[A-Za-z0-9_.-]+\\.so$" },
    "sha256": { "type": "string", "pattern": "^[0-9a-f]{64}$" }
  },
  "definitions": {
    "id": { "type": "string", "pattern": "^[a-z][a-z0-9_]{0,62}$" },
    "ids": { "type": "array", "uniqueItems": true, "items": { "$ref": "#/definitions/id" } },
    "names": { "type": "array", "items": { "type": "string", "minLength": 1, "maxLength": 255 } },
    "version": { "type": "integer", "minimum": 1, "maximum": 65535 },
    "event_type": { "type": "string", "pattern": "^[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)+$" },
    "title": {
      "type": "object",
      "additionalProperties": false,
      "required": ["en", "zh"],
      "properties": {
        "en": { "type": "string", "minLength": 1, "maxLength": 200 },
        "zh": { "type": "string", "minLength": 1, "maxLength": 200 }
      }
    }
  }
})json";

} // namespace

const config::Schema& manifestForm()
{
    static const config::Schema kSchema(base::Json::parse(kForm), "the form of manifests");
    return kSchema;
}

} // namespace hub::plugin
