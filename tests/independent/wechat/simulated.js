// The client drives the simulated WeChat Pay: every call of its own, over a carrier that leads to
// the loopback instead of api.mch.weixin.qq.com and keeps the bytes that came back.
'use strict';

const crypto = require('crypto');
const fs = require('fs');
const https = require('https');
const path = require('path');
const zlib = require('zlib');
const { execFileSync, spawn } = require('child_process');
const { once } = require('events');
const { expect, expectEqual } = require('../expect');
const { changed, open, proofOf } = require('./proof');

const kProvider = 'https://api.mch.weixin.qq.com';
const kPatienceMs = 20000;

class Simulator {
    constructor(program, folder) {
        this.folder = folder;
        fs.rmSync(folder, { recursive: true, force: true });
        fs.mkdirSync(folder, { recursive: true });
        execFileSync(program, ['prepare', '--folder', folder]);
        this.settings = JSON.parse(this.file('simulator.json')).wechat;
        this.ca = this.file('ca.pem');
        const trust = ['--trust', path.join(folder, 'ca.pem')];
        this.process = spawn(program, ['serve', '--folder', folder, '--port', '0', ...trust], {
            stdio: ['ignore', 'pipe', 'inherit'],
        });
    }

    file(name) {
        return fs.readFileSync(path.join(this.folder, name), 'utf8');
    }

    async ready() {
        let said = '';
        for await (const piece of this.process.stdout) {
            said += piece;
            const found = /^ready port=(\d+)\n/.exec(said);
            if (found) {
                this.port = Number(found[1]);
                return;
            }
        }
        throw new Error(`the simulator said "${said}" instead of ready`);
    }

    exchange(method, uri, headers, body) {
        return new Promise((resolve, reject) => {
            const options = { host: '127.0.0.1', port: this.port, path: uri, method, headers, ca: this.ca };
            const request = https.request({ ...options, timeout: kPatienceMs, agent: false }, (response) => {
                const pieces = [];
                response.on('data', (piece) => pieces.push(piece));
                response.on('end', () =>
                    resolve({ status: response.statusCode, headers: response.headers, bytes: Buffer.concat(pieces) }),
                );
            });
            request.on('timeout', () => request.destroy(new Error(`${method} ${uri} took too long`)));
            request.on('error', reject);
            request.end(body);
        });
    }

    async control(what, body) {
        const answer = await this.exchange('POST', `/control/${what}`, {}, JSON.stringify(body));
        expectEqual(200, answer.status, `control ${what}: ${answer.bytes}`);
        return JSON.parse(answer.bytes);
    }

    async stop() {
        if (this.process.exitCode === null && this.process.kill('SIGTERM')) {
            await once(this.process, 'exit');
        }
    }
}

/// What the client sends its requests with.
class Carrier {
    constructor(simulator) {
        this.simulator = simulator;
        this.bend = (body) => body;
    }

    async carry(method, url, headers, params) {
        expect(url.startsWith(kProvider), `the client speaks to the provider: ${url}`);
        const body = params === undefined ? undefined : this.bend(JSON.stringify(params));
        const uri = url.slice(kProvider.length);
        this.last = await this.simulator.exchange(method, uri, headers, body);
        const text = this.last.bytes.toString('utf8');
        const is_json = /^[{[]/.test(text);
        return { status: this.last.status, data: is_json ? JSON.parse(text) : this.last.bytes, error: text };
    }

    get(url, headers) {
        return this.carry('GET', url, headers);
    }

    post(url, params, headers) {
        return this.carry('POST', url, headers, params);
    }
}

/// The merchant's address for notices.
class Receiver {
    constructor(simulator) {
        this.notices = [];
        this.waiting = [];
        const tls = { key: simulator.file('server.key'), cert: simulator.file('server.pem') };
        this.server = https.createServer(tls, (request, response) => {
            const pieces = [];
            request.on('data', (piece) => pieces.push(piece));
            request.on('end', () => {
                this.notices.push({ headers: request.headers, body: Buffer.concat(pieces).toString('utf8') });
                response.writeHead(204).end();
                this.waiting.splice(0).forEach((wake) => wake());
            });
        });
    }

    async listen() {
        await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
        this.url = `https://127.0.0.1:${this.server.address().port}/notify`;
    }

    async next() {
        const deadline = Date.now() + kPatienceMs;
        while (this.notices.length === 0) {
            let timer;
            await Promise.race([
                new Promise((resolve) => this.waiting.push(resolve)),
                new Promise((_, reject) => {
                    const fail = () => reject(new Error('no notice came within 20 seconds'));
                    timer = setTimeout(fail, deadline - Date.now());
                }),
            ]).finally(() => clearTimeout(timer));
        }
        return this.notices.shift();
    }

    close() {
        return new Promise((resolve) => {
            this.server.close(resolve);
            this.server.closeAllConnections();
        });
    }
}

/// A merchant of the simulator, as its client sees itself.
function makeClient(Pay, simulator, carrier, private_key) {
    const merchant = simulator.settings.merchants[0];
    const certificate = simulator.file(merchant.certificate);
    const client = new Pay({
        appid: merchant.appids[0],
        mchid: merchant.mchid,
        publicKey: Buffer.from(certificate),
        privateKey: Buffer.from(private_key || simulator.file(merchant.private_key)),
        // As the merchant's platform shows it; the client would write it in lower case.
        serial_no: new crypto.X509Certificate(certificate).serialNumber,
        key: merchant.apiv3_key,
    });
    client.createHttp(carrier);
    return client;
}

class Play {
    constructor(Pay, simulator, receiver) {
        this.Pay = Pay;
        this.simulator = simulator;
        this.receiver = receiver;
        this.carrier = new Carrier(simulator);
        this.client = makeClient(Pay, simulator, this.carrier);
    }

    /// A success that is proved, and not when a letter is another.
    async succeed(answer, status, what) {
        const { headers, bytes } = this.carrier.last;
        expectEqual(status, answer.status, `${what}: ${answer.error}`);
        const proof = proofOf(headers, bytes.toString('utf8'));
        expect(await this.client.verifySign(proof), `${what}: the answer verifies`);
        const other = { ...proof, body: changed(proof.body || '{}') };
        expect(!(await this.client.verifySign(other)), `${what}: a changed answer does not`);
        return answer.data;
    }

    refused(answer, status, code, what) {
        expectEqual(status, answer.status, `${what}: ${answer.error}`);
        expectEqual(code, JSON.parse(answer.error).code, what);
    }

    order(number) {
        return {
            description: '胸牌费 Badge fee',
            out_trade_no: number,
            notify_url: this.receiver.url,
            amount: { total: 20000, currency: 'CNY' },
        };
    }

    async takeNotice(what) {
        const { headers, body } = await this.receiver.next();
        const proof = proofOf(headers, body);
        expect(await this.client.verifySign(proof), `${what}: the notice verifies`);
        expect(!(await this.client.verifySign({ ...proof, body: changed(body) })), `${what}: a changed one does not`);
        const { event_type, resource } = JSON.parse(body);
        const content = this.client.decipher_gcm(resource.ciphertext, resource.associated_data, resource.nonce);
        const opened = JSON.parse(open(resource, this.simulator.settings.merchants[0].apiv3_key));
        expectEqual(JSON.stringify(opened), JSON.stringify(content), `${what}: the content`);
        return { event_type, content };
    }

    async fetchCertificates() {
        await this.client.fetchCertificates();
        const numbers = Object.keys(this.Pay.certificates);
        expect(numbers.length > 0, 'the client has certificates');
        const listed = await this.client.get_certificates();
        expect(listed.every((one) => numbers.includes(one.serial_no)), 'the same as it lists');
    }

    async pay() {
        const created = await this.succeed(await this.client.transactions_native(this.order('NPM00001')), 200, 'native');
        expect(created.code_url.startsWith('weixin://'), `a code: ${created.code_url}`);
        const asked = await this.succeed(await this.client.query({ out_trade_no: 'NPM00001' }), 200, 'query');
        expectEqual('NOTPAY', asked.trade_state, 'the state of an unpaid order');
        await this.simulator.control('pay', { out_trade_no: 'NPM00001' });
        const { event_type, content } = await this.takeNotice('payment');
        expectEqual('TRANSACTION.SUCCESS', event_type, 'the event');
        expectEqual(20000, content.amount.total, 'the amount');
        const paid = await this.succeed(await this.client.query({ out_trade_no: 'NPM00001' }), 200, 'query when paid');
        expectEqual('SUCCESS', paid.trade_state, 'the state of a paid order');
        expectEqual(content.transaction_id, paid.transaction_id, 'the transaction');
        const by_id = { transaction_id: paid.transaction_id };
        const same = await this.succeed(await this.client.query(by_id), 200, 'query by transaction');
        expectEqual('NPM00001', same.out_trade_no, 'its number');
        this.refused(await this.client.query({ out_trade_no: 'NPM99999' }), 404, 'ORDER_NOT_EXIST', 'no such order');
    }

    async close() {
        await this.succeed(await this.client.transactions_native(this.order('NPM00002')), 200, 'native');
        await this.succeed(await this.client.close('NPM00002'), 204, 'close');
        const closed = await this.succeed(await this.client.query({ out_trade_no: 'NPM00002' }), 200, 'query');
        expectEqual('CLOSED', closed.trade_state, 'the state of a closed order');
    }

    async openOtherProducts() {
        const openid = { payer: { openid: this.simulator.settings.openid } };
        const jsapi = await this.client.transactions_jsapi({ ...this.order('NPM00003'), ...openid });
        const invocation = await this.succeed(jsapi, 200, 'jsapi');
        expect(invocation.package.startsWith('prepay_id='), `a prepay_id: ${invocation.package}`);
        const scene = { scene_info: { payer_client_ip: '192.0.2.1', h5_info: { type: 'Wap' } } };
        const h5 = await this.client.transactions_h5({ ...this.order('NPM00004'), ...scene });
        expect((await this.succeed(h5, 200, 'h5')).h5_url.startsWith('https://'), 'an address to open');
    }

    async refund() {
        const refund = {
            out_trade_no: 'NPM00001',
            out_refund_no: 'NPMREFUND1',
            notify_url: this.receiver.url,
            amount: { refund: 5000, total: 20000, currency: 'CNY' },
        };
        const taken = await this.succeed(await this.client.refunds(refund), 200, 'refund');
        expectEqual('PROCESSING', taken.status, 'the state of a refund');
        await this.simulator.control('clock', { advance_s: 60 });
        const { event_type, content } = await this.takeNotice('refund');
        expectEqual('REFUND.SUCCESS', event_type, 'the event');
        expectEqual(5000, content.amount.refund, 'the amount');
        const done = await this.succeed(await this.client.find_refunds('NPMREFUND1'), 200, 'refund query');
        expectEqual('SUCCESS', done.status, 'the state of a refund that is done');
        const more = { ...refund, out_refund_no: 'NPMREFUND2', amount: { ...refund.amount, refund: 20001 } };
        this.refused(await this.client.refunds(more), 400, 'INVALID_REQUEST', 'more than was paid');
    }

    /// Another platform certificate signs: the client does not know it and fetches the list.
    async rotate() {
        await this.simulator.control('provider/wechat/rotate', {});
        await this.succeed(await this.client.transactions_native(this.order('NPM00005')), 200, 'after rotation');
        await this.simulator.control('pay', { out_trade_no: 'NPM00005' });
        await this.takeNotice('payment after rotation');
    }

    async refuseForgers() {
        const { privateKey } = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
        const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
        const stranger = makeClient(this.Pay, this.simulator, this.carrier, pem);
        this.refused(await stranger.query({ out_trade_no: 'NPM00001' }), 401, 'SIGN_ERROR', "a stranger's signature");
        this.carrier.bend = (body) => body.replace('20000', '20001');
        const bent = await this.client.transactions_native(this.order('NPM00006'));
        this.refused(bent, 401, 'SIGN_ERROR', 'a body that was changed on the way');
        this.carrier.bend = (body) => body;

        const rule = { fault: 'notify_bad_signature', match: { out_trade_no: 'NPM00007' } };
        await this.simulator.control('faults', { seed: 1, rules: [rule] });
        await this.succeed(await this.client.transactions_native(this.order('NPM00007')), 200, 'native');
        await this.simulator.control('pay', { out_trade_no: 'NPM00007' });
        const { headers, body } = await this.receiver.next();
        expect(!(await this.client.verifySign(proofOf(headers, body))), 'a forged notice does not verify');
    }

    async fetchBill(kind, bill_date, mark) {
        const link = await this.succeed(await this.client[kind]({ bill_date, tar_type: 'GZIP' }), 200, kind);
        const url = new URL(link.download_url);
        await this.client.downloadBill(kProvider + url.pathname + url.search);
        expectEqual(200, this.carrier.last.status, `${kind}: the file`);
        const text = zlib.gunzipSync(this.carrier.last.bytes);
        const sha1 = crypto.createHash('sha1').update(text).digest('hex');
        expectEqual(link.hash_value.toLowerCase(), sha1, `${kind}: the SHA-1 of the unpacked file`);
        expect(text.toString('utf8').includes(mark), `${kind}: the payment is in it`);
    }

    async fetchBills(day) {
        await this.simulator.control('clock', { advance_s: 3 * 24 * 3600 });
        await this.fetchBill('tradebill', day, '`NPM00001,');
        await this.fetchBill('fundflowbill', day, '200.00');
    }
}

/// Of real time in Beijing, "2026-11-21".
function beijingDay() {
    return new Date(Date.now() + 8 * 3600 * 1000).toISOString().slice(0, 10);
}

async function driveSimulator(Pay, program, folder) {
    Pay.certificates = {};
    const simulator = new Simulator(program, folder);
    const receiver = new Receiver(simulator);
    try {
        await simulator.ready();
        await receiver.listen();
        const play = new Play(Pay, simulator, receiver);
        const day = beijingDay();
        await play.fetchCertificates();
        await play.pay();
        await play.close();
        await play.openOtherProducts();
        await play.refund();
        await play.rotate();
        await play.refuseForgers();
        await play.fetchBills(day);
    } finally {
        await receiver.close();
        await simulator.stop();
    }
    console.log('simulated: every call of the client was answered, every proof held');
}

module.exports = { driveSimulator };
