// Judges the verdicts of plugins/identifiers with libraries of other people.
// usage: node check.js CLIENT_FOLDER VERDICTS_PROGRAM
'use strict';

const fs = require('fs');
const path = require('path');
const { execFileSync } = require('child_process');
const { createRequire } = require('module');
const { pathToFileURL } = require('url');
const { expect, expectEqual, count } = require('../expect');
const numbers = require('./numbers');

const [client_folder, verdicts_program] = process.argv.slice(2);
const client = createRequire(path.join(fs.realpathSync(client_folder), 'package.json'));
const { stdnum } = client('stdnum');
const checksum = client('stdnum/lib/cjs/util/checksum');
const phones = client('libphonenumber-js/max');

const random = numbers.makeRandom(2026);

/// What the library says of each text.
function verdictsOf(kind, texts) {
    const input = texts.map((text) => `${kind}\t${text}\n`).join('');
    const output = execFileSync(verdicts_program, { input, maxBuffer: 1 << 28, encoding: 'utf8' });
    const verdicts = output.trimEnd().split('\n').map((line) => JSON.parse(line));
    expectEqual(texts.length, verdicts.length, `the number of verdicts of ${kind}`);
    return verdicts.map((verdict, i) => ({ text: texts[i], ...verdict }));
}

/// Both kinds of verdict have to come up, or the comparison shows nothing.
function expectBoth(outcomes, kind) {
    expect(outcomes.includes(true) && outcomes.includes(false), `${kind} are taken and refused`);
}

/// stdnum looks for "0" behind the end of its alphabet, so it refuses every code whose sum is a
/// multiple of 31; of these alone the standard's own rule is worked out here.
function isSocialCreditCode(text) {
    const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
    const sum = [...text].slice(0, 17).reduce((all, c, i) => all + BigInt(alphabet.indexOf(c)) * 3n ** BigInt(i), 0n);
    return sum % 31n === 0n ? text.endsWith('0') : stdnum.CN.uscc.validate(text).isValid;
}

function judgeSocialCreditCodes() {
    // A damaged area may hold a letter, of which only the shape is judged.
    const verdicts = verdictsOf('social_credit_code', numbers.socialCreditCodes(random))
        .filter(({ text }) => /^\d{8}/.test(text));
    for (const { text, acceptable } of verdicts) {
        expectEqual(isSocialCreditCode(text), acceptable, `the verdict on ${text}`);
    }
    expectBoth(verdicts.map(({ acceptable }) => acceptable), 'social credit codes');
    expect(verdicts.some(({ text, acceptable }) => acceptable && text.endsWith('0')), 'some codes end with 0');
}

function judgeResidentNumbers() {
    const verdicts = verdictsOf('resident_card', numbers.residentNumbers(random));
    for (const { text, acceptable, codes } of verdicts) {
        // stdnum knows no areas; a future day it does not know either.
        const is_known = !codes.includes('area') && !codes.includes('birth_in_future');
        expectEqual(stdnum.CN.ric.validate(text).isValid && is_known, acceptable, `the verdict on ${text}`);
    }
    expectBoth(verdicts.map(({ acceptable }) => acceptable), 'resident numbers');
}

function judgeBankNumbers() {
    for (const size of [5, 8]) {
        for (const { text, codes } of verdictsOf('card', numbers.digitsWithEndings(random, '6299990000', size))) {
            expectEqual(checksum.luhnChecksumValidate(text), codes.length === 0, `the verdict on card ${text}`);
        }
    }
    for (const { text, codes } of verdictsOf('bank_code', numbers.digitsWithEndings(random, '9999', 7))) {
        expectEqual(checksum.mod11mod10Validate(text), codes.length === 0, `the verdict on bank code ${text}`);
    }
}

/// A second line with all its check digits.
function seal(number, birth, expiry, personal, sex) {
    const digit = (field) => String(
        [...field].reduce((sum, c, i) => sum + (c === '<' ? 0 : parseInt(c, 36)) * [7, 3, 1][i % 3], 0) % 10);
    const line = `${number}${digit(number)}UTO${birth}${digit(birth)}${sex}${expiry}${digit(expiry)}${personal}${digit(personal)}`;
    return line + digit(line.slice(0, 10) + line.slice(13, 20) + line.slice(21, 43));
}

const MRZ_CHECKS = {
    documentNumberCheckDigit: 'mrz_number_check',
    birthDateCheckDigit: 'mrz_birth_check',
    expirationDateCheckDigit: 'mrz_expiry_check',
    personalNumberCheckDigit: 'mrz_personal_check',
    compositeCheckDigit: 'mrz_composite_check',
};

function judgeZones(mrz) {
    const first = 'P<UTOTESTER<<HUB<ONE<<<<<<<<<<<<<<<<<<<<<<<<';
    const verdicts = verdictsOf('mrz', numbers.zones(random, seal).map((line) => first + line))
        // A zone with misplaced characters is refused as a whole before any check digit counts.
        .filter(({ codes }) => !codes.includes('character'));
    const judged = Object.fromEntries(Object.keys(MRZ_CHECKS).map((field) => [field, []]));
    for (const { text, codes } of verdicts) {
        const { details } = mrz.parse([first, text.slice(first.length)]);
        for (const [field, code] of Object.entries(MRZ_CHECKS)) {
            const { valid } = details.find((detail) => detail.field === field);
            expectEqual(valid, !codes.includes(code), `${field} of ${text}`);
            judged[field].push(valid);
        }
    }
    Object.entries(judged).forEach(([field, outcomes]) => expectBoth(outcomes, field));
}

/// libphonenumber knows which numbers were given out, which changes; the library only their shape. So
/// whatever is a mobile number to the one is taken by the other, and what is taken is at least possible.
function judgePhones() {
    const verdicts = verdictsOf('phone', numbers.phones(random));
    const mobile = { MOBILE: true, FIXED_LINE_OR_MOBILE: true };
    const countries = new Set();
    for (const { text, acceptable, value } of verdicts) {
        const number = phones.parsePhoneNumberFromString(text);
        if (number && number.isValid() && mobile[number.getType()]) {
            expect(acceptable, `mobile number ${text} is taken`);
            expectEqual(number.number, value, `the form of ${text}`);
            countries.add(number.country);
        }
        expect(!acceptable || (number && number.isPossible()), `${text}, which is taken, is possible`);
    }
    expectBoth(verdicts.map(({ acceptable }) => acceptable), 'phones');
    expectEqual('CN HK MO TW', [...countries].sort().join(' '), 'the list of regions with mobile numbers');
}

async function main() {
    judgeSocialCreditCodes();
    judgeResidentNumbers();
    judgeBankNumbers();
    judgeZones(await import(pathToFileURL(client.resolve('mrz')).href));
    judgePhones();
}

main().then(
    () => console.log(`${count()} passed, 0 failed`),
    (problem) => {
        console.error(problem);
        console.log(`${count()} passed, 1 failed`);
        process.exitCode = 1;
    },
);
