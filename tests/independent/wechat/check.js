// Judges both sides with the client that check.sh installed, and with node's own cryptography.
// usage: node check.js CLIENT_FOLDER CAPTURED_FOLDER SIMULATOR SIMULATOR_FOLDER
'use strict';

const fs = require('fs');
const path = require('path');
const { createRequire } = require('module');
const { judgeCaptured } = require('./captured');
const { driveSimulator } = require('./simulated');
const { count } = require('../expect');

const [client_folder, captured, simulator, simulator_folder] = process.argv.slice(2);
const Pay = createRequire(path.join(fs.realpathSync(client_folder), 'package.json'))('wechatpay-node-v3');

async function main() {
    await judgeCaptured(Pay, captured);
    await driveSimulator(Pay, simulator, simulator_folder);
}

main().then(
    () => console.log(`${count()} passed, 0 failed`),
    (problem) => {
        console.error(problem);
        console.log(`${count()} passed, 1 failed`);
        process.exitCode = 1;
    },
);
