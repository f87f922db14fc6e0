// The files of a zip archive, by name.
import { inflateRawSync } from "node:zlib";

const CENTRAL = 0x02014b50;
const STORED = 0;

/** Reads the directory at the end of an archive: `{ name: bytes }`. */
export function unzip(bytes) {
  const end = bytes.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
  const files = {};
  let at = bytes.readUInt32LE(end + 16);
  while (bytes.readUInt32LE(at) === CENTRAL) {
    const [nameLength, extra, comment] = [28, 30, 32].map((place) => bytes.readUInt16LE(at + place));
    const name = bytes.subarray(at + 46, at + 46 + nameLength).toString();
    const local = bytes.readUInt32LE(at + 42);
    const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const packed = bytes.subarray(from, from + bytes.readUInt32LE(at + 20));
    files[name] = bytes.readUInt16LE(at + 10) === STORED ? packed : inflateRawSync(packed);
    at += 46 + nameLength + extra + comment;
  }
  return files;
}
