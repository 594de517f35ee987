// Numbers to judge: made at random, the same in every run, many of them damaged. They are kept nowhere.
'use strict';

const DIGITS = '0123456789';
const SOCIAL_CREDIT = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const MRZ = DIGITS + 'ABCDEFGHIJKLMNOPQRSTUVWXYZ<';

/// A sequence of whole numbers below `end`, from a seed (mulberry32).
function makeRandom(seed) {
    let state = seed;
    return (end) => {
        state = (state + 0x6d2b79f5) | 0;
        let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
        mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
        return ((mixed ^ (mixed >>> 14)) >>> 0) % end;
    };
}

function textOf(random, alphabet, size) {
    let text = '';
    for (let i = 0; i < size; i += 1) {
        text += alphabet[random(alphabet.length)];
    }
    return text;
}

/// One character of the alphabet is another, or two neighbors are swapped.
function damaged(random, text, alphabet) {
    const at = random(text.length - 1);
    if (random(2) === 0) {
        return text.slice(0, at) + text[at + 1] + text[at] + text.slice(at + 2);
    }
    return text.slice(0, at) + alphabet[random(alphabet.length)] + text.slice(at + 1);
}

/// Every ending of the alphabet: one is right.
function endings(begin, alphabet) {
    return [...alphabet].map((end) => begin + end);
}

function socialCreditCodes(random) {
    const begins = ['11310000', '12320000', '51500000', '91310000', '93330000'];
    return Array.from({ length: 200 }, () => {
        const begin = begins[random(begins.length)] + 'HUB' + textOf(random, SOCIAL_CREDIT, 6);
        return endings(random(2) ? begin : damaged(random, begin, SOCIAL_CREDIT), SOCIAL_CREDIT);
    }).flat();
}

function residentNumbers(random) {
    return Array.from({ length: 400 }, () => {
        const day = String(1 + random(12)).padStart(2, '0') + String(1 + random(31)).padStart(2, '0');
        const begin = `1100001900${day}${textOf(random, DIGITS, 3)}`;
        return endings(random(2) ? begin : damaged(random, begin, DIGITS), `${DIGITS}X`);
    }).flat();
}

function digitsWithEndings(random, begin, size) {
    return Array.from({ length: 300 }, () => endings(begin + textOf(random, DIGITS, size), DIGITS)).flat();
}

/// Pairs of lines; the first is always the same. `seal` writes the five check digits.
function zones(random, seal) {
    const days = ['000101', '000229', '650615', '991231'];
    return Array.from({ length: 1500 }, () => {
        const number = (`HUB${textOf(random, DIGITS, 2 + random(5))}`).padEnd(9, '<');
        const personal = random(2) ? '<'.repeat(14) : textOf(random, DIGITS, 8).padEnd(14, '<');
        const line = seal(number, days[random(4)], '301231', personal, 'MF'[random(2)]);
        return random(3) ? damaged(random, line, MRZ) : line;
    });
}

/// What a number begins with, and how many digits follow.
const PHONES = [
    ['+861', 10], ['+8613', 9], ['+8615', 9], ['+8617', 9], ['+8619', 9],
    ['+852', 8], ['+8526', 7], ['+8529', 7], ['+853', 8], ['+8536', 7], ['+886', 9], ['+8869', 8],
];

/// One in ten has a digit too many.
function phones(random) {
    return Array.from({ length: 6000 }, () => {
        const [begin, size] = PHONES[random(PHONES.length)];
        return begin + textOf(random, DIGITS, size + (random(10) === 0 ? 1 : 0));
    });
}

module.exports = { makeRandom, socialCreditCodes, residentNumbers, digitsWithEndings, zones, phones };
