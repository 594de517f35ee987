// What payment_wechat sent and the simulator answered, judged by the client: it signs the same
// bytes with the same key and must come to the same signature, and it verifies every answer.
'use strict';

const crypto = require('crypto');
const fs = require('fs');
const path = require('path');
const { expect, expectEqual } = require('../expect');
const { changed, isSigned, open, proofOf } = require('./proof');

function read(folder, ...names) {
    return fs.readFileSync(path.join(folder, ...names), 'utf8');
}

function readHeaders(folder, ...names) {
    const headers = {};
    for (const line of read(folder, ...names).split('\n').filter(Boolean)) {
        const colon = line.indexOf(': ');
        headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 2);
    }
    return headers;
}

/// { scheme, mchid, nonce_str, timestamp, serial_no, signature }
function parseAuthorization(header) {
    const blank = header.indexOf(' ');
    const parts = { scheme: header.slice(0, blank) };
    for (const part of header.slice(blank + 1).split(',')) {
        const equals = part.indexOf('=');
        expect(/^"[^"]*"$/.test(part.slice(equals + 1)), `a part in quotes: ${part}`);
        parts[part.slice(0, equals)] = part.slice(equals + 2, -1);
    }
    return parts;
}

class Capture {
    constructor(Pay, folder) {
        this.Pay = Pay;
        this.folder = folder;
        this.account = JSON.parse(read(folder, 'account.json'));
        this.certificate = read(folder, 'merchant_certificate.pem');
        this.client = new Pay({
            appid: this.account.appid,
            mchid: this.account.mchid,
            publicKey: Buffer.from(this.certificate),
            privateKey: Buffer.from(read(folder, 'merchant_key.pem')),
            key: this.account.api_v3_key,
        });
        // All keys are given to it; were one missing, it would ask the real provider.
        const refuse = () => Promise.reject(new Error('the client wanted to ask for certificates'));
        this.client.createHttp({ get: refuse, post: refuse });
        Pay.certificates[this.account.public_key_id] = read(folder, 'public_key.pem');
    }

    folders(pattern) {
        return fs.readdirSync(this.folder).filter((name) => pattern.test(name)).sort();
    }

    judgeRequest(name) {
        const [method, address] = read(this.folder, name, 'request.line').trim().split(' ');
        const url = new URL(address);
        const uri = url.pathname + url.search;
        const body = read(this.folder, name, 'request.body');
        const headers = readHeaders(this.folder, name, 'request.headers');
        const said = parseAuthorization(headers.authorization);
        expectEqual('WECHATPAY2-SHA256-RSA2048', said.scheme, `${name}: scheme`);
        expectEqual(this.account.mchid, said.mchid, `${name}: mchid`);
        const number = new crypto.X509Certificate(this.certificate).serialNumber;
        expectEqual(number, said.serial_no, `${name}: serial_no`);
        expectEqual(this.client.serial_no.toUpperCase(), said.serial_no, `${name}: the client's serial_no`);
        expect(said.nonce_str.length > 0 && said.nonce_str.length <= 32, `${name}: a nonce of at most 32`);
        expect(headers['accept'].includes('application/json'), `${name}: it accepts JSON`);
        expect(body === '' || headers['content-type'].startsWith('application/json'), `${name}: JSON is said`);

        const theirs = this.client.getSignature(method, said.nonce_str, said.timestamp, uri, body);
        expectEqual(theirs, said.signature, `${name}: the signature`);
        const header = this.client.getAuthorization(said.nonce_str, said.timestamp, theirs);
        const expected = parseAuthorization(header);
        expected.serial_no = expected.serial_no.toUpperCase();
        expectEqual(
            JSON.stringify(Object.entries(expected).sort()),
            JSON.stringify(Object.entries(said).sort()),
            `${name}: Authorization`,
        );

        const parts = [method, uri, said.timestamp, said.nonce_str, body];
        expect(isSigned(this.certificate, parts.join('\n') + '\n', said.signature), `${name}: it verifies`);
        for (let i = 0; i < parts.length; i += 1) {
            const others = parts.map((part, at) => (at === i ? changed(part) : part));
            expect(
                !isSigned(this.certificate, others.join('\n') + '\n', said.signature),
                `${name}: part ${i} of the signed text can't be changed`,
            );
        }
    }

    /// Errors and the files of bills are not signed. Returns whether the answer was.
    async judgeAnswer(name) {
        const headers = readHeaders(this.folder, name, 'answer.headers');
        const status = Number(read(this.folder, name, 'answer.status'));
        if (!headers['wechatpay-signature']) {
            return false;
        }
        const proof = proofOf(headers, read(this.folder, name, 'answer.body'));
        expect(status === 200 || status === 204, `${name}: a proved answer is a success`);
        expect(await this.client.verifySign(proof), `${name}: the answer verifies`);
        expect(
            !(await this.client.verifySign({ ...proof, body: changed(proof.body || '{}') })),
            `${name}: a changed answer does not`,
        );
        expect(
            !(await this.client.verifySign({ ...proof, timestamp: changed(proof.timestamp) })),
            `${name}: an answer of another time does not`,
        );
        return true;
    }

    takeCertificates(name) {
        for (const one of JSON.parse(read(this.folder, name, 'answer.body')).data) {
            const sealed = one.encrypt_certificate;
            const pem = this.client.decipher_gcm(sealed.ciphertext, sealed.associated_data, sealed.nonce);
            expectEqual(open(sealed, this.account.api_v3_key), pem, 'a certificate as the client opens it');
            const certificate = new crypto.X509Certificate(pem);
            expectEqual(one.serial_no, certificate.serialNumber, 'the number of the certificate');
            this.Pay.certificates[one.serial_no] = pem;
        }
    }

    async judgeNotice(name) {
        const body = read(this.folder, name, 'body');
        const proof = proofOf(readHeaders(this.folder, name, 'headers'), body);
        expect(await this.client.verifySign(proof), `${name}: the notice verifies`);
        expect(!(await this.client.verifySign({ ...proof, body: changed(body) })), `${name}: a changed one does not`);
        const { resource } = JSON.parse(body);
        const content = this.client.decipher_gcm(resource.ciphertext, resource.associated_data, resource.nonce);
        expectEqual(
            JSON.stringify(JSON.parse(open(resource, this.account.api_v3_key))),
            JSON.stringify(content),
            `${name}: the content as the client opens it`,
        );
        return content;
    }

    /// What the payer's app is invoked with.
    judgeInvocation() {
        const said = JSON.parse(read(this.folder, 'invocation.json'));
        const text = [said.appId, said.timeStamp, said.nonceStr, said.package, ''].join('\n');
        expectEqual(this.client.sign(text), said.paySign, 'paySign');
        expect(isSigned(this.certificate, text, said.paySign), 'paySign verifies');
        expect(!isSigned(this.certificate, changed(text), said.paySign), 'paySign of another text does not');
        expectEqual('RSA', said.signType, 'signType');
    }
}

async function judgeCaptured(Pay, folder) {
    const capture = new Capture(Pay, folder);
    const names = capture.folders(/^\d\d_/);
    const list = names.find((name) => name.endsWith('_refresh_trust'));
    capture.takeCertificates(list);
    let answers = 0;
    for (const name of names) {
        capture.judgeRequest(name);
        answers += (await capture.judgeAnswer(name)) ? 1 : 0;
    }
    const notices = capture.folders(/^notice_/);
    const contents = [];
    for (const name of notices) {
        contents.push(await capture.judgeNotice(name));
    }
    expectEqual('SUCCESS', contents[0].trade_state, 'the first notice is of the payment');
    expectEqual(20000, contents[0].amount.total, 'its amount');
    expectEqual('SUCCESS', contents[1].refund_status, 'the second notice is of the refund');
    expectEqual(5000, contents[1].amount.refund, 'its amount');
    capture.judgeInvocation();
    expect(names.length >= 11 && answers >= 10, `only ${names.length} requests, ${answers} answers`);
    console.log(`captured: ${names.length} requests, ${answers} answers, ${notices.length} notices judged`);
}

module.exports = { judgeCaptured };
