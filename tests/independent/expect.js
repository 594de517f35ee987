// What a check states; the first one that does not hold ends the test.
'use strict';

let held = 0;

function expect(holds, what) {
    if (!holds) {
        throw new Error(`this should hold and does not: ${what}`);
    }
    held += 1;
}

function expectEqual(expected, actual, what) {
    expect(expected === actual, `${what} is ${JSON.stringify(actual)}, must be ${JSON.stringify(expected)}`);
}

module.exports = { expect, expectEqual, count: () => held };
