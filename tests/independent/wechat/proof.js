// WeChat Pay's proofs with node's own cryptography, beside the client's: what the client leaves
// out (the tag of AES-GCM) is checked here.
'use strict';

const crypto = require('crypto');

/// `text` is what the signature is over; `key` a PEM of a key or certificate.
function isSigned(key, text, signature_base64) {
    return crypto.createVerify('RSA-SHA256').update(text).verify(key, signature_base64, 'base64');
}

/// The content of what is sealed. Throws when the tag does not fit.
function open(resource, key) {
    const bytes = Buffer.from(resource.ciphertext, 'base64');
    const cipher = crypto.createDecipheriv('aes-256-gcm', key, resource.nonce);
    cipher.setAAD(Buffer.from(resource.associated_data || ''));
    cipher.setAuthTag(bytes.subarray(bytes.length - 16));
    return Buffer.concat([cipher.update(bytes.subarray(0, bytes.length - 16)), cipher.final()]).toString('utf8');
}

/// Headers as verifySign of the client wants them, with the body as it came.
function proofOf(headers, body) {
    return {
        timestamp: headers['wechatpay-timestamp'],
        nonce: headers['wechatpay-nonce'],
        serial: headers['wechatpay-serial'],
        signature: headers['wechatpay-signature'],
        body,
    };
}

/// The text with another letter in the middle.
function changed(text) {
    const at = Math.floor(text.length / 2);
    return text.slice(0, at) + (text[at] === '7' ? '8' : '7') + text.slice(at + 1);
}

module.exports = { isSigned, open, proofOf, changed };
