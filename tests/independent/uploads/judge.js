// Pictures and workbooks of other people's libraries, read and written by plugins/uploads.
// usage: node judge.js CLIENT PROGRAM FOLDER
'use strict';

const { execFileSync } = require('node:child_process');
const { createRequire } = require('node:module');
const fs = require('node:fs');
const path = require('node:path');
const { expect, expectEqual, count } = require('../expect.js');

const [client, program, folder] = process.argv.slice(2);
const load = createRequire(path.join(client, 'package.json'));
const ExcelJS = load('exceljs');
const jpeg = load('jpeg-js');
const { PNG } = load('pngjs');

const file = (name) => path.join(folder, name);
const run = (words, input = '') => execFileSync(program, words, { input, encoding: 'utf8', maxBuffer: 2 ** 26 });
const lines = (text) => text.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line));

/// A smooth picture: JPEG keeps it nearly as it is.
function picture(width, height) {
    const data = Buffer.alloc(width * height * 4);
    for (let y = 0; y < height; y += 1) {
        for (let x = 0; x < width; x += 1) {
            data.set([255 * x / width, 255 * y / height, 128, 255], (y * width + x) * 4);
        }
    }
    return { width, height, data };
}

function expectNear(expected, actual, tolerance, what) {
    expectEqual(`${expected.width}x${expected.height}`, `${actual.width}x${actual.height}`, `${what}'s size`);
    let worst = 0;
    for (let i = 0; i < expected.data.length; i += 1) {
        worst = Math.max(worst, Math.abs(expected.data[i] - actual.data[i]));
    }
    expect(worst <= tolerance, `${what} differs by ${worst} at most by ${tolerance}`);
}

function judgePictures() {
    const drawn = picture(120, 160);
    // Its EXIF holds a comment that must not survive.
    const exif = Buffer.concat([Buffer.from('Exif\0\0'), Buffer.from('PLANTED-PLACE')]);
    fs.writeFileSync(file('drawn.jpg'), jpeg.encode({ ...drawn, exifBuffer: exif, comments: ['PLANTED'] }, 95).data);
    const png = new PNG({ width: 120, height: 160 });
    drawn.data.copy(png.data);
    fs.writeFileSync(file('drawn.png'), PNG.sync.write(png));
    expect(fs.readFileSync(file('drawn.jpg')).includes('PLANTED'), 'something was planted');
    for (const from of ['jpg', 'png']) {
        expectEqual(`image/${from === 'jpg' ? 'jpeg' : 'png'}\n`, run(['media', file(`drawn.${from}`)]), `drawn.${from}`);
        for (const to of ['jpeg', 'png']) {
            const out = file(`${from}.${to}`);
            const size = JSON.parse(run(['clean', to, file(`drawn.${from}`), out]));
            expectEqual('120x160', `${size.width}x${size.height}`, `the size of drawn.${from}`);
            const bytes = fs.readFileSync(out);
            expect(!bytes.includes('PLANTED'), `${out} holds nothing that was planted`);
            const read = to === 'png' ? PNG.sync.read(bytes) : jpeg.decode(bytes);
            const isExact = from === 'png' && to === 'png';
            expectNear(drawn, read, isExact ? 0 : 12, out);
        }
    }
}

async function judgeForeignWorkbook() {
    const book = new ExcelJS.Workbook();
    const hidden = book.addWorksheet('hidden');
    hidden.state = 'hidden';
    hidden.addRow(['no']);
    const sheet = book.addWorksheet('名单');
    sheet.addRow(['姓名', 'Number', 'Date', 'Formula', 'Rich', 'Truth', 'Error', 'Link']);
    const row = sheet.addRow(['张三', 7, new Date(Date.UTC(2026, 10, 5)), { formula: 'B2*2', result: 14 },
        { richText: [{ text: 'two ' }, { font: { bold: true }, text: 'parts' }] }, true, { error: '#N/A' },
        { text: 'shown', hyperlink: 'https://example.org/' }]);
    row.getCell(2).numFmt = '000000';
    sheet.getCell('A5').value = 'far';
    sheet.getCell('B5').value = new Date(Date.UTC(2026, 10, 5, 8, 30, 0));
    sheet.getCell('B5').numFmt = 'yyyy-mm-dd hh:mm';
    sheet.getCell('C5').value = 1234.5;
    sheet.getCell('C5').numFmt = '#,##0.00';
    sheet.mergeCells('D5:E5');
    sheet.getCell('D5').value = 'merged';
    await book.xlsx.writeFile(file('exceljs.xlsx'));

    const expected = [
        { row: 1, cells: ['姓名', 'Number', 'Date', 'Formula', 'Rich', 'Truth', 'Error', 'Link'].map((t) => ['text', t]) },
        { row: 2, cells: [['text', '张三'], ['number', '000007'], ['date', '2026-11-05'], ['number', '14'],
            ['text', 'two parts'], ['boolean', 'TRUE'], ['error', '#N/A'], ['text', 'shown']] },
        { row: 5, cells: [['text', 'far'], ['date', '2026-11-05 08:30:00'], ['number', '1,234.50'], ['text', 'merged']] },
    ];
    const read = lines(run(['rows', file('exceljs.xlsx')])).map(({ row: number, cells }) => ({ row: number, cells }));
    expectEqual(JSON.stringify(expected), JSON.stringify(read), 'the workbook of exceljs');
    expectEqual('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet\n',
        run(['media', file('exceljs.xlsx')]), 'its type');
}

async function judgeLongWorkbook() {
    const stream = new ExcelJS.stream.xlsx.WorkbookWriter({ filename: file('long.xlsx'), useSharedStrings: true });
    const sheet = stream.addWorksheet('long');
    const rows = 20000;
    for (let i = 1; i <= rows; i += 1) {
        sheet.addRow([`person ${i}`, i, `TEST${10000000 + i}`]).commit();
    }
    await stream.commit();
    const read = lines(run(['rows', file('long.xlsx')]));
    expectEqual(rows, read.length, 'the rows of a long workbook');
    expect(read.every(({ row, cells }) => cells[0][1] === `person ${row}` && cells[1][1] === String(row) &&
        cells[2][1] === `TEST${10000000 + row}`), 'every row is where it was written');
}

async function judgeOurWorkbook() {
    const rows = [['姓名', '号码'], ['=1+1', '110101199003071234'], ['', ' <&> '], ['a\nb', '@x']];
    run(['write', 'xlsx', file('ours.xlsx')], rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    const book = new ExcelJS.Workbook();
    await book.xlsx.readFile(file('ours.xlsx'));
    const sheet = book.getWorksheet('名单');
    expect(sheet !== undefined, 'the sheet has its name');
    rows.forEach((row, r) => row.forEach((text, c) => {
        const cell = sheet.getCell(r + 1, c + 1);
        expectEqual(text === '' ? null : text, cell.value, `the cell ${cell.address}`);
    }));
}

async function main() {
    judgePictures();
    await judgeForeignWorkbook();
    await judgeLongWorkbook();
    await judgeOurWorkbook();
    console.log(`node: ${count()} checks held`);
}

main().catch((problem) => {
    console.error(problem.message);
    process.exitCode = 1;
});
