// Photographs as a phone's camera makes them: a real picture with what the camera writes into it (EXIF).

/** A JPEG of noise, too large to be sent as it is, drawn by the browser of a page. */
async function picture(page) {
  const text = await page.evaluate(async () => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 2000, height: 1500 });
    const pen = canvas.getContext("2d");
    for (let i = 0; i < 40_000; i += 1) {
      pen.fillStyle = `rgb(${(i * 37) % 256} ${(i * 91) % 256} ${(i * 53) % 256})`;
      pen.fillRect((i * 977) % 2000, (i * 613) % 1500, 9, 9);
    }
    return canvas.toDataURL("image/jpeg", 0.95);
  });
  return Buffer.from(text.split(",")[1], "base64");
}

const long = (value) => { const bytes = Buffer.alloc(4); bytes.writeUInt32LE(value); return bytes; };
const short = (value) => { const bytes = Buffer.alloc(2); bytes.writeUInt16LE(value); return bytes; };
const words = (text) => Buffer.from(`${text}\0`);

/** A table of a TIFF file at a place: short values stand in it, long ones behind it. */
function table(at, entries) {
  let head = short(entries.length);
  let rest = Buffer.alloc(0);
  const behind = at + 2 + entries.length * 12 + 4;
  for (const [tag, kind, count, value] of entries) {
    const place = value.length > 4 ? long(behind + rest.length) : Buffer.concat([value, Buffer.alloc(4)]).subarray(0, 4);
    if (value.length > 4) rest = Buffer.concat([rest, value]);
    head = Buffer.concat([head, short(tag), short(kind), long(count), place]);
  }
  return Buffer.concat([head, Buffer.alloc(4), rest]);
}

/** Time of the camera (`2026:04:02 09:30:00`) and degrees, minutes, seconds north and east. */
function exif(taken, [north, east]) {
  const angle = (parts) => Buffer.concat(parts.flatMap((part) => [long(part), long(1)]));
  const first = (exifAt, gpsAt) => table(8, [[0x0110, 2, 9, words("HONOR 60")], [0x0112, 3, 1, short(1)], [0x8769, 4, 1, long(exifAt)], [0x8825, 4, 1, long(gpsAt)]]);
  const exifAt = 8 + first(0, 0).length;
  const time = table(exifAt, [[0x9003, 2, 20, words(taken)]]);
  const gpsAt = exifAt + time.length;
  const place = table(gpsAt, [[1, 2, 2, words("N")], [2, 5, 3, angle(north)], [3, 2, 2, words("E")], [4, 5, 3, angle(east)]]);
  return Buffer.concat([Buffer.from("Exif\0\0"), Buffer.from("II*\0"), long(8), first(exifAt, gpsAt), time, place]);
}

/** A photograph for a file chooser. */
export async function photograph(page, name, taken, place) {
  const drawn = await picture(page);
  const said = exif(taken, place);
  const size = Buffer.alloc(2);
  size.writeUInt16BE(said.length + 2);
  const buffer = Buffer.concat([drawn.subarray(0, 2), Buffer.from([0xff, 0xe1]), size, said, drawn.subarray(2)]);
  return { name, mimeType: "image/jpeg", buffer };
}
