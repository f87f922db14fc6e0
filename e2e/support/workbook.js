// A workbook of one sheet of text, as an office sends it: the smallest .xlsx that Excel and WPS open too.
import { crc32 } from "node:zlib";

const escape = (text) => String(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;");
const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const KINDS = "application/vnd.openxmlformats-officedocument.spreadsheetml";

function parts(rows) {
  const cell = (text) => `<c t="inlineStr"><is><t xml:space="preserve">${escape(text)}</t></is></c>`;
  const sheet = rows.map((row) => `<row>${row.map(cell).join("")}</row>`).join("");
  return {
    "[Content_Types].xml": `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${KINDS}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${KINDS}.worksheet+xml"/></Types>`,
    "_rels/.rels": `<Relationships xmlns="${RELATIONS}"><Relationship Id="r1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    "xl/workbook.xml": `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets><sheet name="查询清单" sheetId="1" r:id="r1"/></sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `<Relationships xmlns="${RELATIONS}"><Relationship Id="r1" Type="${OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    "xl/worksheets/sheet1.xml": `<worksheet xmlns="${MAIN}"><sheetData>${sheet}</sheetData></worksheet>`,
  };
}

/** What a zip says about a file, before its content and once more at the end. */
function entry(name, content, at) {
  const numbers = Buffer.alloc(26);
  numbers.writeUInt16LE(20, 0);
  numbers.writeUInt16LE(0x0800, 2);
  numbers.writeUInt16LE(0x21, 8);
  numbers.writeUInt32LE(crc32(content), 10);
  numbers.writeUInt32LE(content.length, 14);
  numbers.writeUInt32LE(content.length, 18);
  numbers.writeUInt16LE(name.length, 22);
  const where = Buffer.alloc(14);
  where.writeUInt32LE(at, 10);
  return {
    local: Buffer.concat([Buffer.from("PK\x03\x04"), numbers, name, content]),
    central: Buffer.concat([Buffer.from("PK\x01\x02\x14\x00", "latin1"), numbers, where, name]),
  };
}

/** Rows of text as the bytes of a workbook. */
export function workbook(rows) {
  const locals = [];
  const centrals = [];
  for (const [name, text] of Object.entries(parts(rows))) {
    const at = locals.reduce((sum, local) => sum + local.length, 0);
    const { local, central } = entry(Buffer.from(name), Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>${text}`), at);
    locals.push(local);
    centrals.push(central);
  }
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(centrals.length, 8);
  end.writeUInt16LE(centrals.length, 10);
  end.writeUInt32LE(Buffer.concat(centrals).length, 12);
  end.writeUInt32LE(Buffer.concat(locals).length, 16);
  return Buffer.concat([...locals, ...centrals, end]);
}
